"""How well scores tell abnormal cells from normal ones, where the truth is known.

Everything counts cells. Cells that could not be assessed have the score NaN; they are never flagged
and rank last, so that a method gains nothing by refusing to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score, precision_recall_curve


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cells, with its Wilson interval at 95 %; all NaN where there are no cells."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """Hits among all."""
        return self.hits / self.total if self.total else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end of the interval."""
        if not self.total:
            return float("nan"), float("nan")
        found = binomtest(self.hits, self.total).proportion_ci(method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """What flags are worth: abnormal ones among the flagged, flagged ones among the abnormal."""

    precision: Share
    recall: Share


def average_precision(abnormal: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Mean precision over all recalls; a random score has the share of abnormal cells."""
    _refuse_other_length(abnormal, scores)
    return float(average_precision_score(abnormal, _ranked(scores)))


def precision_and_recall(
    abnormal: NDArray[np.bool_], scores: NDArray[np.float64], threshold: float
) -> PrecisionRecall:
    """Precision and recall where cells above a threshold are flagged."""
    _refuse_other_length(abnormal, scores)
    flagged = scores > threshold
    hits = int((flagged & abnormal).sum())
    return PrecisionRecall(Share(hits, int(flagged.sum())), Share(hits, int(abnormal.sum())))


def best_recall(
    abnormal: NDArray[np.bool_], scores: NDArray[np.float64], precision: float
) -> float:
    """Largest recall that any threshold gives at this precision or a higher one; 0 if none does."""
    _refuse_other_length(abnormal, scores)
    found, recalls, thresholds = precision_recall_curve(abnormal, _ranked(scores))
    judged = np.append(np.isfinite(thresholds), False)
    return float(recalls[judged & (found >= precision)].max(initial=0.0))


def recall_of_kinds(kinds: Sequence[str], flagged: NDArray[np.bool_]) -> dict[str, Share]:
    """Share of the cells of each kind that were flagged; "" are the normal ones."""
    of_cells = np.asarray(kinds)
    return {
        str(kind): Share(int(flagged[of_cells == kind].sum()), int((of_cells == kind).sum()))
        for kind in np.unique(of_cells)
    }


def _ranked(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores with what was not assessed below everything else."""
    judged = scores[~np.isnan(scores)]
    lowest = judged.min() - 1 if judged.size else 0.0
    return np.where(np.isnan(scores), lowest, scores)


def _refuse_other_length(abnormal: NDArray[np.bool_], scores: NDArray[np.float64]) -> None:
    if abnormal.shape != scores.shape:
        raise ValueError(
            f"There are {abnormal.size} truths and {scores.size} scores; expected one of each for "
            "each cell."
        )
