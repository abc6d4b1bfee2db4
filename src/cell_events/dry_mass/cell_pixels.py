"""The pixels of the labelled cells of one frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class CellPixels:
    """Pixels of cells, ordered by cell, row and column.

    Attributes
    ----------
    shape
        Rows and columns of the frame.
    labels
        (n,) values of the cells in ascending order; background, 0, is none.
    cell
        (N,) index of the cell, in `labels`, that each pixel belongs to.
    rows, columns
        (N,) place of each pixel.
    """

    shape: tuple[int, int]
    labels: NDArray[np.int64]
    cell: NDArray[np.intp]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]

    @property
    def n(self) -> int:
        """Number of cells."""
        return len(self.labels)

    @property
    def area_px(self) -> NDArray[np.float64]:
        """(n,) number of pixels of each cell."""
        return np.bincount(self.cell, minlength=self.n).astype(float)

    def sums(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """(n,) sums over each cell of values (N,) given for its pixels."""
        return np.asarray(np.bincount(self.cell, values, self.n), np.float64)

    def sums_of(self, frame: NDArray[Any]) -> NDArray[np.float64]:
        """(n,) sums over each cell of the grey values of a (Y, X) frame."""
        return self.sums(frame[self.rows, self.columns].astype(float))


def cell_pixels(labels: NDArray[Any]) -> CellPixels:
    """Find the pixels of each cell of a (Y, X) frame of labels."""
    flat = np.flatnonzero(labels)
    values, cell = np.unique(labels.ravel()[flat], return_inverse=True)
    order = np.argsort(cell, kind="stable")
    rows, columns = np.divmod(flat[order], labels.shape[1])
    shape = (labels.shape[0], labels.shape[1])
    return CellPixels(shape, values.astype(np.int64), cell[order], rows, columns)
