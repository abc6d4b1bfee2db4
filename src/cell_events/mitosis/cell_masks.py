"""The map of normal cells, y, as the estimate of event lengths reads it: frame by frame."""

from __future__ import annotations

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


def stacked_masks(y: CellMasks, first: int, last: int) -> NDArray[np.bool_]:
    """Frames `first` to `last` of `y`, both included, as (T, Y, X)."""
    return np.stack([np.asarray(y[t]) != 0 for t in range(first, last + 1)])
