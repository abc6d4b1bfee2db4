"""When events are hit, missed and invented."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.matching import Matching

MOST_BINS = 60


@dataclass(frozen=True, slots=True)
class ErrorsOverTime:
    """Counts in bins of frames.

    Attributes
    ----------
    first_frames
        (N,) first frame of each bin.
    width
        Frames in a bin.
    hits, misses, false_alarms
        (N,) hits and misses by the frame of the true event, false alarms by their own.
    """

    first_frames: NDArray[np.int64]
    width: int
    hits: NDArray[np.int64]
    misses: NDArray[np.int64]
    false_alarms: NDArray[np.int64]


def errors_over_time(matching: Matching, width: int | None = None) -> ErrorsOverTime:
    """Count in bins of `width` frames; by default in as narrow ones as make at most 60.

    Raises
    ------
    ValueError
        If `width` is less than one frame.
    """
    if width is not None and width < 1:
        raise ValueError(f"A bin must be at least 1 frame wide, got {width}.")
    frames = (
        [matching.truth[j].t for _, j in matching.pairs],
        [event.t for event in matching.unmatched_truth],
        [event.t for event in matching.unmatched_found],
    )
    last = max((t for listed in frames for t in listed), default=0)
    width = width or last // MOST_BINS + 1
    bins = last // width + 1
    counts = [
        np.bincount(np.array(listed, np.int64) // width, minlength=bins).astype(np.int64)
        for listed in frames
    ]
    return ErrorsOverTime(np.arange(bins, dtype=np.int64) * width, width, *counts)
