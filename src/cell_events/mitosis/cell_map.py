"""M1: learn, without annotation, maps of what a movie consists of (Phan et al. 2019, III C)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from cell_events.engine.training import TrainReport, TrainSettings, train
from cell_events.mitosis.binary_maps import all_maps, binary_maps
from cell_events.mitosis.cell_map_network import CellMapNetwork
from cell_events.mitosis.cell_map_task import CellMapSettings, CellMapTask
from cell_events.mitosis.data_digest import data_digest
from cell_events.mitosis.frames import FrameSource
from cell_events.mitosis.map_choice import map_qualities

__all__ = [
    "CellMapSettings",
    "TrainedCellMap",
    "all_maps",
    "binary_maps",
    "train_cell_map",
    "training_plan",
]


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

    Of several networks that learn side by side, that one is kept whose best map has the highest
    score of `map_qualities`.

    Parameters
    ----------
    frames
        One map of grey values in [0, 1] for each frame.
    checkpoint
        File that keeps the state of the run, which goes on from it bit by bit.
    """
    settings = settings or CellMapSettings()
    task = CellMapTask(frames, settings, torch.device(device))
    run = {**asdict(settings), "learns from": data_digest(frames.shape, frames.read)}
    yield from train(task, training_plan(settings), checkpoint, run)
    networks = [network.eval() for network in task.networks()]
    yield TrainedCellMap(max(networks, key=lambda network: _best_score(network, frames)))


def training_plan(settings: CellMapSettings) -> TrainSettings:
    """How the training loop is to go about it; the learning rate ends at 0, so that maps settle."""
    return TrainSettings(
        steps=settings.steps,
        learning_rate=settings.learning_rate,
        optimizer="rmsprop",
        precision="float32",
        checkpoint_every=settings.checkpoint_every,
    )


def _best_score(network: CellMapNetwork, frames: FrameSource) -> float:
    return max(quality.score for quality in map_qualities(network, frames))
