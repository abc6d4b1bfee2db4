"""Training one classifier of a study, with its progress."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.reports import Progress
from cell_events.jobs.train import training_report
from cell_events.movie import Movie
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.train import TrainedClassifier, train_head
from cell_events.recognition.train_settings import TrainHeadSettings
from cell_events.time_arrow.network import TimeArrowNetwork

if TYPE_CHECKING:
    import torch


def trained(
    movie: Movie,
    mask: PaintedMask,
    tap: TimeArrowNetwork,
    settings: TrainHeadSettings,
    device: torch.device,
    cache: Path | None = None,
) -> Generator[Progress, None, TrainedClassifier]:
    """Train on one movie; the classifier comes with its report on what was held out."""
    for report in train_head([movie], [mask], tap, settings, device, cache):
        if isinstance(report, TrainedClassifier):
            return report
        yield training_report(report)
    raise RuntimeError("The training ended without a classifier.")
