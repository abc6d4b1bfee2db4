"""Points that a person set on mitoses, and the run of frames in which none is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cell_events.events import Event
from cell_events.movie import Movie


@dataclass(frozen=True, slots=True)
class AnnotatedFrames:
    """Consecutive frames in which every mitosis has its point; `first` and `last` are included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last:
            raise ValueError(
                "Annotated frames run from a first to a last one, counted from 0, such as 40-57; "
                f"got {self.first} to {self.last}."
            )

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __contains__(self, t: int) -> bool:
        return self.first <= t <= self.last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def annotated_frames(text: str) -> AnnotatedFrames:
    """Read "40-57".

    Raises
    ------
    ValueError
        If the text does not name a first and a last frame in this order.
    """
    match = re.fullmatch(r"\s*(\d+)\s*-\s*(\d+)\s*", text)
    if match is None:
        raise ValueError(
            "Annotated frames are given as a first and a last one, such as 40-57 (both included); "
            f"got {text!r}."
        )
    return AnnotatedFrames(int(match[1]), int(match[2]))


def checked_points(
    events: Sequence[Event], annotated: AnnotatedFrames, movie: Movie, length: int
) -> tuple[Event, ...]:
    """Return the points in the order of time, if a detector can learn from them.

    Parameters
    ----------
    length
        Frames that the detector reads at once, k.

    Raises
    ------
    ValueError
        If movie or annotated frames are shorter than `length`, if there is no point, or if one
        lies outside the annotated frames or the image.
    """
    check_frames(annotated, movie, length)
    if not events:
        raise ValueError(
            f"There are no points in {movie.name}; set one on each mitosis of the frames "
            f"{annotated}."
        )
    late = [event for event in events if event.t not in annotated]
    if late:
        raise ValueError(
            f"{len(late)} of {len(events)} points lie outside the annotated frames {annotated} "
            f"(first: frame {late[0].t}); remove them or choose a range that holds them."
        )
    _, height, width = movie.shape
    beside = [e for e in events if not (-0.5 <= e.y < height - 0.5 and -0.5 <= e.x < width - 0.5)]
    if beside:
        raise ValueError(
            f"{len(beside)} of {len(events)} points lie outside the image of {movie.name}, "
            f"{height} x {width} pixels (first: y {beside[0].y:g}, x {beside[0].x:g}); give y and "
            "x in pixels of this movie."
        )
    return tuple(sorted(events, key=lambda event: (event.t, event.y, event.x)))


def check_frames(annotated: AnnotatedFrames, movie: Movie, length: int) -> None:
    """Raise ValueError unless sequences of `length` annotated frames can be read."""
    if movie.n_frames < length:
        raise ValueError(
            f"{movie.name} has {movie.n_frames} frames, fewer than the {length} that the detector "
            "reads at once; give a longer movie or a smaller length."
        )
    if annotated.last >= movie.n_frames:
        raise ValueError(
            f"The annotated frames {annotated} end after {movie.name}, whose last frame is "
            f"{movie.n_frames - 1}; correct the range."
        )
    if len(annotated) < length:
        raise ValueError(
            f"{len(annotated)} annotated frames ({annotated}) are fewer than the {length} that the "
            "detector reads at once; annotate more or choose a smaller length."
        )
