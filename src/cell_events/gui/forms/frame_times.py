"""Frames as times on an axis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

MINUTE, HOUR, LONG = 60.0, 3600.0, 3 * 3600.0

Frames = TypeVar("Frames", float, NDArray[np.float64])


@dataclass(frozen=True)
class FrameTimes:
    """How the frames of a movie are counted: in hours, in minutes, or by their numbers.

    Attributes
    ----------
    frame_interval_s
        Time between frames in seconds; None if unknown.
    unit_s
        Length of the unit in seconds.
    """

    frame_interval_s: float | None = None
    unit_s: float = HOUR

    def fitting(self, last: int) -> FrameTimes:
        """Count movies of less than three hours in minutes, others in hours."""
        is_long = (self.frame_interval_s or 0.0) * last >= LONG
        return replace(self, unit_s=HOUR if is_long else MINUTE)

    @property
    def words(self) -> str:
        """What stands at the axis."""
        if self.frame_interval_s is None:
            return "frame"
        return "hours" if self.unit_s == HOUR else "minutes"

    @property
    def of_a_frame(self) -> float:
        """How long a frame is on the axis."""
        return 1.0 if self.frame_interval_s is None else self.frame_interval_s / self.unit_s

    def at(self, frames: Frames) -> Frames:
        """Where frames stand on the axis."""
        return frames * self.of_a_frame

    def frame(self, place: float) -> int:
        """Frame that is nearest to a place on the axis."""
        return round(place / self.of_a_frame)
