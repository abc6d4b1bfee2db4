"""A movie cut into two halves that share no pixel: one to learn from, one to be tested on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cell_events.events import Event, read_events
from cell_events.movie import Movie, open_movie
from cell_events.recognition.paint import PaintedMask


@dataclass(frozen=True)
class Half:
    """One half of an annotated movie."""

    movie: Movie
    mask: PaintedMask
    events: tuple[Event, ...]


def read_halves(data: Path, name: str) -> tuple[Half, Half]:
    """Open `NAME_movie.tif`, its event mask and its divisions, cut into a left and a right half."""
    movie = open_movie(data / f"{name}_movie.tif", axes="TYX")
    mask = open_movie(data / f"{name}_eventmask.tif", axes="TYX")
    events = read_events(data / f"{name}_divisions.csv")
    middle = movie.shape[2] // 2
    return _half(movie, mask, events, 0, middle), _half(movie, mask, events, middle, middle * 2)


def _half(movie: Movie, mask: Movie, events: list[Event], start: int, stop: int) -> Half:
    """The columns from `start` to `stop`, with the events in them."""
    columns = slice(start, stop)
    inside = tuple(
        Event(event.t, event.y, event.x - start, event.kind)
        for event in events
        if start <= event.x < stop and event.t > 0  # the first frame is in no pair as second
    )
    done = frozenset(range(movie.n_frames))
    paint = PaintedMask(mask.crop(columns=columns), ("division",), done)
    return Half(movie.crop(columns=columns), paint, inside)
