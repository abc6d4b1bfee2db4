"""Windows that may stick out of an image; what lies beyond repeats its border."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class FeatureSource(Protocol):
    """Dense features of a movie, as `cell_events.time_arrow.features.DenseFeatures` gives them.

    Attributes
    ----------
    shape
        (T, C, Y, X).
    """

    shape: tuple[int, int, int, int]

    def read(self, t: int, rows: slice, columns: slice) -> NDArray[Any]:
        """Features (C, y, x) of a window of frame `t` that lies inside the image."""
        ...


def read_beyond(
    read: Callable[[slice, slice], NDArray[Any]],
    shape: tuple[int, int],
    rows: slice,
    columns: slice,
) -> NDArray[Any]:
    """Read the window (..., rows, columns) of an image of (Y, X) `shape`.

    Rows and columns may begin below 0 or end beyond the image, but must touch it.
    """
    inside, missing = [], []
    for part, length in zip((rows, columns), shape, strict=True):
        kept = slice(max(0, part.start), min(length, part.stop))
        inside.append(kept)
        missing.append((kept.start - part.start, part.stop - kept.stop))
    window = read(inside[0], inside[1])
    if not any(sum(missing, ())):
        return window
    leading = [(0, 0)] * (window.ndim - 2)
    return np.pad(window, [*leading, *missing], mode="edge")


def around(centre: int, size: int, margin: int) -> slice:
    """Rows (or columns) of a crop of `size` around `centre`, and `margin` more at each side."""
    start = centre - size // 2 - margin
    return slice(start, start + size + 2 * margin)
