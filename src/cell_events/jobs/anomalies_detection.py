"""Flag cells whose mass develops unlike that of the others: the job `anomalies detect`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from cell_events.jobs.anomalies_curves import frame_interval_s, read_curves
from cell_events.jobs.anomalies_detect import COMBINED, AnomaliesDetect
from cell_events.jobs.anomalies_report import REPORT, Findings, detection_report, write_report
from cell_events.jobs.anomalies_scoring import scored_cells
from cell_events.jobs.checks import make_folder_of
from cell_events.jobs.reports import Progress, Report, Result, StagePlan
from cell_events.jobs.whole_folder import make_folder

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from cell_events.dry_mass.curves import MassCurve

READ, SCORE, COMPARE, DRAW = (
    "read the curves",
    "score the cells",
    "compare with baselines",
    "draw the report",
)
UNLIKELY = 2.0
"""Median of the combined score that growth as even as that of most cells cannot give."""

TOLD = ("score", "rule", "value", "threshold", "cells", "flagged", "assessed", "not_assessed")
"""What the result says of the report."""


def run_anomalies_detect(job: AnomaliesDetect) -> Iterator[Report]:
    """Score, set the threshold, write flags and report."""
    from cell_events.dry_mass.flags import write_flags
    from cell_events.engine.device import prepare_cpu

    job = job.settled()
    make_folder_of(job.csv)
    if job.report is not None:
        make_folder(job.report)
    prepare_cpu(threads=1)  # more threads only wait for each other in a network this small
    stages = StagePlan(_stages(job))
    tracks, curves = read_curves(job.tracks, job.column, job.pixel_size_um)
    yield stages.placed(Progress(READ, 1, 1))
    found = _findings(job, tracks, curves)
    write_flags(job.csv, found.flags)
    yield stages.placed(Progress(SCORE, 1, 1))
    report = detection_report(job, found, curves)
    if job.baselines:
        yield stages.placed(Progress(COMPARE, 1, 1))
    if job.report is not None:
        for done, total in write_report(job, found, curves, report):
            yield stages.placed(Progress(DRAW, done, total))
    yield Result(_result(job, report))


def _stages(job: AnomaliesDetect) -> list[str]:
    compare = [COMPARE] if job.baselines else []
    return [READ, SCORE, *compare, *([DRAW] if job.report is not None else [])]


def _findings(
    job: AnomaliesDetect, tracks: pd.DataFrame, curves: tuple[MassCurve, ...]
) -> Findings:
    """Scores, threshold and flags."""
    from cell_events.dry_mass.flagging import cell_flags, score_values
    from cell_events.dry_mass.threshold import threshold_of

    judged, notes = _without_outliers(job, curves)
    scored = scored_cells(job, judged, frame_interval_s(tracks))
    threshold = job.threshold
    if threshold is None:
        threshold = threshold_of(score_values(scored.scores), job.rule, job.value)  # type: ignore[arg-type]
    notes += threshold_notes(job.score, score_values(scored.scores), threshold)
    scored = replace(scored, notes=[*scored.notes, *notes])
    return Findings(scored, threshold, cell_flags(tracks, scored.scores, threshold))


def _without_outliers(
    job: AnomaliesDetect, curves: tuple[MassCurve, ...]
) -> tuple[tuple[MassCurve, ...], list[str]]:
    """The curves to judge, and what to know of the measurements that were left out."""
    from cell_events.dry_mass.outliers import without_outliers

    if not job.outliers:
        return curves, []
    kept, lost = without_outliers(curves, job.outliers)
    if not lost.any():
        return curves, []
    said = (
        f"{lost.sum()} outliers of {'one frame' if job.outliers == 1 else 'a few frames'} in "
        f"{(lost > 0).sum()} of {len(curves)} cells count as missing; with outliers "
        "of 0 frames they are kept."
    )
    return kept, [said]


def threshold_notes(score: str, values: NDArray[np.float64], threshold: float) -> list[str]:
    """What to know of a threshold that flags nobody, or of scores that nobody should have."""
    found = sorted(value for value in values.tolist() if isfinite(value))
    notes = []
    median = found[len(found) // 2]
    if score == COMBINED and median > UNLIKELY:
        notes.append(
            f"Half of the cells score above {median:.1f}, where even growth would give 0: many "
            "outlines may be wrong or cells be merged; review cells in the order of their scores."
        )
    if found[-1] <= threshold:
        notes.append(
            f"No cell is above the threshold {threshold:.4g}, and the largest score is "
            f"{found[-1]:.4g}; to see the most unusual cells, take the rule quantile."
        )
    return notes


def _result(job: AnomaliesDetect, report: dict[str, Any]) -> dict[str, Any]:
    """What the job has achieved."""
    values = {"csv": str(job.csv), **{name: report[name] for name in TOLD}}
    values["reasons"] = report["reasons"]
    if job.report is not None:
        values["report"] = str(job.report / REPORT)
    compared = {name: report[name] for name in ("scores", "says") if report[name]}
    return {**values, **compared, "notes": report["notes"]}
