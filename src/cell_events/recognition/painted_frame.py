"""Counting painted pixels in squares, at once for a whole grid of places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Grid:
    """Places in a frame: every one of some rows with every one of some columns."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return len(self.rows), len(self.columns)


@dataclass(frozen=True)
class PaintedFrame:
    """The paint of one frame, ready to be summed up in squares of any size.

    Attributes
    ----------
    sums
        For each painted value that the frame holds, integral images (3, Y + 1, X + 1) of its
        pixels, of their rows and of their columns.
    """

    shape: tuple[int, int]
    done: bool
    sums: dict[int, NDArray[np.int64]]

    @classmethod
    def of(cls, labels: NDArray[np.uint8], done: bool) -> PaintedFrame:
        """Prepare the (Y, X) labels of a frame."""
        values = np.flatnonzero(np.bincount(labels.ravel(), minlength=256)[1:]) + 1
        rows, columns = (np.arange(side) for side in labels.shape)
        sums = {}
        for value in values.tolist():
            painted = (labels == value).astype(np.int64)
            total = np.zeros((3, labels.shape[0] + 1, labels.shape[1] + 1), np.int64)
            total[:, 1:, 1:] = painted, painted * rows[:, None], painted * columns
            sums[value] = total.cumsum(1, out=total).cumsum(2, out=total)
        return cls(labels.shape, done, sums)

    def moments(self, value: int, grid: Grid, reach: int) -> NDArray[np.int64]:
        """Number, sum of rows and sum of columns (3, ...) of the pixels of `value` near places.

        The square of a place (y, x) covers the rows ``y - reach`` to ``y + reach - 1``.
        """
        if value not in self.sums:
            return np.zeros((3, *grid.shape), np.int64)
        top, bottom = (np.clip(grid.rows + side, 0, self.shape[0]) for side in (-reach, reach))
        left, right = (np.clip(grid.columns + side, 0, self.shape[1]) for side in (-reach, reach))
        above, below = (self.sums[value][:, y] for y in (top, bottom))
        bands = below - above
        return bands[:, :, right] - bands[:, :, left]

    def count(self, value: int, grid: Grid, reach: int) -> NDArray[np.int64]:
        """Count the pixels of `value` in the squares of places."""
        counts: NDArray[np.int64] = self.moments(value, grid, reach)[0]
        return counts
