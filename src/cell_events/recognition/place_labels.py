"""Which event, if any, two frames show at each place of a grid, according to their paint."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.recognition.crops import NOTHING, CropSettings
from cell_events.recognition.paint import NO_CLASS, NOTHING_HERE, REJECTED_HERE, UNKNOWN_HERE
from cell_events.recognition.painted_frame import Grid, PaintedFrame

NOT_USED = -1
"""Of places whose label is unknown or ambiguous."""


def label_places(
    first: PaintedFrame, second: PaintedFrame, grid: Grid, settings: CropSettings
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Label of each place, and whether paint lies near it.

    Labels are those of the crops around the places: a class 1..K, `NOTHING` or `NOT_USED`.
    """
    labels = np.full(grid.shape, NOT_USED, np.int64)
    most, near = np.zeros_like(labels), np.zeros(grid.shape, bool)
    unclear = _unknown(first, second, grid, settings.size // 2)
    for value in sorted({*first.sums, *second.sums} - NO_CLASS):
        moments = [frame.moments(value, grid, settings.size // 2) for frame in (first, second)]
        total = moments[0][0] + moments[1][0]
        event = _is_painted(moments[0][0], moments[1][0], settings)
        distance = _off_centre(moments[0], moments[1], grid)
        wins = event & (distance <= settings.reach) & (total > most)
        labels[wins], most[wins] = value, total[wins]
        unclear |= event & (distance <= settings.clear)
        near |= total > 0
    refused = _refused(first, second, grid, settings.reach)
    known = refused | (first.done and second.done and ~unclear)
    labels[(labels == NOT_USED) & known] = NOTHING
    return labels, near | refused


def _unknown(
    first: PaintedFrame, second: PaintedFrame, grid: Grid, reach: int
) -> NDArray[np.bool_]:
    """Where either crop shows something that is neither to be learned nor taken for nothing."""
    counts = [frame.count(UNKNOWN_HERE, grid, reach) for frame in (first, second)]
    return np.asarray(counts[0] + counts[1] > 0)


def _refused(
    first: PaintedFrame, second: PaintedFrame, grid: Grid, reach: int
) -> NDArray[np.bool_]:
    """Where somebody has said that nothing happens: in either frame, or between the two."""
    refused = np.zeros(grid.shape, bool)
    for frame in (first, second):
        refused |= frame.count(NOTHING_HERE, grid, reach) > 0
    rejected = [frame.count(REJECTED_HERE, grid, reach) > 0 for frame in (first, second)]
    return refused | (rejected[0] & rejected[1])


def _is_painted(
    first: NDArray[np.int64], second: NDArray[np.int64], settings: CropSettings
) -> NDArray[np.bool_]:
    """Where the numbers of painted pixels in two crops make an event."""
    enough = first > settings.min_painted_px, second > settings.min_painted_px
    return enough[0] & enough[1] if settings.criterion == "both" else enough[0] | enough[1]


def _off_centre(
    first: NDArray[np.int64], second: NDArray[np.int64], grid: Grid
) -> NDArray[np.float64]:
    """How far the paint's centroid lies from the middle of the crop, along y or x, in pixels.

    It is that of the second frame, which shows the outcome, or if it is empty that of the first.
    """
    count, rows, columns = np.where(second[0] > 0, second, first)
    pixels = np.maximum(count, 1)
    # The middle of an even crop lies half a pixel before the place that names it.
    along_y = np.abs(rows / pixels - (grid.rows[:, None] - 0.5))
    along_x = np.abs(columns / pixels - (grid.columns - 0.5))
    return np.asarray(np.maximum(along_y, along_x), np.float64)
