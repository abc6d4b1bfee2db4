"""Random crop pairs (t, t + delta) from movies of any size, read window by window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.movie import Movie
from cell_events.time_arrow.activity import BLOCK_PX, block_probabilities, frame_pairs


@dataclass(frozen=True, slots=True)
class CropSettings:
    """Which crops the time arrow is learned from.

    Attributes
    ----------
    size
        Side of a crop in pixels (the paper: 96).
    deltas
        Frame steps between the two crops; several are mixed.
    prefer_change
        Draw crops where something changes, rather than anywhere.
    """

    size: int = 96
    deltas: tuple[int, ...] = (1,)
    prefer_change: bool = True

    def __post_init__(self) -> None:
        if self.size < 16 or self.size % 8:
            raise ValueError(f"crop size must be a multiple of 8 and at least 16, got {self.size}.")
        if not self.deltas or min(self.deltas) < 1:
            raise ValueError(f"frame steps must be at least 1, got {self.deltas}.")


class CropSampler:
    """Draws crop pairs from several movies, each movie equally often."""

    def __init__(self, movies: Sequence[Movie], settings: CropSettings) -> None:
        if not movies:
            raise ValueError("There is no movie to draw crops from; give at least one.")
        self.movies = list(movies)
        self.settings = settings
        self._pairs = [_usable_pairs(movie, settings.deltas) for movie in self.movies]
        self._shapes: list[tuple[int, ...]] = []
        self._cumulative: list[NDArray[np.float64]] = []
        for movie, pairs in zip(self.movies, self._pairs, strict=True):
            probabilities = block_probabilities(movie, pairs, settings.prefer_change)
            self._shapes.append(probabilities.shape)
            self._cumulative.append(probabilities.cumsum())

    def draw(self, count: int, side: int, random: np.random.Generator) -> Tensor:
        """Read `count` pairs of windows of `side` pixels: (count, 2, 1, side, side), float32.

        Windows that reach beyond the frame are continued by reflection, the same way in
        both frames.
        """
        windows = np.empty((count, 2, 1, side, side), np.float32)
        for window in windows:
            index = int(random.integers(len(self.movies)))
            (t, delta), centre = self._place(index, random)
            for frame, time in enumerate((t, t + delta)):
                window[frame, 0] = read_around(self.movies[index], time, centre, side)
        return torch.from_numpy(windows)

    def _place(
        self, index: int, random: np.random.Generator
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        """Draw a frame pair of one movie and the centre of a crop in it."""
        cumulative = self._cumulative[index]
        drawn = int(np.searchsorted(cumulative, random.random() * cumulative[-1], side="right"))
        pair, row, column = np.unravel_index(min(drawn, len(cumulative) - 1), self._shapes[index])
        height, width = self.movies[index].shape[1:]
        jitter = random.integers(0, BLOCK_PX, 2)
        centre = (
            min(int(row) * BLOCK_PX + int(jitter[0]), height - 1),
            min(int(column) * BLOCK_PX + int(jitter[1]), width - 1),
        )
        return self._pairs[index][pair], centre


def read_around(movie: Movie, t: int, centre: tuple[int, int], side: int) -> NDArray[np.float32]:
    """Read the (side, side) window around `centre`, reflected where it leaves the frame."""
    rows, columns = (
        _reflected(middle - side // 2, side, length)
        for middle, length in zip(centre, movie.shape[1:], strict=True)
    )
    first = rows.min(), columns.min()
    window = movie.read_normalised(
        t, slice(first[0], rows.max() + 1), slice(first[1], columns.max() + 1)
    )
    return window[np.ix_(rows - first[0], columns - first[1])]


def _reflected(start: int, count: int, length: int) -> NDArray[np.intp]:
    """Indices start, start + 1, ..., folded back at both ends of an axis of `length` pixels."""
    period = max(1, 2 * (length - 1))
    folded = np.arange(start, start + count) % period
    return np.minimum(folded, period - folded)


def _usable_pairs(movie: Movie, deltas: tuple[int, ...]) -> list[tuple[int, int]]:
    """Frame pairs of one movie, or a sentence if there are none."""
    pairs = frame_pairs(movie.shape[0], deltas)
    if not pairs:
        raise ValueError(
            f"Movie '{movie.name}' has {movie.shape[0]} frame(s); a frame step of {min(deltas)} "
            f"needs at least {min(deltas) + 1}."
        )
    return pairs
