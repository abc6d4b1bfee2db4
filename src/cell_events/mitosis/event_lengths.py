"""M2: learning where cells are missing from the cell map, and finding it (section III D)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cell_events.engine.seeds import numpy_generator, seeded
from cell_events.engine.tiles import tiles
from cell_events.engine.training import TrainReport, TrainSettings, train
from cell_events.mitosis.cell_masks import CellMasks, stacked_masks
from cell_events.mitosis.data_digest import data_digest
from cell_events.mitosis.event_length_network import EventLengthNetwork
from cell_events.mitosis.event_length_settings import EventLengthSettings
from cell_events.mitosis.removed_parts import linked_crops, removed_parts

__all__ = [
    "EventLengthSettings",
    "EventLengthTask",
    "TrainedEventLengths",
    "predicted_events",
    "train_event_lengths",
]

TILE, HALO = 96, 16
"""Places that a tile answers for along Y and X, and what is read around them."""

HELD_OUT = 0.1
"""Share of the crops that are not trained on."""


@dataclass(frozen=True)
class TrainedEventLengths:
    """The end of a training run."""

    network: EventLengthNetwork


class EventLengthTask:
    """Predicting what was removed from the cell map, from what was left (equations 11 and 12)."""

    def __init__(
        self, y: CellMasks, settings: EventLengthSettings, device: torch.device | str
    ) -> None:
        random = numpy_generator(settings.seed, 0, "crops")
        crops = linked_crops(y, settings.n_crops, settings.longest, settings.crop, random)
        random.shuffle(crops)
        n_held_out = int(HELD_OUT * len(crops))
        self.crops, self.held_out = crops[n_held_out:], crops[:n_held_out]
        self.settings, self.device = settings, torch.device(device)
        self.longest = min(settings.longest, max(1, y.shape[0] - 4))
        with seeded(settings.seed, 0, "initial weights", torch.device("cpu")):
            self.network = EventLengthNetwork(hidden=settings.hidden).to(self.device)

    def losses(self, step: int) -> dict[str, Tensor]:
        """Cross entropy of the event maps of a batch."""
        random = numpy_generator(self.settings.seed, step, "removed parts")
        triples = [self._triple(random) for _ in range(self.settings.batch)]
        context, events, doubtful = (self._tensor(side) for side in zip(*triples, strict=True))
        log_odds = self.network(context).float()
        loss = functional.binary_cross_entropy_with_logits(log_odds, events, weight=1 - doubtful)
        return {"total": loss}

    @torch.no_grad()
    def validate(self) -> dict[str, float]:
        """Overlap (intersection over union) of found and removed parts in the crops held out."""
        random = numpy_generator(self.settings.seed, 0, "validation")
        both = either = 0
        for crop in self.held_out:
            pair = removed_parts(crop, self.longest, self.settings.share, random)
            context, events = (self._tensor((side,)) for side in pair)
            certain = self._tensor((~crop.doubtful,)) > 0
            found, true = (self.network(context) > 0) & certain, events > 0
            both += int((found & true).sum())
            either += int((found | true).sum())
        return {"overlap": both / either} if either else {}

    def _triple(self, random: np.random.Generator) -> tuple[NDArray[np.bool_], ...]:
        """Context, events and doubtful places of a random crop, randomly mirrored and turned."""
        crop = self.crops[int(random.integers(len(self.crops)))]
        pair = removed_parts(crop, self.longest, self.settings.share, random)
        turns, mirrored = int(random.integers(4)), bool(random.integers(2))
        turns = turns if crop.labels.shape[1] == crop.labels.shape[2] else turns // 2 * 2
        return tuple(
            np.rot90(side[..., ::-1] if mirrored else side, turns, axes=(1, 2))
            for side in (*pair, crop.doubtful)
        )

    def _tensor(self, masks: tuple[NDArray[np.bool_], ...]) -> Tensor:
        """(B, T, Y, X) float32 on the device."""
        return torch.from_numpy(np.stack(masks).astype(np.float32)).to(self.device)


def train_event_lengths(
    y: CellMasks,
    settings: EventLengthSettings | None = None,
    device: torch.device | str = "cpu",
    checkpoint: str | Path | None = None,
) -> Iterator[TrainReport | TrainedEventLengths]:
    """Learn from the cell map `y` where cells are missing; the last item is the network.

    With `checkpoint`, a run that finds the file goes on from it bit by bit.

    Raises
    ------
    ValueError
        If `y` is empty, or holds no cell that is seen in three frames in a row.
    """
    settings = settings or EventLengthSettings()
    task = EventLengthTask(y, settings, device)
    training = TrainSettings(steps=settings.steps, learning_rate=settings.learning_rate)
    run = {**asdict(settings), "learns from": data_digest(y.shape, lambda t: np.asarray(y[t]) != 0)}
    yield from train(task, training, checkpoint, run)
    yield TrainedEventLengths(task.network)


def predicted_events(
    network: EventLengthNetwork,
    y: CellMasks,
    settings: EventLengthSettings | None = None,
    device: torch.device | str = "cpu",
) -> Iterator[NDArray[np.float32]]:
    """Probability (Y, X) that a normal cell is missing, frame after frame.

    It is 0 where there is a normal cell. The movie is read in windows of time, each with a margin
    that holds the longest event on either side, and in tiles: memory does not grow with its length.
    """
    settings = settings or EventLengthSettings()
    network = network.to(device).eval()
    n_frames = y.shape[0]
    margin = settings.longest + 2
    core = 2 * margin
    for start in range(0, n_frames, core):
        stop = min(start + core, n_frames)
        first, last = max(0, start - margin), min(n_frames, stop + margin) - 1
        masks = stacked_masks(y, first, last)
        yield from _event_maps(network, masks, device)[start - first : stop - first]


@torch.inference_mode()
def _event_maps(
    network: EventLengthNetwork, masks: NDArray[np.bool_], device: torch.device | str
) -> NDArray[np.float32]:
    """Probabilities (T, Y, X) of events around the masks of a window of time."""
    maps = np.zeros(masks.shape, np.float32)
    for tile in tiles(masks.shape[1:], TILE, HALO):
        context = torch.from_numpy(masks[:, *tile.window].astype(np.float32)).to(device)
        found = network(context[None])[0].float().sigmoid().cpu().numpy()
        maps[:, *tile.core] = found[:, *tile.inner]
    maps[masks] = 0
    return maps
