"""Which events of a CSV are explained: those that lie in the movie, of classes that are known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.events import Event, read_events
from cell_events.jobs.checks import JobError
from cell_events.jobs.explain import Explain
from cell_events.jobs.explainable import ORDERS

if TYPE_CHECKING:
    from cell_events.jobs.explained_network import ExplainedNetwork
    from cell_events.movie import Movie


def events_to_explain(job: Explain, movie: Movie, table: Path) -> list[Event]:
    """Read the events of this movie, in the frames that are asked for.

    Raises
    ------
    JobError
        If there are none, or if one lies outside of the movie.
    EventsError
        If the CSV cannot be read.
    """
    events = _of_movie(read_events(table), movie, table)
    if job.frames:
        frames = _frames_in(job.frames, movie)
        events = [event for event in events if event.t in frames]
        if not events:
            raise JobError(
                f"{table} holds no events in the frames {job.frames}; give other frames, or none "
                "to explain every event."
            )
    for event in events:
        _check_inside(event, movie, table)
    return events


def check_kinds(job: Explain, network: ExplainedNetwork, events: Sequence[Event]) -> None:
    """Raise `JobError` if events have a class that the model lacks, unless one is asked for.

    A time arrow knows no classes of events: it is asked about the order of frames.
    """
    if job.kind or network.kinds == ORDERS:
        return
    unknown = sorted({event.kind for event in events} - set(network.kinds))
    if unknown:
        named = ", ".join(f"'{kind}'" for kind in unknown)
        raise JobError(
            f"{job.model.name} does not know the class {named} of the events to explain; it has "
            f"{', '.join(network.kinds)}. Choose one of these to explain (--kind, or Class in the "
            "dock), or give other events."
        )


def _of_movie(events: list[Event], movie: Movie, table: Path) -> list[Event]:
    """Events that name this movie, or no movie at all."""
    if not events:
        raise JobError(f"{table} holds no events; give a CSV with a row for each event.")
    found = [event for event in events if event.extra.get("movie") in (None, "", movie.name)]
    if not found:
        names = ", ".join(sorted({event.extra["movie"] for event in events}))
        raise JobError(
            f"{table} holds events of {names}, but none of {movie.name}; give the movie that they "
            "belong to, or take the column 'movie' out."
        )
    return found


def _frames_in(frames: str, movie: Movie) -> frozenset[int]:
    """Frames that are asked for, all of them in the movie."""
    from cell_events.recognition.paint import parse_frames

    wanted = parse_frames(frames)
    if max(wanted) >= movie.n_frames:
        raise JobError(
            f"{movie.name} has the frames 0 to {movie.n_frames - 1}, but {frames} were asked for; "
            "give frames of this movie."
        )
    return frozenset(wanted)


def _check_inside(event: Event, movie: Movie, table: Path) -> None:
    n_frames, height, width = movie.shape
    if not (event.t < n_frames and 0 <= event.y < height and 0 <= event.x < width):
        raise JobError(
            f"{table} has an event at t={event.t}, y={event.y:g}, x={event.x:g}, but {movie.name} "
            f"has {n_frames} frames of {height} x {width} pixels; give events of this movie."
        )
