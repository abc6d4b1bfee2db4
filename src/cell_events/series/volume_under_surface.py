"""VUS-PR: the area under precision over recall, for labels widened more and more.

After Paparrizos et al. 2022 (VLDB): a point near a true stretch counts in part, so that a score
that rises a little early or late is not all wrong, and no single width has to be chosen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.series.affiliation import Edges, Mask, stretches

THRESHOLDS = 250


def vus_pr(truth: Mask, scores: NDArray[np.floating], widest: int = 100) -> float:
    """Volume under the surface of precision over recall of scores (T,), given the truth (T,).

    Parameters
    ----------
    widest
        Largest width of the border of a stretch, in points, half of it on each side.

    Raises
    ------
    ValueError
        If nothing is true, or scores are not finite.
    """
    if not truth.any() or not np.isfinite(scores).all():
        raise ValueError("No true stretch, or a score that is no number; VUS-PR needs both.")
    order = np.argsort(-scores, kind="stable")
    ranks = np.linspace(0, len(scores) - 1, THRESHOLDS).astype(int)
    thresholds = scores[order][ranks]
    # All points with the same score are flagged together.
    flagged = np.searchsorted(-scores[order], -thresholds, side="right")
    true = stretches(truth)
    areas = [
        _area(truth, true, width, scores, order, thresholds, flagged) for width in range(widest + 1)
    ]
    return float(np.mean(areas))


def _area(
    truth: Mask,
    true: Edges,
    width: int,
    scores: NDArray[np.floating],
    order: NDArray[np.intp],
    thresholds: NDArray[np.floating],
    flagged: NDArray[np.intp],
) -> float:
    """Area under precision over recall with borders of one width."""
    borders = np.where(truth, 0, _widened(truth, true, width))
    in_borders = np.cumsum(borders[order])[flagged - 1]
    hits = np.cumsum(truth[order])[flagged - 1] + in_borders
    highest = np.sort([scores[first:after].max() for first, after in _merged(truth, true, width)])
    exist = 1 - np.searchsorted(highest, thresholds, side="left") / len(highest)
    recall = np.minimum(hits / (truth.sum() + in_borders / 2), 1) * exist
    return float(np.diff(recall, prepend=0.0) @ (hits / flagged))


def _widened(truth: Mask, true: Edges, width: int) -> NDArray[np.float64]:
    """Labels (T,) with borders that fall off from 1."""
    labels = truth.astype(float)
    away = np.arange(1, width // 2 + 1)
    parts = np.sqrt(1 - away / max(width, 1))
    for first, after in true:
        before = away <= first
        labels[first - away[before]] += parts[before]
        behind = after - 1 + away < len(labels)
        labels[after - 1 + away[behind]] += parts[behind]
    return np.asarray(np.minimum(labels, 1.0))


def _merged(truth: Mask, true: Edges, width: int) -> list[tuple[int, int]]:
    """Stretches with their borders; those that touch are one."""
    half = width // 2
    first = np.maximum(true[:, 0] - half, 0)
    after = np.minimum(true[:, 1] + half, len(truth))
    apart = true[1:, 0] - half > true[:-1, 1] - 1 + half
    begins = first[np.concatenate([[True], apart])]
    ends = after[np.concatenate([apart, [True]])]
    return list(zip(begins.tolist(), ends.tolist(), strict=True))
