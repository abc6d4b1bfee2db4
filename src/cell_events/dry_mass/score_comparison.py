"""Whether a simple score would have done: baselines beside the score that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.detection_quality import average_precision, precision_and_recall
from cell_events.dry_mass.threshold import Rule, ThresholdError, threshold_of

MOSTLY = 0.8
"""Share of flagged cells in common from which two scores are said to agree."""


@dataclass(frozen=True)
class ScoreRow:
    """One score in the table of a report.

    Attributes
    ----------
    assessed, flagged
        How many cells it judges, and how many of them it flags.
    threshold
        Above which cells are flagged; None if none follows from the scores.
    shared
        Of as many cells as the chosen score flags, those with the largest scores here: the share
        that the chosen score flags too. None if it flags none.
    average_precision, precision, recall
        Where the truth is known; None otherwise.
    """

    name: str
    assessed: int
    flagged: int
    threshold: float | None
    shared: float | None
    average_precision: float | None = None
    precision: float | None = None
    recall: float | None = None


def score_row(
    name: str,
    scores: NDArray[np.float64],
    threshold: float | None,
    chosen: NDArray[np.bool_],
    abnormal: NDArray[np.bool_] | None = None,
) -> ScoreRow:
    """Judge scores (N,), NaN where not assessed, beside the cells that the chosen score flags."""
    height = np.inf if threshold is None else threshold
    flagged = int((scores > height).sum())
    assessed = int(np.isfinite(scores).sum())
    row = (name, assessed, flagged, threshold, _shared(scores, chosen))
    if abnormal is None or not abnormal.any():
        return ScoreRow(*row)
    quality = precision_and_recall(abnormal, scores, height)
    precision = quality.precision.value if flagged else None
    ap = average_precision(abnormal, scores)
    return ScoreRow(*row, ap, precision, quality.recall.value)


def usual_threshold(scores: NDArray[np.float64], rule: Rule, value: float | None) -> float | None:
    """Threshold of a baseline by the rule of the chosen score; None where that gives none."""
    try:
        return threshold_of(scores, rule, value)
    except ThresholdError:
        return None


def comparison_sentences(chosen: ScoreRow, baselines: Sequence[ScoreRow]) -> list[str]:
    """What the table says in words: which baselines agree, and which are as good."""
    sentences = [_sentence(chosen, row) for row in baselines]
    return [sentence for sentence in sentences if sentence] or [_none_as_good(chosen, baselines)]


def _sentence(chosen: ScoreRow, row: ScoreRow) -> str:
    """What a baseline is worth; "" if it is worse. Agreement counts where the truth is unknown."""
    ours, theirs = chosen.average_precision, row.average_precision
    if ours is not None and theirs is not None:
        said = (
            f"{row.name} is as good or better against the truth: average precision {theirs:.2f} "
            f"and {ours:.2f} by {chosen.name}."
        )
        return said if theirs >= ours else ""
    if row.shared is None or row.shared < MOSTLY:
        return ""
    share = 100 * row.shared
    return f"{row.name} puts {share:.0f} % of the same cells first: the simpler score may do."


def _none_as_good(chosen: ScoreRow, baselines: Sequence[ScoreRow]) -> str:
    if not baselines:
        return "No baselines were computed; ask for them to see whether a simpler score would do."
    if chosen.average_precision is not None:
        return f"No baseline is as good as {chosen.name} against the truth."
    return (
        f"No baseline puts {100 * MOSTLY:.0f} % of the same cells first; only a review can tell "
        "which score is right."
    )


def _shared(scores: NDArray[np.float64], chosen: NDArray[np.bool_]) -> float | None:
    count = int(chosen.sum())
    if not count:
        return None
    first = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")[:count]
    return float(chosen[first].mean())


def truth_of(kinds: Mapping[int, str], track_ids: Sequence[int]) -> NDArray[np.bool_]:
    """Which cells are abnormal, if cells without a kind are normal."""
    return np.array([bool(kinds.get(track_id, "")) for track_id in track_ids])
