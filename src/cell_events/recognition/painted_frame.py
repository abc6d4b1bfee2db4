"""Counting painted pixels in squares, at once for a whole grid of places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PaintedFrame:
    """The paint of one frame, ready to be counted in squares of any size.

    Attributes
    ----------
    sums
        For each painted value that the frame holds, its integral image (Y + 1, X + 1).
    """

    shape: tuple[int, int]
    done: bool
    sums: dict[int, NDArray[np.int32]]

    @classmethod
    def of(cls, labels: NDArray[np.uint8], done: bool) -> PaintedFrame:
        """Prepare the (Y, X) labels of a frame."""
        values = np.flatnonzero(np.bincount(labels.ravel(), minlength=256)[1:]) + 1
        sums = {}
        for value in values.tolist():
            total = np.zeros((labels.shape[0] + 1, labels.shape[1] + 1), np.int32)
            total[1:, 1:] = (labels == value).cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32)
            sums[value] = total
        return cls(labels.shape, done, sums)

    def count(
        self, value: int, rows: NDArray[np.int64], columns: NDArray[np.int64], reach: int
    ) -> NDArray[np.int64]:
        """Count pixels of `value` in squares of side ``2 * reach`` on the grid rows x columns."""
        if value not in self.sums:
            return np.zeros((len(rows), len(columns)), np.int64)
        top, bottom = (np.clip(rows + side, 0, self.shape[0]) for side in (-reach, reach))
        left, right = (np.clip(columns + side, 0, self.shape[1]) for side in (-reach, reach))
        total = self.sums[value]
        corners = [total[np.ix_(y, x)] for y in (top, bottom) for x in (left, right)]
        return (corners[3] - corners[1] - corners[2] + corners[0]).astype(np.int64)
