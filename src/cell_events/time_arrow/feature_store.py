"""The cache of dense features on disk: a zarr array with one chunk a tile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

TILE_PX = 512

TileKey = tuple[int, int, int]
"""Frame, and row and column in the grid of tiles."""


class FeatureStore:
    """Zarr array (T, C, Y, X), one chunk a tile; a tile is there or not, never in part."""

    def __init__(self, path: Path, shape: tuple[int, int, int, int]) -> None:
        chunks = (1, shape[1], min(TILE_PX, shape[2]), min(TILE_PX, shape[3]))
        self._array = zarr.open_array(
            str(path), mode="a", shape=shape, chunks=chunks, dtype="float16", fill_value=0
        )
        counts = tuple(-(-side // TILE_PX) for side in shape[2:])
        self._finished = zarr.open_array(
            f"{path}.finished",
            mode="a",
            shape=(shape[0], *counts),
            chunks=(1, 1, 1),
            dtype="uint8",
            fill_value=0,
        )

    def read(self, key: TileKey) -> NDArray[np.float16] | None:
        """The tile at (t, row, column) of the tile grid, or None if it was never finished."""
        if not self._finished[key]:
            return None
        return np.asarray(self._array[self._place(key)], np.float16)

    def write(self, key: TileKey, tile: NDArray[np.float16]) -> None:
        """Store a tile, then say that it is there."""
        self._array[self._place(key)] = tile
        self._finished[key] = 1

    @staticmethod
    def _place(key: TileKey) -> tuple[int, slice, slice, slice]:
        """Where the tile lies in the array."""
        t, row, column = key
        return (
            t,
            slice(None),
            slice(row * TILE_PX, (row + 1) * TILE_PX),
            slice(column * TILE_PX, (column + 1) * TILE_PX),
        )
