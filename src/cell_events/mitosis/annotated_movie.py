"""A movie with points, whole or a part of it, as the detector learns from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.mitosis.event_map import event_map, grid_place
from cell_events.mitosis.frames import FrameSource
from cell_events.mitosis.points import AnnotatedFrames


@dataclass(frozen=True)
class PartOfFrames:
    """Some frames of a source, and in them a window of its grid, as a source of its own."""

    whole: FrameSource
    frames: range
    rows: slice
    columns: slice

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(T, C, Y, X) on the grid."""
        rows, columns = self.rows.stop - self.rows.start, self.columns.stop - self.columns.start
        return len(self.frames), self.whole.shape[1], rows, columns

    @property
    def shrink(self) -> int:
        """Pixels of the movie for each place of the grid, along Y and X."""
        return self.whole.shrink

    def read(self, t: int) -> NDArray[np.float32]:
        """(C, Y, X) of frame `t` of the part."""
        return self.whole.read(self.frames[t])[:, self.rows, self.columns]


@dataclass(frozen=True)
class AnnotatedMovie:
    """A movie in whose annotated frames every mitosis has its point.

    Attributes
    ----------
    frames
        What the network is to read; grey values or any other maps.
    points
        In frames and pixels of the movie (see `checked_points`).
    """

    frames: FrameSource
    points: tuple[Event, ...]
    annotated: AnnotatedFrames

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the grid."""
        return self.frames.shape[2:]

    @property
    def points_inside(self) -> tuple[Event, ...]:
        """Points in the grid; those of a part may lie beside it."""
        rows, columns = self.grid
        places = [(point, *grid_place(point, self.frames.shrink)) for point in self.points]
        return tuple(p for p, row, column in places if 0 <= row < rows and 0 <= column < columns)

    def events(
        self, frames: Sequence[int], dilations: int, time_dilations: int | None = None
    ) -> NDArray[np.bool_]:
        """Event map (T, Y, X) of some frames."""
        shrink = self.frames.shrink
        return event_map(self.points, frames, self.grid, shrink, dilations, time_dilations)

    def part(self, rows: slice, columns: slice) -> AnnotatedMovie:
        """Its annotated frames alone, numbered from 0, and in them a window of the grid."""
        first, last = self.annotated.first, self.annotated.last
        frames = range(first, last + 1)
        shrink = self.frames.shrink
        top, left = shrink * rows.start, shrink * columns.start
        points = tuple(
            replace(point, t=point.t - first, y=point.y - top, x=point.x - left)
            for point in self.points
        )
        source = PartOfFrames(self.frames, frames, rows, columns)
        return AnnotatedMovie(source, points, AnnotatedFrames(0, last - first))

    def whole(self) -> AnnotatedMovie:
        """Its annotated frames alone, numbered from 0."""
        rows, columns = self.grid
        return self.part(slice(0, rows), slice(0, columns))
