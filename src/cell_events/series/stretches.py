"""Stretches found in probabilities, as these come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.series.labelled_series import Segment


@dataclass(frozen=True, slots=True)
class StretchSettings:
    """What makes a stretch.

    Attributes
    ----------
    threshold
        Probability from which on a point is abnormal.
    least
        Abnormal points that a stretch has at least.
    gap
        Points between two stretches of a kind that are bridged, missing ones among them.
    """

    threshold: float = 0.5
    least: int = 1
    gap: int = 2

    def __post_init__(self) -> None:
        if not 0 < self.threshold < 1:
            raise ValueError(f"threshold must lie between 0 and 1, got {self.threshold}.")
        if self.least < 1 or self.gap < 0:
            raise ValueError(
                f"least must be at least 1 and gap at least 0, got {self.least} and {self.gap}."
            )


@dataclass
class _Open:
    """A stretch that may still go on."""

    start: float
    end: float
    last: int
    points: int = 0
    total: float = 0.0
    largest: float = 0.0


class StretchFinder:
    """Finds the stretches of one kind in one series.

    A stretch begins and ends at measured points, and never lies in missing ones alone.
    """

    def __init__(self, series: str, kind: str, settings: StretchSettings) -> None:
        self._series, self._kind, self._settings = series, kind, settings
        self._open: _Open | None = None
        self._points = 0

    def add(
        self, times: NDArray[np.float64], probabilities: NDArray[np.float32]
    ) -> Iterator[Segment]:
        """Take further points (n,), NaN where nothing was measured; give stretches that ended."""
        above = np.nan_to_num(probabilities, nan=-1.0) >= self._settings.threshold
        edges = np.diff(above.astype(np.int8), prepend=0, append=0)
        runs = zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)
        for begin, end in runs:
            yield from self._closed_before(self._points + int(begin))
            self._extend(times[begin:end], probabilities[begin:end], self._points + int(end) - 1)
        self._points += len(times)
        yield from self._closed_before(self._points)

    def finish(self) -> Iterator[Segment]:
        """Give the stretch that goes on to the end of the series."""
        if self._open is not None and self._open.points >= self._settings.least:
            found = self._open
            mean = found.total / found.points
            yield Segment(self._series, self._kind, found.start, found.end, mean, found.largest)
        self._open = None

    def _closed_before(self, point: int) -> Iterator[Segment]:
        """Close the open stretch if a point is too far from it."""
        if self._open is not None and point - self._open.last - 1 > self._settings.gap:
            yield from self.finish()

    def _extend(
        self, times: NDArray[np.float64], probabilities: NDArray[np.float32], last: int
    ) -> None:
        if self._open is None:
            self._open = _Open(float(times[0]), float(times[-1]), last)
        found = self._open
        found.end, found.last = float(times[-1]), last
        found.points += len(times)
        found.total += float(probabilities.sum(dtype=np.float64))
        found.largest = max(found.largest, float(probabilities.max()))
