"""The points from which `mitosis train` learns, as a person has set them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.events import Event, read_events
from cell_events.jobs.checks import JobError

if TYPE_CHECKING:
    from cell_events.mitosis.points import AnnotatedFrames
    from cell_events.movie import Movie

SET_BY_A_PERSON = ("accepted", "added")


def read_points(path: Path, kind: str) -> list[Event]:
    """Read the events of one kind that count as points.

    Where a person has decided about any of them, only accepted and added ones count: the others
    are what a detector proposed. A list that nobody has decided about, such as a plain `t,y,x`,
    counts as a whole.

    Raises
    ------
    JobError
        If none is left.
    EventsError
        If the file cannot be read.
    """
    events = read_events(path)
    of_kind = [event for event in events if event.kind == kind]
    if not of_kind:
        raise JobError(f"{path} holds no points of kind {kind!r}; {_found(events)}.")
    decided = any(event.status != "proposed" for event in of_kind)
    points = [e for e in of_kind if e.status in SET_BY_A_PERSON] if decided else of_kind
    if not points:
        statuses = Counter(event.status for event in of_kind)
        told = ", ".join(f"{count} {status}" for status, count in statuses.items())
        raise JobError(f"{path} holds no points that a person accepted or added, only {told}.")
    return points


def annotated_ranges(texts: Sequence[str], n_movies: int) -> list[AnnotatedFrames]:
    """Annotated frames of each movie, given once for all or once for each."""
    from cell_events.mitosis.points import annotated_frames

    ranges = [annotated_frames(text) for text in texts]
    return ranges * n_movies if len(ranges) == 1 else ranges


def check_points(
    points: Sequence[Sequence[Event]],
    annotated: Sequence[AnnotatedFrames],
    movies: Sequence[Movie],
    length: int,
) -> list[tuple[Event, ...]]:
    """Points of each movie in order of time; raises `ValueError` unless one can learn from them."""
    from cell_events.mitosis.points import checked_points

    return [checked_points(*given, length) for given in zip(points, annotated, movies, strict=True)]


def _found(events: Sequence[Event]) -> str:
    kinds = sorted({event.kind for event in events})
    return f"found {', '.join(kinds)}" if kinds else "it is empty; set one on each mitosis"
