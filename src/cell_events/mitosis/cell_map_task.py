"""What the training loop asks for when maps are learned: crops of frames, painted from maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from cell_events.engine.seeds import numpy_generator, seeded
from cell_events.mitosis.cell_map_network import CellMapNetwork
from cell_events.mitosis.frames import FrameSource
from cell_events.mitosis.initial_weights import initialise

LEAST_WEIGHT, FULL_WEIGHT_AT = 0.05, 0.3
"""Weight of the usual grey value, and how far from it, in [0, 1], a place counts fully."""

KEPT_BYTES = 512 * 1024**2
FEWEST_FRAMES, FEWEST_MAPS = 4, 2


@dataclass(frozen=True, slots=True)
class CellMapSettings:
    """How the maps are learned.

    Attributes
    ----------
    maps, noise
        Largest number of maps and bound of the noise added to them, as in the paper.
    hidden, surroundings
        See `CellMapNetwork`.
    steps, batch, crop
        Number of batches, crops in each, and their side in places of the grid. The paper learns
        from whole frames; crops drawn where something is to be seen show more cells.
    frames
        Frames, spread over the movie, that are learned from.
    tries
        Networks that learn side by side, each with a map less than the one before. That with the
        map that looks most like normal cells is kept: with many maps, cells of different
        brightness, or their rims and middles, fall apart into several; with few, they share one
        with other things.
    as_published
        Learn without what we added: from crops anywhere, of frames as they are, in which all places
        count as much, with the network of the paper.
    checkpoint_every
        In steps.
    """

    maps: int = 6
    noise: float = 0.2
    steps: int = 250
    learning_rate: float = 1e-3
    hidden: int = 16
    surroundings: int = 32
    batch: int = 4
    crop: int = 64
    frames: int = 24
    tries: int = 3
    as_published: bool = False
    checkpoint_every: int = 50
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (
            ("maps", 2),
            ("hidden", 1),
            ("batch", 1),
            ("crop", 8),
            ("frames", 1),
            ("tries", 1),
        ):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, got {getattr(self, name)}.")
        if self.noise < 0 or self.surroundings < 0:
            raise ValueError(
                "noise and surroundings must not be negative; got "
                f"{self.noise} and {self.surroundings}."
            )


def new_network(settings: CellMapSettings, number: int) -> CellMapNetwork:
    """Network with the first weights of one of the tries, numbered from 0."""
    with seeded(settings.seed, number, "weights", torch.device("cpu")):
        network = CellMapNetwork(
            max(FEWEST_MAPS, settings.maps - number),
            settings.hidden,
            settings.noise,
            0 if settings.as_published else settings.surroundings,
            settings.as_published,
        )
        initialise(network)
    return network


class CellMapTask:
    """What the training loop asks for: paint crops of frames from their maps."""

    def __init__(
        self, frames: FrameSource, settings: CellMapSettings, device: torch.device
    ) -> None:
        self.settings, self.device = settings, device
        self.network = nn.ModuleList(new_network(settings, i) for i in range(settings.tries))
        self.network.to(device)
        stack = torch.from_numpy(_spread(frames, settings.frames)).to(device)
        with torch.no_grad():
            for network in self.networks():
                network.fit_levels(stack[:: -(-len(stack) // 8)])
            self.levelled = torch.cat([network.levelled(frame) for frame in stack.split(1)])
            self.usual = self.levelled.median()
        self.content = [_content(frame) for frame in self.levelled[:, 0].cpu().numpy()]

    def losses(self, step: int) -> dict[str, Tensor]:
        """Binary cross entropy of the painted crops of this step."""
        crops = self.crops(numpy_generator(self.settings.seed, step, "crops"))
        weight = self._weight(crops)
        with seeded(self.settings.seed, step, "maps", self.device):
            losses = [
                functional.binary_cross_entropy_with_logits(network(crops).float(), crops, weight)
                for network in self.networks()
            ]
        return {"total": torch.stack(losses).mean()}

    def networks(self) -> list[CellMapNetwork]:
        """The tries."""
        return [cast(CellMapNetwork, network) for network in self.network]

    def crops(self, random: np.random.Generator) -> Tensor:
        """Crops (B, 1, side, side) around places drawn by how much there is to be seen."""
        size = self.levelled.shape[2:]
        rows, columns = (min(self.settings.crop, side) for side in size)
        crops = []
        for _ in range(self.settings.batch):
            t = int(random.integers(len(self.levelled)))
            y, x = self._place(t, random)
            top = int(np.clip(random.integers(y - rows + 1, y + 1), 0, size[0] - rows))
            left = int(np.clip(random.integers(x - columns + 1, x + 1), 0, size[1] - columns))
            crops.append(self.levelled[t, :, top : top + rows, left : left + columns])
        return torch.stack(crops)

    def _weight(self, crops: Tensor) -> Tensor:
        """How much each place counts: cells more than the ground, whose shades nobody needs."""
        if self.settings.as_published:
            return torch.ones_like(crops)
        weight = LEAST_WEIGHT + ((crops - self.usual).abs() / FULL_WEIGHT_AT).clamp(max=1)
        return weight / weight.mean()

    def _place(self, t: int, random: np.random.Generator) -> tuple[int, int]:
        rows, columns = self.levelled.shape[2:]
        total = self.content[t][-1]
        if self.settings.as_published or not total:
            return int(random.integers(rows)), int(random.integers(columns))
        drawn = np.searchsorted(self.content[t], random.random() * total, side="right")
        y, x = divmod(min(int(drawn), rows * columns - 1), columns)
        return y, x

    def validate(self) -> dict[str, float]:
        """Nothing is held out: nobody knows the right maps."""
        return {}


def _spread(frames: FrameSource, count: int) -> NDArray[np.float32]:
    """At most `count` frames (N, 1, Y, X), evenly spread; fewer where frames are very large."""
    n_frames, _, rows, columns = frames.shape
    room = max(FEWEST_FRAMES, KEPT_BYTES // (4 * rows * columns))
    times = np.linspace(0, n_frames - 1, min(count, room, n_frames)).round().astype(int)
    return np.stack([frames.read(int(t)) for t in times])


def _content(frame: NDArray[np.float32]) -> NDArray[np.float64]:
    """Cumulated distance of the grey values (Y, X) from their median."""
    return np.asarray(np.abs(frame - np.median(frame)).cumsum(dtype=np.float64))
