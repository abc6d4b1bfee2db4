"""What the job `evaluate` has measured, as plain JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.jobs.evaluate import Evaluate, scores
from cell_events.jobs.evaluate_lists import ComparedLists, list_names
from cell_events.jobs.evaluate_notes import notes
from cell_events.matching import Matching
from cell_events.trust.evaluation import Evaluation
from cell_events.trust.intervals import Interval
from cell_events.trust.model_comparison import Comparison
from cell_events.trust.precision_recall import PrecisionRecallCurve
from cell_events.trust.quality import RECALLS, Quality

ALL_KINDS = "all"
MOST_POINTS = 500


def values_of(
    job: Evaluate,
    lists: ComparedLists,
    ours: Evaluation,
    theirs: Evaluation | None,
    compared: Comparison | None,
) -> dict[str, Any]:
    """What the job gives: counts and figures of all kinds and of each."""
    values: dict[str, Any] = {
        "radius_px": ours.settings.tolerance.radius_px,
        "frames": job.frames,
        **_measured(ours),
    }
    if theirs is not None and compared is not None:
        values["against"] = _measured(theirs)
        values["comparison"] = comparison_values(job, compared)
    values["split"] = lists.split_sentences(list_names(job))
    values["notes"] = list(notes(job, lists, ours, theirs))
    return values


def page_values(evaluation: Evaluation) -> dict[str, Any]:
    """What only the page and its JSON hold: curves, tables and single errors."""
    over_time, table = evaluation.over_time, evaluation.confusion
    matching = evaluation.matching
    return {
        "curve": _curve_values(evaluation.quality, evaluation.scores.is_ranking),
        "curves": {
            kind: _curve_values(one, evaluation.scores.is_ranking)
            for kind, one in evaluation.kinds.items()
        },
        "ranked_by": evaluation.scores.name,
        "confusion": {
            "rows": list(table.rows),
            "columns": list(table.columns),
            "counts": table.counts.tolist(),
        },
        "over_time": {
            "width": over_time.width,
            "first_frames": over_time.first_frames.tolist(),
            "hits": over_time.hits.tolist(),
            "misses": over_time.misses.tolist(),
            "false_alarms": over_time.false_alarms.tolist(),
        },
        "time_errors_frames": matching.time_errors.tolist(),
        "distances_px": matching.distances.tolist(),
    }


def comparison_values(job: Evaluate, compared: Comparison) -> dict[str, Any]:
    """A against B."""
    a, b = list_names(job)
    return {
        "A": a,
        "B": b,
        "A_minus_B": {name: _ends(one) for name, one in compared.differences.items()},
        "true_events": _counted(compared.true_events),
        "false_alarms": _counted(compared.false_alarms),
        "p_value": compared.p_value,
        "disagreements": len(compared.disagreements),
    }


def plain(value: float | None) -> float | None:
    """Give a number, or None where it is not known."""
    return None if value is None or not math.isfinite(value) else float(value)


def _measured(evaluation: Evaluation) -> dict[str, Any]:
    is_ranking, matching = evaluation.scores.is_ranking, evaluation.matching
    return {
        ALL_KINDS: _figures(matching, evaluation.quality, is_ranking),
        "kinds": {
            kind: _figures(_of_kind(matching, kind), one, is_ranking)
            for kind, one in evaluation.kinds.items()
        },
    }


def _figures(matching: Matching, quality: Quality, is_ranking: bool) -> dict[str, Any]:
    """Counts and figures, those of a ranking only where there is one; None where not defined."""
    figures = dict(quality.figures)
    if not is_ranking:
        del figures["average_precision"]
    best = quality.curve.best if is_ranking and quality.curve.true else None
    intervals = {name: _ends(one)[1:] for name, one in figures.items() if math.isfinite(one.low)}
    return {
        **scores(matching),
        "average_precision": None,
        **{name: plain(float(one.value)) for name, one in figures.items()},
        "best_f1": None if best is None else float(quality.curve.f1[best]),
        "best_threshold": None if best is None else plain(float(quality.curve.thresholds[best])),
        "intervals": intervals,
    }


def _ends(interval: Interval) -> list[float | None]:
    """Value, low and high."""
    return [plain(float(number)) for number in interval]


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    return {name.replace(" ", "_"): count for name, count in counts.items()}


def _of_kind(matching: Matching, kind: str) -> Matching:
    """Part of a matching that concerns one kind of event."""
    found = {i: event for i, event in enumerate(matching.found) if event.kind == kind}
    truth = {j: event for j, event in enumerate(matching.truth) if event.kind == kind}
    row_of = {i: row for row, i in enumerate(found)}
    column_of = {j: column for column, j in enumerate(truth)}
    pairs = tuple((row_of[i], column_of[j]) for i, j in matching.pairs if i in found)
    return Matching(tuple(found.values()), tuple(truth.values()), pairs, matching.tolerance)


def _curve_values(quality: Quality, is_ranking: bool) -> dict[str, Any]:
    """Points of a curve, at most 500 of them, and the band around it."""
    curve: PrecisionRecallCurve = quality.curve
    number = len(curve.thresholds)
    rows = np.unique(np.linspace(0, number - 1, min(number, MOST_POINTS)).round().astype(int))
    rows = rows if number else rows[:0]
    band = quality.band
    return {
        "thresholds": _plain_list(curve.thresholds[rows]),
        "precision": _plain_list(curve.precision[rows]),
        "recall": _plain_list(curve.recall[rows]),
        "f1": _plain_list(curve.f1[rows]),
        "is_ranking": is_ranking,
        "band": {
            "recall": RECALLS.tolist(),
            "low": _plain_list(np.asarray(band.low)),
            "high": _plain_list(np.asarray(band.high)),
        },
    }


def _plain_list(numbers: NDArray[np.float64]) -> list[float | None]:
    return [plain(float(number)) for number in numbers]
