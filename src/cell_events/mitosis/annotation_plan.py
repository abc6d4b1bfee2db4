"""How many frames a person has to annotate, and which (section III E)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cell_events.mitosis.length_statistics import PredictedEvent

FRAMES_PER_LENGTH = 1.75
"""Annotated frames for each frame of the sequence: 14 for 8 and 18 for 10, as in the paper."""


@dataclass(frozen=True, slots=True)
class AnnotationPlan:
    """The consecutive frames to annotate.

    Attributes
    ----------
    length
        k, the number of frames of a training sequence.
    annotate
        How many frames to annotate.
    first, last
        Which ones, both included.
    complete
        Number of predicted events that lie completely within them.
    """

    length: int
    annotate: int
    first: int
    last: int
    complete: int = 0

    @property
    def frames(self) -> str:
        """The range as people write it, such as "40-57"."""
        return f"{self.first}-{self.last}"


def annotation_plan(events: Sequence[PredictedEvent], length: int, n_frames: int) -> AnnotationPlan:
    """Choose the run of frames that holds most predicted events completely; of equals the earliest.

    Movies shorter than the number of frames to annotate are to be annotated whole.

    Raises
    ------
    ValueError
        If `length` is less than 1, or the movie is shorter than that.
    """
    if length < 1:
        raise ValueError(f"length must be at least 1 frame, got {length}.")
    if n_frames < length:
        raise ValueError(
            f"The movie has {n_frames} frames, fewer than the {length} of a training sequence; "
            "choose a shorter length or a longer movie."
        )
    annotate = min(math.ceil(FRAMES_PER_LENGTH * length), n_frames)
    starts = range(n_frames - annotate + 1)
    complete = [_complete(events, start, start + annotate - 1) for start in starts]
    first = max(starts, key=lambda start: (complete[start], -start))
    return AnnotationPlan(length, annotate, first, first + annotate - 1, complete[first])


def _complete(events: Sequence[PredictedEvent], first: int, last: int) -> int:
    """Number of events that begin and end within these frames."""
    return sum(first <= event.first and event.last <= last for event in events)
