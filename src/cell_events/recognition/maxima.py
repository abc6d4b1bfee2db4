"""Where exactly a map has its maxima: plateaus count once, and their middle is the place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

MAX_SHIFTS = 5
"""Moves of a window towards the centroid of the scores in it."""

FINE_PX = 0.05
"""A move shorter than this is the last."""


def highest_before(smooth: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """Maximum, within `radius`, of the pixels that come earlier in reading order.

    A plateau has one pixel that exceeds all earlier ones around it, so that it is one peak.
    """
    rows = ndimage.maximum_filter1d(smooth, 2 * radius + 1, axis=1, mode="constant", cval=-np.inf)
    return np.maximum(_before(rows, radius, 0), _before(smooth, radius, 1))


def _before(values: NDArray[np.float32], radius: int, axis: int) -> NDArray[np.float32]:
    """Maximum of the `radius` values before each one along an axis."""
    # The filter covers [i - radius // 2, i - radius // 2 + radius - 1]: look that far back.
    back = radius - radius // 2
    lead = [(back, 0) if axis == other else (0, 0) for other in range(values.ndim)]
    padded = np.pad(values, lead, constant_values=-np.inf)
    highest = ndimage.maximum_filter1d(padded, radius, axis=axis, mode="constant", cval=-np.inf)
    kept = [slice(0, length) for length in values.shape]
    return np.asarray(highest[tuple(kept)])


def centroid(
    scores: NDArray[np.float32], start: tuple[int, int], radius: int
) -> tuple[float, float]:
    """Score-weighted centroid around `start`, to which the window moves (mean shift).

    The middle of a plateau is found from any of its pixels; the result stays within `radius`.
    """
    place = np.array(start, np.float64)
    lowest, highest = place - radius, place + radius
    for _ in range(MAX_SHIFTS):
        centre = np.rint(place).astype(int)
        top, left = np.maximum(centre - radius, 0)
        weights = scores[top : centre[0] + radius + 1, left : centre[1] + radius + 1]
        weights = weights.astype(np.float64)
        rows, columns = (np.arange(size) for size in weights.shape)
        total = max(weights.sum(), np.finfo(np.float64).tiny)
        sums = [(weights.sum(1) * rows).sum(), (weights.sum(0) * columns).sum()]
        moved = np.clip(np.array(sums) / total + np.array([top, left]), lowest, highest)
        step, place = np.abs(moved - place).max(), moved
        if step < FINE_PX:
            break
    return float(place[0]), float(place[1])
