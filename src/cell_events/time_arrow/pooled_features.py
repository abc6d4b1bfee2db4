"""Dense features on a coarser grid, as maps of each frame that other networks read."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.tiles import Window, tiles
from cell_events.time_arrow.feature_store import TILE_PX
from cell_events.time_arrow.features import DenseFeatures

KEPT_BYTES = 512 * 1024**2
SAMPLED_FRAMES = 8


class PooledFeatures:
    """Means of dense features over squares of pixels, each map with mean 0 and deviation 1.

    Mean and deviation are those of at most 8 frames spread over the movie. Sides that are no
    multiple of `shrink` are filled up with their last row or column. The latest frames are kept.

    Parameters
    ----------
    shrink
        Side of a square in pixels.

    Attributes
    ----------
    shape
        (T, C, Y, X) on the grid.
    """

    def __init__(self, features: DenseFeatures, shrink: int) -> None:
        self._features, self.shrink = features, shrink
        n_frames, channels, *sides = features.shape
        rows, columns = (-(-side // shrink) for side in sides)
        self.shape = (n_frames, channels, rows, columns)
        self._kept: OrderedDict[int, NDArray[np.float32]] = OrderedDict()

    def read(self, t: int) -> NDArray[np.float32]:
        """(C, Y, X) of frame `t`; not to be written to."""
        if t not in self._kept:
            mean, deviation = self._spread
            self._kept[t] = (self._pooled(t) - mean) / deviation
            self._kept[t].setflags(write=False)
        self._kept.move_to_end(t)
        while len(self._kept) > 1 and len(self._kept) * self._kept[t].nbytes > KEPT_BYTES:
            self._kept.popitem(last=False)
        return self._kept[t]

    @cached_property
    def _spread(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Mean and standard deviation of each map, (C, 1, 1)."""
        count = min(SAMPLED_FRAMES, self.shape[0])
        frames = np.unique(np.linspace(0, self.shape[0] - 1, count).round().astype(int))
        maps = np.stack([self._pooled(int(t)) for t in frames])
        deviation = maps.std(axis=(0, 2, 3))[:, None, None]
        return maps.mean(axis=(0, 2, 3))[:, None, None], np.maximum(deviation, 1e-6)

    def _pooled(self, t: int) -> NDArray[np.float32]:
        """Means (C, Y, X) of frame `t`, read tile by tile."""
        pooled = np.empty(self.shape[1:], np.float32)
        side = max(1, TILE_PX // self.shrink)
        for tile in tiles(self.shape[2:], side, halo=0):
            pooled[(slice(None), *tile.core)] = self._pooled_tile(t, tile.core)
        return pooled

    def _pooled_tile(self, t: int, core: Window) -> NDArray[np.float32]:
        """Means of the places in a window of the grid."""
        side = self.shrink
        rows, columns = (slice(part.start * side, part.stop * side) for part in core)
        maps = self._features.read(t, rows, columns).astype(np.float32)
        whole = [part.stop * side - part.start * side for part in core]
        missing = [(0, n - have) for n, have in zip(whole, maps.shape[1:], strict=True)]
        full = np.pad(maps, [(0, 0), *missing], mode="edge")
        squares = full.reshape(len(maps), whole[0] // side, side, whole[1] // side, side)
        return np.asarray(squares.mean(axis=(2, 4)), np.float32)
