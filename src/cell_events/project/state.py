"""What a project holds at one moment: all entries of its journal, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cell_events.events import Event
from cell_events.project.chunks import Chunks
from cell_events.project.edits import JSON, Change, EventChange, PaintChange
from cell_events.project.entry import MOVIE, PATH, REMEMBER, Entry
from cell_events.project.movie_reference import MovieReference, reference_from_json
from cell_events.project.paint_zarr import PaintZarr
from cell_events.project.painted_frames import PaintedFrames


@dataclass(slots=True)
class State:
    """Movies, paint, decisions and values; entries are applied one by one.

    Attributes
    ----------
    folder
        The project folder.
    replay_paint
        Makes the painted chunks of a movie from the journal, should their files be lost.
    numbers
        Highest number in use for each kind of file, such as "models/update".
    n_decisions
        How often the decisions about a movie have changed since it was opened.
    """

    folder: Path
    replay_paint: Callable[[str], Chunks]
    movies: dict[str, MovieReference] = field(default_factory=dict)
    paint: dict[str, PaintedFrames] = field(default_factory=dict)
    events: dict[str, dict[str, Event]] = field(default_factory=dict)
    values: dict[str, JSON] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    n_decisions: Counter[str] = field(default_factory=Counter)

    def apply(self, entry: Entry) -> None:
        """Take an entry in; applying those of a stretch twice, in order, changes nothing.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it says nothing that this version understands.
        """
        says = entry.fields
        if entry.do == MOVIE:
            self.add_movie(says["id"], reference_from_json(says["reference"], self.folder))
        elif entry.do == REMEMBER:
            self._set_value(says["key"], says["value"])
        elif entry.do == PATH:
            self.numbers[says["stem"]] = int(says["highest"])
        for change in entry.edit.changes if entry.edit is not None else ():
            self._change(change)

    def add_movie(self, name: str, reference: MovieReference) -> None:
        """Add a movie, or say anew where one lies; its paint may be there before it."""
        self.movies[name] = reference
        self.events.setdefault(name, {})
        frames = self.paint_of(name)
        if frames.shape is None:
            frames.shape = reference.shape
            frames.on_disk = PaintZarr(self.paint_path(name), reference.shape)

    def paint_of(self, movie: str) -> PaintedFrames:
        """Painted frames of a movie, made if there are none."""
        if movie not in self.paint:
            self.paint[movie] = PaintedFrames(None, replay=lambda: self.replay_paint(movie))
        return self.paint[movie]

    def paint_path(self, movie: str) -> Path:
        """Where the painted mask of a movie lies."""
        return self.folder / "paint" / f"{movie}.zarr"

    def ids(self) -> Iterator[str]:
        """Ids of movies that anything here speaks of."""
        yield from {*self.movies, *self.paint, *self.events}

    def _change(self, change: Change) -> None:
        if isinstance(change, PaintChange):
            self.paint_of(change.movie).write(change.t, change.top, change.left, change.after)
        elif isinstance(change, EventChange):
            self.n_decisions[change.movie] += 1
            events = self.events.setdefault(change.movie, {})
            if change.after is None or change.after.status == "proposed":  # no decision
                events.pop(change.event_id, None)
            else:
                events[change.event_id] = change.after
        else:
            self._set_value(change.key, change.after)

    def _set_value(self, key: str, value: JSON) -> None:
        if value is None:
            self.values.pop(key, None)
        else:
            self.values[key] = value
