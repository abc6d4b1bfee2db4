"""What the detector is to answer: each point grown to a small body in time and space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.mitosis.frames import to_grid

PAPER_DILATIONS = 3


def event_map(
    points: Iterable[Event],
    frames: Sequence[int],
    shape: tuple[int, int],
    shrink: int,
    dilations: int = PAPER_DILATIONS,
    time_dilations: int | None = None,
) -> NDArray[np.bool_]:
    """Map (T, Y, X) of some frames on the grid that is true around the points (section III F).

    The paper expands each point by three binary dilations in (t, y, x). We read them as those
    with a cross, so that a place is reached if ``|dt| + |dy| + |dx|`` is at most `dilations`.
    Points before, after or beside reach into the map, too.

    Parameters
    ----------
    shape
        Rows and columns of the grid.
    shrink
        Pixels of the movie, in which points are given, for each place of the grid.
    time_dilations
        Frames before and after the point in which its body ends, if that is sooner.
    """
    reach = dilations if time_dilations is None else min(dilations, time_dilations)
    events = np.zeros((len(frames), *shape), bool)
    rows, columns = np.arange(shape[0])[:, None], np.arange(shape[1])
    for point in points:
        y, x = grid_place(point, shrink)
        apart = abs(rows - y) + abs(columns - x)
        for index, t in enumerate(frames):
            if abs(t - point.t) <= reach:
                events[index] |= apart <= dilations - abs(t - point.t)
    return events


def grid_place(point: Event, shrink: int) -> tuple[int, int]:
    """Row and column of the place of the grid in which a point lies."""
    row, column = (
        int(np.floor(to_grid(position, shrink) + 0.5)) for position in (point.y, point.x)
    )
    return row, column
