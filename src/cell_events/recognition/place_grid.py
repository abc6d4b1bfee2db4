"""Places that stand for a whole frame: the middles of its small square blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from cell_events.recognition.painted_frame import Grid

Thing = TypeVar("Thing")

STEP_PX = 4
"""Side of a block by default: a third of the distance at which two events are told apart."""


def place_grid(shape: tuple[int, int], step_px: int = STEP_PX) -> Grid:
    """Centres of crops, one for each block of `step_px` pixels of a (Y, X) image.

    The middle of an even crop lies half a pixel before the place that names it, and so exactly in
    the middle of the block. Blocks at the far borders may stick out of the image.
    """
    rows, columns = (np.arange(step_px // 2, side + step_px // 2, step_px) for side in shape)
    return Grid(rows.astype(np.int64), columns.astype(np.int64))


def middle_px(index: float, step_px: int) -> float:
    """Row (or column) in pixels of the middle of the block with this number, or between two."""
    return step_px * index + (step_px - 1) / 2


def outward(first: int, start: int, stop: int) -> list[int]:
    """Numbers from `start` to `stop` - 1, those near `first` before those further away."""
    return sorted(range(start, stop), key=lambda t: (abs(t - first), t < first))


def evenly(things: Sequence[Thing], count: int) -> list[Thing]:
    """At most `count` of some things, evenly spread."""
    if len(things) <= count:
        return list(things)
    return [things[round(place)] for place in np.linspace(0, len(things) - 1, count)]
