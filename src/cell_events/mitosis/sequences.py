"""Sequences of frames that a batch is made of: whole frames, or squares of them around events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.mitosis.annotated_movie import AnnotatedMovie
from cell_events.mitosis.event_map import grid_place
from cell_events.mitosis.train_settings import MitosisTrainSettings

EVENT_SHARE = 0.5
"""Share of squares that hold a point; the others lie anywhere."""

CUT_MARGIN = 4
"""Places beside the cut edge of a square that do not count: the network misses what lies beyond."""


@dataclass(frozen=True)
class ShownSequence:
    """Some frames of an annotated movie, numbered from 0, and a window of their grid."""

    movie: AnnotatedMovie
    frames: range
    rows: slice
    columns: slice

    def maps(self) -> NDArray[np.float32]:
        """What the network reads, (T, C, Y, X)."""
        read = self.movie.frames.read
        return np.stack([read(t)[:, self.rows, self.columns] for t in self.frames])

    def events(self, settings: MitosisTrainSettings) -> NDArray[np.bool_]:
        """What it is to answer, (T, Y, X)."""
        events = self.movie.events(self.frames, settings.dilations, settings.reach_in_time)
        return events[:, self.rows, self.columns]

    def weights(self) -> NDArray[np.float32]:
        """How much each place of (T, Y, X) counts: not at all where the square is cut off."""
        rows, columns = self.rows.stop - self.rows.start, self.columns.stop - self.columns.start
        weights = np.ones((len(self.frames), rows, columns), np.float32)
        for axis, window in enumerate((self.rows, self.columns), start=1):
            along = np.moveaxis(weights, axis, 0)
            if window.start > 0:
                along[:CUT_MARGIN] = 0
            if window.stop < self.movie.grid[axis - 1]:
                along[-CUT_MARGIN:] = 0
        return weights


def drawn_sequences(
    movies: Sequence[AnnotatedMovie], settings: MitosisTrainSettings, random: torch.Generator
) -> list[ShownSequence]:
    """Draw the sequences of one batch, all of the same shape.

    Whole frames come from one movie, all sequences being equally likely. Squares come from any, and
    every other one, on average, shows a point somewhere.
    """
    chances = torch.tensor([len(m.annotated) - settings.length + 1.0 for m in movies])
    if settings.crop is None:
        movie = movies[int(torch.multinomial(chances, 1, generator=random))]
        return [_whole_frames(movie, settings.length, random) for _ in range(settings.batch)]
    sides = [min(settings.crop, *(movie.grid[axis] for movie in movies)) for axis in (0, 1)]
    return [_square(movies, chances, sides, settings, random) for _ in range(settings.batch)]


def _whole_frames(movie: AnnotatedMovie, length: int, random: torch.Generator) -> ShownSequence:
    """Consecutive frames from anywhere."""
    start = _between(0, len(movie.annotated) - length, random)
    rows, columns = movie.grid
    return ShownSequence(movie, range(start, start + length), slice(0, rows), slice(0, columns))


def _square(
    movies: Sequence[AnnotatedMovie],
    chances: torch.Tensor,
    sides: Sequence[int],
    settings: MitosisTrainSettings,
    random: torch.Generator,
) -> ShownSequence:
    """A window of the grid, `sides` large, through consecutive frames."""
    points = [(movie, point) for movie in movies for point in movie.points_inside]
    shown: tuple[int | None, ...] = (None, None, None)
    if points and float(torch.rand((), generator=random)) < EVENT_SHARE:
        movie, point = points[_between(0, len(points) - 1, random)]
        shown = (point.t, *grid_place(point, movie.frames.shrink))
    else:
        movie = movies[int(torch.multinomial(chances, 1, generator=random))]
    whole, part = (len(movie.annotated), *movie.grid), (settings.length, *sides)
    starts = [_start(*axis, random) for axis in zip(whole, part, shown, strict=True)]
    t, y, x = (slice(start, start + size) for start, size in zip(starts, part, strict=True))
    return ShownSequence(movie, range(t.start, t.stop), y, x)


def _start(whole: int, part: int, shown: int | None, random: torch.Generator) -> int:
    """Where a part of an axis begins: anywhere, or so that it holds the place `shown`."""
    if shown is None:
        return _between(0, whole - part, random)
    return _between(max(0, shown - part + 1), min(shown, whole - part), random)


def _between(least: int, most: int, random: torch.Generator) -> int:
    """Draw a whole number; both ends are included."""
    return int(torch.randint(least, most + 1, (), generator=random))
