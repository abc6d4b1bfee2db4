"""Affiliation precision and recall of stretches (Huet, Navarro and Rossi 2022, KDD).

Time is cut half-way between true stretches. Within each part, how far what was found lies from what
is true is compared to how far a random moment of that part lies from it: 1 is perfect, 0.5 is what
chance gives, and near misses count for more than far ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Edges = NDArray[np.intp]


def stretches(mask: Mask) -> Edges:
    """First points, and those after the last points, of the stretches (K, 2) of a mask (T,)."""
    changes = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return changes.reshape(-1, 2)


def affiliation(truth: Mask, found: Mask) -> tuple[float, float]:
    """Precision and recall of the points found (T,), given those that are true (T,).

    Precision is NaN where nothing was found at all.

    Raises
    ------
    ValueError
        If nothing is true.
    """
    true = stretches(truth)
    if not len(true):
        raise ValueError("No true stretch; affiliation is for series that have at least one.")
    borders = np.concatenate([[0], (true[1:, 0] + true[:-1, 1]) / 2, [len(truth)]])
    parts = [
        _of_part(stretch, (low, high), found)
        for stretch, low, high in zip(true, borders[:-1], borders[1:], strict=True)
    ]
    precision, recall = np.array(parts).T
    told = precision[~np.isnan(precision)]
    return float(told.mean()) if told.size else float("nan"), float(recall.mean())


def _of_part(stretch: Edges, part: tuple[float, float], found: Mask) -> tuple[float, float]:
    low, high = part
    points = np.arange(len(found)) + 0.5
    inside = found & (points > low) & (points < high)
    if not inside.any():
        return float("nan"), 0.0
    at = points[inside]
    length, (begin, end) = high - low, stretch
    away = np.maximum(np.maximum(begin - at, at - end), 0)
    farthest = min(begin - low, high - end)
    as_far = end - begin + away + np.minimum(away, farthest)
    precision = np.where(away > 0, 1 - as_far / length, 1.0).mean()
    true = np.arange(begin, end) + 0.5
    missed = _distances(true, stretches(inside))
    nearer_end = np.minimum(true - low, high - true)
    recall = 1 - (missed + np.minimum(missed, nearer_end)) / length
    return float(precision), float(recall.mean())


def _distances(points: NDArray[np.float64], of: Edges) -> NDArray[np.float64]:
    """Distance of each point to the nearest stretch."""
    away = np.maximum(of[:, 0] - points[:, None], points[:, None] - of[:, 1])
    return np.asarray(np.maximum(away, 0).min(axis=1))
