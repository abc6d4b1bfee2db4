"""What is slow to make and stays in a process between jobs: networks, open movies, their features.

A worker lives as long as its viewer. An update would otherwise open, digest and label everything
anew, which takes longer than learning. Everything is known by what it was made from, files by
their size and time of change.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cell_events.jobs.movie_source import MovieSource

if TYPE_CHECKING:
    from cell_events.engine.header import ModelHeader
    from cell_events.movie import Movie
    from cell_events.recognition.grid_store import RecentFrames
    from cell_events.recognition.painted_pairs import PaintedPairs
    from cell_events.time_arrow.network import TimeArrowNetwork

MOST_KEPT = 12
"""Things of one kind that are kept; the one that was used least recently goes first."""

Thing = TypeVar("Thing")

_kept: dict[str, OrderedDict[Hashable, Any]] = {}


def kept(kind: str, key: Hashable, make: Callable[[], Thing]) -> Thing:
    """Give what was made for `key` earlier, or make it now."""
    things = _kept.setdefault(kind, OrderedDict())
    if key not in things:
        things[key] = make()
    things.move_to_end(key)
    while len(things) > MOST_KEPT:
        things.popitem(last=False)
    thing: Thing = things[key]
    return thing


def kept_time_arrow(path: Path) -> tuple[TimeArrowNetwork, ModelHeader]:
    """Read a time-arrow model, once as long as its file does not change."""
    from cell_events.jobs.time_arrow_model import load_time_arrow

    return kept("time arrow", file_state(path), lambda: load_time_arrow(path))


def kept_movie(source: MovieSource, missing_chunks: str) -> Movie:
    """Open a movie, once as long as its file does not change."""
    key = (source, missing_chunks, file_state(source.path))
    return kept("movie", key, lambda: source.open(missing_chunks))  # type: ignore[arg-type]


def kept_pairs(
    source: MovieSource, missing_chunks: str, tap: Path, size: int, cache: Path | None, device: str
) -> PaintedPairs:
    """Features of a movie on the grid, and what has been labelled there."""
    from cell_events.recognition.grid_features import GridFeatures
    from cell_events.recognition.painted_pairs import PaintedPairs

    movie = kept_movie(source, missing_chunks)

    def make() -> PaintedPairs:
        network, _ = kept_time_arrow(tap)
        return PaintedPairs(GridFeatures(movie, network, size, device, cache, recent_frames()))

    files = (file_state(source.path), file_state(tap))
    return kept("pairs", (source, missing_chunks, *files, size, cache, device), make)


@cache
def recent_frames() -> RecentFrames:
    """The frames of all movies that were used last."""
    from cell_events.recognition.grid_store import RecentFrames

    return RecentFrames()


def file_state(path: Path) -> Hashable:
    """What tells that a file has changed; of a folder also the files right in it."""
    files = [path, *sorted(path.iterdir())] if path.is_dir() else [path]
    try:
        states = [file.stat() for file in files]
    except OSError:
        return path, None
    return path, tuple((state.st_mtime_ns, state.st_size) for state in states)
