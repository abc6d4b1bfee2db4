"""The report of `anomalies detect`: numbers, histogram, forecasts and curves of flagged cells."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell_events import __version__
from cell_events.jobs.anomalies_detect import COMBINED, AnomaliesDetect
from cell_events.jobs.anomalies_scoring import ScoredCells
from cell_events.jobs.checks import JobError
from cell_events.jobs.whole_folder import whole_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell_events.dry_mass.curves import MassCurve
    from cell_events.dry_mass.flags import CellFlag
    from cell_events.dry_mass.score_comparison import ScoreRow

REPORT, HISTOGRAM, FORECASTS = "report.json", "histogram.png", "forecasts.csv"
PAGES = "curves_*.png"
GAUSSIAN = "gaussian"


@dataclass(frozen=True)
class Findings:
    """Everything that detection has found."""

    scored: ScoredCells
    threshold: float
    flags: list[CellFlag]


def detection_report(
    job: AnomaliesDetect, found: Findings, curves: Sequence[MassCurve]
) -> dict[str, Any]:
    """What report.json says: settings, counts, and the table of scores with what it means."""
    from cell_events.dry_mass.curve_pages import MOST_DRAWN
    from cell_events.dry_mass.score_comparison import comparison_sentences

    counts = Counter(flag.flag for flag in found.flags)
    flagged = [flag for flag in found.flags if flag.flag == "flagged"]
    rows = _score_rows(job, found, curves) if job.baselines or job.truth else []
    return {
        "tracks": str(job.tracks),
        "column": job.column,
        "model": job.model and str(job.model),
        "version": __version__,
        "score": job.score,
        "rule": "given" if job.threshold is not None else job.rule,
        "value": None if job.threshold is not None else job.value,
        "threshold": found.threshold,
        "cells": len(found.flags),
        "flagged": len(flagged),
        "drawn": min(len(flagged), MOST_DRAWN) if job.report and job.pictures else 0,
        "assessed": len(found.flags) - counts["not assessed"],
        "not_assessed": counts["not assessed"],
        "reasons": dict(Counter(flag.reason for flag in flagged).most_common()),
        "causes": dict(Counter(flag.cause or "unknown" for flag in flagged).most_common()),
        "why_not_assessed": _why_not(found.flags),
        "windows": {"past": found.scored.shape.past, "future": found.scored.shape.future},
        "scores": [_plain(asdict(row)) for row in rows],
        "says": comparison_sentences(rows[0], rows[1:]) if len(rows) > 1 else [],
        "notes": found.scored.notes,
    }


def write_report(
    job: AnomaliesDetect, found: Findings, curves: Sequence[MassCurve], report: dict[str, Any]
) -> Iterator[tuple[int, int]]:
    """Write the folder, whole or not at all; yields pages done and their number."""
    from cell_events.dry_mass.forecast_table import write_forecasts

    if job.report is None:
        return
    for old in [*job.report.glob(PAGES), job.report / HISTOGRAM, job.report / FORECASTS]:
        old.unlink(missing_ok=True)
    with whole_folder(job.report, last=REPORT) as folder:
        if found.scored.forecasts:
            write_forecasts(folder / FORECASTS, found.scored.forecasts)
        if job.pictures:
            yield from _pictures(folder, found, curves, report)
        (folder / REPORT).write_text(json.dumps(report, indent=1), encoding="utf-8")


def _pictures(
    folder: Path, found: Findings, curves: Sequence[MassCurve], report: dict[str, Any]
) -> Iterator[tuple[int, int]]:
    """Draw the histogram and pages of curves; yields pages done and their number."""
    from cell_events.dry_mass.curve_pages import write_curve_pages
    from cell_events.dry_mass.flagging import score_values
    from cell_events.dry_mass.score_figure import write_score_histogram

    values, label = score_values(found.scored.scores), found.scored.label
    rule = f"{report['rule']} {report['value']:g}" if report["value"] else "as given"
    write_score_histogram(folder / HISTOGRAM, values, found.threshold, label, rule)
    flagged = [flag for flag in found.flags if flag.flag == "flagged"]
    by_track = {curve.track_id: curve for curve in curves}
    yield from write_curve_pages(folder, flagged, by_track, found.scored.forecasts)


def _score_rows(
    job: AnomaliesDetect, found: Findings, curves: Sequence[MassCurve]
) -> list[ScoreRow]:
    """The score of the job and below it the baselines.

    They take the rule of the job, or the paper's beside the combined score, which is no error.
    """
    from cell_events.dry_mass.baselines import BASELINES
    from cell_events.dry_mass.flagging import score_values
    from cell_events.dry_mass.score_comparison import score_row, usual_threshold

    ours = score_values(found.scored.scores)
    chosen, abnormal = ours > found.threshold, _truth(job, curves)
    rule, value = (job.rule, job.value) if job.score != COMBINED else (GAUSSIAN, None)
    rows = [score_row(job.score, ours, found.threshold, chosen, abnormal)]
    for name in (name for name in BASELINES if job.baselines and name != job.score):
        theirs = score_values(BASELINES[name](found.scored.shape, job.seed)(curves))
        threshold = usual_threshold(theirs, rule, value)  # type: ignore[arg-type]
        rows.append(score_row(name, theirs, threshold, chosen, abnormal))
    return rows


def _truth(job: AnomaliesDetect, curves: Sequence[MassCurve]) -> NDArray[np.bool_] | None:
    """Which cells are abnormal, where that is known."""
    if job.truth is None:
        return None
    import pandas as pd

    from cell_events.dry_mass.score_comparison import truth_of

    try:
        table = pd.read_csv(job.truth, encoding="utf-8-sig", dtype={"kind": str})
        kinds = dict(zip(table["track_id"], table["kind"].fillna(""), strict=True))
    except (OSError, ValueError, KeyError) as error:
        raise JobError(
            f"{job.truth} is no table of truth ({error}); expected a CSV with track_id and kind."
        ) from error
    return truth_of(kinds, [curve.track_id for curve in curves])


def _why_not(flags: Sequence[CellFlag]) -> dict[str, int]:
    """How many cells were not assessed for which reason, their own lengths left out."""
    reasons = (flag.reason for flag in flags if flag.flag == "not assessed")
    alike = (re.sub(r"^\d+ (\w+), (\d+) are needed$", r"fewer than \2 \1", why) for why in reasons)
    return dict(Counter(re.sub(r" frame$", " frames", why) for why in alike).most_common())


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers of Python in place of those of numpy, for JSON."""
    return {k: float(v) if isinstance(v, float) else v for k, v in values.items()}
