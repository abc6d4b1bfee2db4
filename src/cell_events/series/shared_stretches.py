"""Stretches that most series have at the same time: something happened to all, not to a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cell_events.series.labelled_series import Segment
from cell_events.series.stretch_panels import SeriesExtent

MOMENTS = 9
"""Moments of a stretch at which the others are looked at."""

LEAST_SERIES = 5
"""Series of which most can be told from some."""

Times = NDArray[np.float64]


def without_shared(
    segments: Sequence[Segment], extents: Mapping[str, SeriesExtent], share: float
) -> list[Segment]:
    """Leave out stretches of a kind that many series have at the same time.

    Parameters
    ----------
    segments
        Stretches of series with one time axis, such as cells of a movie.
    extents
        How far each of these series reaches; only those that are there at a time count.
    share
        A stretch is left out if, on average over its length, a larger share of at least five
        series has a stretch of its kind.
    """
    firsts = np.array([one.first for one in extents.values()])
    lasts = np.array([one.last for one in extents.values()])
    bounds: dict[str, list[tuple[float, float]]] = {}
    for one in segments:
        bounds.setdefault(one.kind, []).append((one.start, one.end))
    edges = {kind: np.array(pairs) for kind, pairs in bounds.items()}
    kept = []
    for one in segments:
        moments = np.linspace(one.start, one.end, MOMENTS)
        there = _number(firsts, lasts, moments)
        same = _number(edges[one.kind][:, 0], edges[one.kind][:, 1], moments)
        if np.mean(same / there) <= share or there.min() < LEAST_SERIES:
            kept.append(one)
    return kept


def _number(starts: Times, ends: Times, moments: Times) -> NDArray[np.int64]:
    """How many spans, their ends included, hold each moment."""
    begun = np.searchsorted(np.sort(starts), moments, side="right")
    over = np.searchsorted(np.sort(ends), moments, side="left")
    return np.asarray(begun - over, np.int64)
