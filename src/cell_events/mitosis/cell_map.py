"""M1: learn, without annotation, maps of what a movie consists of (Phan et al. 2019, III C)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage

from cell_events.engine.training import TrainReport, TrainSettings, train
from cell_events.mitosis.cell_map_network import CellMapNetwork
from cell_events.mitosis.cell_map_task import CellMapSettings, CellMapTask
from cell_events.mitosis.frames import FrameSource

__all__ = ["CellMapSettings", "TrainedCellMap", "all_maps", "binary_maps", "train_cell_map"]

LARGEST_HOLE = 150
"""In places of the grid. A map that is a ring in each cell so becomes a map of cells."""


@dataclass(frozen=True)
class TrainedCellMap:
    """The end of a training run."""

    network: CellMapNetwork


def train_cell_map(
    frames: FrameSource,
    settings: CellMapSettings | None = None,
    device: torch.device | str = "cpu",
    checkpoint: str | Path | None = None,
) -> Iterator[TrainReport | TrainedCellMap]:
    """Learn maps of what a movie shows; the last item is the `TrainedCellMap`.

    Parameters
    ----------
    frames
        One map of grey values in [0, 1] for each frame.
    checkpoint
        File that keeps the state of the run, which goes on from it bit by bit.
    """
    settings = settings or CellMapSettings()
    task = CellMapTask(frames, settings, torch.device(device))
    plan = TrainSettings(
        steps=settings.steps,
        learning_rate=settings.learning_rate,
        optimizer="rmsprop",
        precision="float32",
        checkpoint_every=settings.checkpoint_every,
    )
    yield from train(task, plan, checkpoint, run=asdict(settings))
    yield TrainedCellMap(task.network)


def all_maps(
    network: CellMapNetwork, frame: NDArray[np.float32], erosion: int = 1
) -> NDArray[np.bool_]:
    """Binary maps (n, Y, X) of a frame (1, Y, X): small holes are filled, then rims eroded.

    Beyond the border, every map goes on.
    """
    filled = np.stack([_filled(binary) for binary in binary_maps(network, frame)])
    if not erosion:
        return filled
    cross = ndimage.generate_binary_structure(2, 1)[None]
    return np.asarray(ndimage.binary_erosion(filled, cross, iterations=erosion, border_value=1))


def binary_maps(network: CellMapNetwork, frame: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where each map is the strongest, (n, Y, X); each place belongs to exactly one map."""
    device = next(network.parameters()).device
    with torch.inference_mode():
        strongest = network.strongest(torch.tensor(frame, device=device)[None])[0].cpu().numpy()
    return np.asarray(strongest == np.arange(network.maps)[:, None, None])


def _filled(binary: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A map (Y, X) with its holes filled, but for those too large to lie within a cell."""
    holes, count = ndimage.label(~binary)
    size = np.bincount(holes.ravel(), minlength=count + 1)
    is_hole = size <= LARGEST_HOLE
    for rim in (holes[0], holes[-1], holes[:, 0], holes[:, -1]):
        is_hole[rim] = False
    is_hole[0] = False
    return np.asarray(binary | is_hole[holes])
