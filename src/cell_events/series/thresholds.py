"""From which probability on a point is abnormal: fitted to curves that were not learned from."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cell_events.series.affiliation import stretches

UNFITTED = 0.5
"""Threshold of a kind of which too little is known."""

LEAST_STRETCHES = 3
"""Stretches of a kind from which on its threshold is fitted."""

HIGHEST = float(np.nextafter(np.float32(1), np.float32(0)))
"""Largest threshold, below 1."""

STEPS = np.round(np.arange(0.05, 0.96, 0.05), 2)
"""Thresholds that are tried; coarse ones, so that chance in a few points decides nothing."""

AS_GOOD = 0.98
"""Share of the best overlap from which on a threshold is as good: the rest is chance."""


def fitted_thresholds(
    truth: NDArray[np.bool_], probabilities: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Thresholds (M,) at which the points found overlap best with the true ones.

    Of those whose overlap (IoU) is at least 98 % of the best, the one nearest to 0.5 counts: where
    the overlap hardly depends on the threshold, one at the edge is best by chance, and finds too
    much or too little in other series. A kind with fewer than three true stretches has 0.5.

    Parameters
    ----------
    truth
        (M, P), measured points of all series one after the other.
    probabilities
        (M, P).
    """
    return np.array(
        [_fitted(true, told) for true, told in zip(truth, probabilities, strict=True)], np.float64
    )


def quiet_threshold(highest: NDArray[np.floating], allowed: float) -> float:
    """Lowest threshold that at most a share of normal series reaches; always below 1.

    Parameters
    ----------
    highest
        (N,), largest probability of a kind in each of N series in which nothing is abnormal.
    allowed
        Share of them that may be called abnormal.

    Raises
    ------
    ValueError
        If there is no series.
    """
    if not len(highest):
        raise ValueError("There is no normal series; a threshold needs some to stay quiet in.")
    ordered = np.sort(np.asarray(highest, np.float64))[::-1]
    first_quiet = ordered[min(math.floor(allowed * len(ordered)), len(ordered) - 1)]
    return min(float(np.nextafter(np.float32(first_quiet), np.float32(1))), HIGHEST)


def _fitted(true: NDArray[np.bool_], told: NDArray[np.floating]) -> float:
    """Threshold of one kind."""
    if len(stretches(true)) < LEAST_STRETCHES:
        return UNFITTED
    found = told >= STEPS[:, None]
    overlaps = (found & true).sum(axis=1) / (found | true).sum(axis=1)
    best = STEPS[overlaps >= AS_GOOD * overlaps.max()]
    return float(best[np.abs(best - UNFITTED).argmin()])
