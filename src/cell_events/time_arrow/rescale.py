"""Movies at half or double resolution, read lazily."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.movie import Movie
from cell_events.planes import LazyArray, PlaneArray


class HalvedArray(PlaneArray):
    """A (T, Y, X) array at half the resolution: means of 2 x 2 pixels."""

    def __init__(self, array: LazyArray) -> None:
        frames, rows, columns = array.shape
        super().__init__((frames, rows // 2, columns // 2), np.float32)
        self._array = array

    def plane(self, lead: tuple[int, ...], rows: slice, columns: slice) -> NDArray[Any]:
        """Read a window of one frame."""
        inside = (slice(2 * part.start, 2 * part.stop) for part in (rows, columns))
        window = np.asarray(self._array[(lead[0], *inside)], np.float32)
        height, width = window.shape
        return np.asarray(window.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3)))


class DoubledArray(PlaneArray):
    """A (T, Y, X) array at twice the resolution, interpolated linearly."""

    def __init__(self, array: LazyArray) -> None:
        frames, rows, columns = array.shape
        super().__init__((frames, 2 * rows, 2 * columns), np.float32)
        self._array = array

    def plane(self, lead: tuple[int, ...], rows: slice, columns: slice) -> NDArray[Any]:
        """Read a window of one frame."""
        sizes = self._array.shape[1:]
        needed = [
            slice(max(0, part.start // 2 - 1), min(size, part.stop // 2 + 2))
            for part, size in zip((rows, columns), sizes, strict=True)
        ]
        window = np.asarray(self._array[(lead[0], *needed)], np.float32)
        for axis, (part, read) in enumerate(zip((rows, columns), needed, strict=True)):
            doubled = _doubled(window, axis)
            start = part.start - 2 * read.start
            window = doubled.take(range(start, start + part.stop - part.start), axis)
        return window


def at_half_resolution(movie: Movie) -> Movie:
    """The movie with pixels twice as wide; it keeps its intensity range."""
    return _rescaled(movie, HalvedArray(movie.array), 2.0)


def at_double_resolution(movie: Movie) -> Movie:
    """The movie with pixels half as wide; it keeps its intensity range."""
    return _rescaled(movie, DoubledArray(movie.array), 0.5)


def _rescaled(movie: Movie, array: LazyArray, factor: float) -> Movie:
    """Movie on another array; crops of it keep the range of the original."""
    size = movie.pixel_size_um and movie.pixel_size_um * factor
    return replace(movie, array=array, pixel_size_um=size, parent=movie.parent or movie)


def _doubled(window: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Double one axis linearly; pixel centres stay where they are, edges are repeated."""
    length = window.shape[axis]
    new = np.arange(2 * length)
    near = new // 2
    far = np.clip(near + np.where(new % 2, 1, -1), 0, length - 1)
    return np.asarray(
        np.float32(0.75) * window.take(near, axis) + np.float32(0.25) * window.take(far, axis)
    )
