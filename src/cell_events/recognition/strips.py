"""A field cut into strips, each of which is left out once when a classifier is cross-validated."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cell_events.recognition.crops import CropTable

AXES = {1: "rows", 2: "columns"}


@dataclass(frozen=True)
class Strips:
    """A field cut across one axis.

    Attributes
    ----------
    axis
        1: rows are parted; 2: columns.
    edges
        Borders of the strips, from 0 to the length of the axis.
    """

    axis: int
    edges: tuple[int, ...]

    @property
    def narrowest_px(self) -> int:
        """Width of the narrowest strip."""
        return min(after - before for before, after in pairwise(self.edges))

    def number_of(self, y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.int64]:
        """Number of the strip in which each place lies."""
        along = (y, x)[self.axis - 1]
        return np.searchsorted(self.edges[1:-1], along, side="right").astype(np.int64)

    def near(
        self, strip: int, y: NDArray[np.int64], x: NDArray[np.int64], reach_px: int
    ) -> NDArray[np.bool_]:
        """Which places lie in a strip, or less than `reach_px` from a place in it."""
        along, first, stop = (y, x)[self.axis - 1], *self.edges[strip : strip + 2]
        return np.asarray((along > first - reach_px) & (along < stop - 1 + reach_px))

    def told(self, strip: int) -> str:
        """For example "columns 0 to 143"."""
        return f"{AXES[self.axis]} {self.edges[strip]} to {self.edges[strip + 1] - 1}"


def strips_of(events: CropTable, shape: tuple[int, int, int], count: int) -> Strips:
    """Cut a movie of shape (T, Y, X) into strips with about equally many examples of events.

    Borders lie in the widest gap between examples around each quantile. Of both axes the one is
    taken whose narrowest strip is wider.
    """
    both = [
        Strips(axis, (0, *_borders(np.sort(along), shape[axis], count), shape[axis]))
        for axis, along in ((1, events.y), (2, events.x))
    ]
    return max(both, key=lambda strips: strips.narrowest_px)


def _borders(along: NDArray[np.int64], length: int, count: int) -> list[int]:
    """Inner borders between sorted places; even ones where there are fewer places than strips."""
    if len(along) < count:
        return [length * number // count for number in range(1, count)]
    gaps, borders = np.diff(along), []
    for number in range(1, count):
        first, last = (int(len(gaps) * (number + by) / count) for by in (-1 / 3, 1 / 3))
        widest = first + int(gaps[first : last + 1].argmax())
        borders.append(int(along[widest] + along[widest + 1] + 1) // 2)
    return borders
