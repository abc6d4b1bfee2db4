"""Painted frames in square chunks: a stroke changes little, and gaps cost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

CHUNK_SIDE_PX = 256

Window: TypeAlias = tuple[slice, slice]

ChunkKey: TypeAlias = tuple[int, int, int]
"""Frame, and row and column in the grid of chunks."""

Chunks: TypeAlias = dict[ChunkKey, NDArray[np.uint8]]

Values: TypeAlias = frozenset[int]


def no_paint() -> NDArray[np.uint8]:
    """A chunk without paint."""
    return np.zeros((CHUNK_SIDE_PX, CHUNK_SIDE_PX), np.uint8)


def values_in(chunk: NDArray[np.uint8]) -> Values:
    """Values of a chunk besides 0."""
    counts = np.bincount(chunk.ravel(), minlength=256)
    return frozenset(np.flatnonzero(counts).tolist()) - {0}


def parts_of(
    t: int, top: int, left: int, shape: tuple[int, int]
) -> Iterator[tuple[ChunkKey, Window, Window]]:
    """Chunks that a patch touches: for each, the window in the chunk and that in the patch."""
    for row, column in product(_touched(top, shape[0]), _touched(left, shape[1])):
        rows = _overlap(top - row * CHUNK_SIDE_PX, shape[0])
        columns = _overlap(left - column * CHUNK_SIDE_PX, shape[1])
        yield (t, row, column), (rows[0], columns[0]), (rows[1], columns[1])


def window_of(key: ChunkKey, shape: tuple[int, int, int]) -> tuple[int, slice, slice]:
    """Where a chunk lies in the movie; at the edge it is smaller."""
    t, *place = key
    starts = [number * CHUNK_SIDE_PX for number in place]
    rows, columns = (
        slice(start, min(start + CHUNK_SIDE_PX, side))
        for start, side in zip(starts, shape[1:], strict=True)
    )
    return t, rows, columns


def _touched(start: int, length: int) -> range:
    """Numbers of the chunks that a stretch of pixels touches."""
    return range(start // CHUNK_SIDE_PX, (start + length - 1) // CHUNK_SIDE_PX + 1)


def _overlap(at: int, length: int) -> tuple[slice, slice]:
    """Part of a chunk that a stretch covers, beginning `at` there, and that part of the stretch."""
    begin, end = max(0, at), min(CHUNK_SIDE_PX, at + length)
    return slice(begin, end), slice(begin - at, end - at)
