"""Flag cells whose mass develops unlike that of the others: the job `anomalies detect`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cell_events.jobs.anomalies_detect import AnomaliesDetect

if TYPE_CHECKING:
    from cell_events.jobs.reports import Report


def run_anomalies_detect(job: AnomaliesDetect) -> Iterator[Report]:
    """Score, set the threshold, write flags and report."""
    raise NotImplementedError(job)
