"""Precision and recall at every threshold, average precision, and the best F1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PrecisionRecallCurve:
    """What remains of the found events at each threshold.

    Attributes
    ----------
    thresholds
        (N,) different scores, the highest first; events with at least this score remain.
    hits, found
        (N,) how many of the remaining events are true ones, and how many remain.
    true
        Number of true events.
    """

    thresholds: Numbers
    hits: Numbers
    found: Numbers
    true: float

    @property
    def precision(self) -> Numbers:
        """Share of the remaining events that are true, (N,)."""
        return self.hits / self.found

    @property
    def recall(self) -> Numbers:
        """Share of the true events that remain, (N,); NaN if there is no true event."""
        return self.hits / self.true if self.true else np.full(len(self.hits), np.nan)

    @property
    def f1(self) -> Numbers:
        """Harmonic mean of precision and recall, (N,)."""
        return 2 * self.hits / (self.found + self.true)

    @property
    def average_precision(self) -> float:
        """Sum over the thresholds of precision times the recall gained; NaN without a true event.

        Nothing is interpolated, and true events that no threshold finds count as lost (Everingham
        et al. 2010 without their interpolation; as scikit-learn defines it).
        """
        if not self.true:
            return float("nan")
        gained = np.diff(self.recall, prepend=0.0)
        return float((gained * self.precision).sum())

    @property
    def best(self) -> int | None:
        """Index of the threshold with the best F1, the highest of equals; None without any."""
        return int(np.argmax(self.f1)) if len(self.thresholds) else None

    def at(self, threshold: float | None) -> int | None:
        """Index of the lowest threshold that is not below this one; None if nothing remains.

        None stands for no threshold: all found events remain.
        """
        least = -np.inf if threshold is None else threshold
        remaining = int(np.searchsorted(-self.thresholds, -least, side="right"))
        return remaining - 1 if remaining else None

    def precision_at(self, recalls: Numbers) -> Numbers:
        """Precision at the highest threshold that reaches each recall; NaN where none does."""
        if not len(self.thresholds) or not self.true:
            return np.full(len(recalls), np.nan)
        first = np.searchsorted(self.recall, recalls - 1e-12, side="left")
        reached = first < len(self.recall)
        return np.where(reached, self.precision[np.minimum(first, len(self.recall) - 1)], np.nan)


def curve_of(
    scores: Numbers,
    is_found: NDArray[np.bool_],
    is_true: NDArray[np.bool_],
    weights: Numbers | None = None,
) -> PrecisionRecallCurve:
    """Count at every threshold; events of equal score come together.

    Parameters
    ----------
    scores
        (N,) of pairs, false alarms and misses, the highest first; those of misses do not count.
    is_found, is_true
        (N,) a pair is both, a false alarm found only, a miss true only.
    weights
        (N,) how often each counts; once by default.
    """
    weights = np.ones(len(scores)) if weights is None else weights
    hits = np.cumsum(np.where(is_found & is_true, weights, 0.0))
    found = np.cumsum(np.where(is_found, weights, 0.0))
    ranked = np.flatnonzero(is_found)
    is_last = np.append(scores[ranked][1:] != scores[ranked][:-1], True)[: len(ranked)]
    rows = ranked[is_last]
    rows = rows[found[rows] > 0]
    return PrecisionRecallCurve(
        scores[rows], hits[rows], found[rows], float(weights[is_true].sum())
    )
