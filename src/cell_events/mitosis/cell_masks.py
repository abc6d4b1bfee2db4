"""The map of normal cells, y, as the estimate of event lengths reads it: frame by frame."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class CellMasks(Protocol):
    """A numpy array, a zarr array, or anything else that gives the mask of one frame at a time."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(T, Y, X) on the grid."""
        ...

    def __getitem__(self, t: int, /) -> Any:
        """(Y, X) of frame `t`; whatever is not zero is part of a normal cell."""
        ...


class SteadyMasks:
    """Masks without flicker: a place is part of a cell if it is in most of the frames around.

    A map that misses a cell in single frames shows gaps that are no events. Gaps and flashes that
    are shorter than half of the frames looked at vanish; longer ones keep their length. Cells
    should move by less than their width meanwhile.

    Parameters
    ----------
    frames
        How many frames are looked at, an odd number; at the ends of the movie as many as there are.
    """

    def __init__(self, y: CellMasks, frames: int) -> None:
        if frames < 1 or frames % 2 == 0:
            raise ValueError(f"frames must be an odd number of at least 1, got {frames}.")
        self._y, self._reach = y, frames // 2
        self._kept: OrderedDict[int, NDArray[np.bool_]] = OrderedDict()

    @property
    def shape(self) -> tuple[int, ...]:
        """(T, Y, X) on the grid."""
        return self._y.shape

    def __getitem__(self, t: int, /) -> NDArray[np.bool_]:
        """(Y, X) of frame `t`."""
        around = range(max(0, t - self._reach), min(self.shape[0], t + self._reach + 1))
        votes = np.sum([self._frame(each) for each in around], axis=0)
        return np.asarray(2 * votes > len(around))

    def _frame(self, t: int) -> NDArray[np.bool_]:
        """A frame as it is; the latest are kept."""
        if t not in self._kept:
            self._kept[t] = np.asarray(self._y[t]) != 0
        self._kept.move_to_end(t)
        while len(self._kept) > 2 * self._reach + 1:
            self._kept.popitem(last=False)
        return self._kept[t]


def stacked_masks(y: CellMasks, first: int, last: int) -> NDArray[np.bool_]:
    """Frames `first` to `last` of `y`, both included, as (T, Y, X)."""
    return np.stack([np.asarray(y[t]) != 0 for t in range(first, last + 1)])
