"""Where means on the grid are kept: in memory for a while, and on disk."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

Means = NDArray[np.float16]
"""Means (D, y, x) of one frame."""


class RecentFrames:
    """The frames that were used last, as many as fit; several movies may share them."""

    def __init__(self, limit_bytes: float = 0.75e9) -> None:
        self.limit_bytes, self._bytes = limit_bytes, 0
        self._frames: OrderedDict[tuple[str, int], Means] = OrderedDict()

    def get(self, name: str, t: int) -> Means | None:
        """Frame `t` of the movie with this name, if it is still there."""
        means = self._frames.get((name, t))
        if means is not None:
            self._frames.move_to_end((name, t))
        return means

    def put(self, name: str, t: int, means: Means) -> None:
        """Remember a frame, and forget the oldest ones beyond the limit."""
        if (name, t) not in self._frames:
            self._bytes += means.nbytes
        self._frames[name, t] = means
        while self._bytes > self.limit_bytes and len(self._frames) > 1:
            self._bytes -= self._frames.popitem(last=False)[1].nbytes


class GridStore:
    """Zarr array (T, D, y, x), one chunk a frame; a frame is there or not, never in part."""

    def __init__(self, path: Path, shape: tuple[int, int, int, int]) -> None:
        self._array = zarr.open_array(
            str(path),
            mode="a",
            shape=shape,
            chunks=(1, *shape[1:]),
            dtype="float16",
            fill_value=0,
        )
        self._finished = zarr.open_array(
            f"{path}.finished", mode="a", shape=shape[:1], chunks=(1,), dtype="uint8", fill_value=0
        )

    def has(self, t: int) -> bool:
        """Whether frame `t` was finished."""
        return bool(self._finished[t])

    def read(self, t: int) -> Means | None:
        """Means of frame `t`, or None if it was never finished."""
        return np.asarray(self._array[t], np.float16) if self.has(t) else None

    def write(self, t: int, means: Means) -> None:
        """Store a frame, then say that it is there."""
        self._array[t] = means
        self._finished[t] = 1
