"""Learn to forecast the mass of cells: the job `anomalies train`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cell_events.jobs.anomalies_train import AnomaliesTrain

if TYPE_CHECKING:
    from cell_events.jobs.reports import Report


def run_anomalies_train(job: AnomaliesTrain) -> Iterator[Report]:
    """Read, cut windows, learn, reporting every batch, then write the model file."""
    raise NotImplementedError(job)
