"""A project: everything a person painted, decided and trained on some movies, in one folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from cell_events.events import Event
from cell_events.movie import Movie
from cell_events.project.edits import JSON, Edit, ProjectError, plain_json
from cell_events.project.entry import MOVIE, PATH, REMEMBER
from cell_events.project.fitting import check_edit
from cell_events.project.folder import first_free_number, write_decisions
from cell_events.project.movie_reference import MovieReference, reference_to_json
from cell_events.project.open_folder import OpenFolder
from cell_events.project.paint_zarr import PaintZarr
from cell_events.project.painted_frames import PaintedFrames
from cell_events.project.writer import Ticket


class Project(OpenFolder):
    """A folder ``NAME.cellevents`` with paint, decisions, models and results of some movies.

    Every change is in memory at once and in the journal a moment later. Make one with `create`,
    `open` or `open_or_create`, and close it, for instance by a with statement.
    """

    @property
    def movies(self) -> Mapping[str, MovieReference]:
        """Movies by their ids, "movie-1" and so on."""
        return MappingProxyType(self._state.movies)

    def add_movie(self, reference: MovieReference) -> str:
        """Add a movie and return its id; one that is there already keeps its id."""
        with self._log.guard:
            known = self.find_movie(reference.fingerprint)
            if known is not None:
                return known
            taken = [name.removeprefix("movie-") for name in self._state.ids()]
            number = max([int(tail) for tail in taken if tail.isdecimal()], default=0) + 1
            self._describe(f"movie-{number}", reference)
            return f"movie-{number}"

    def find_movie(self, fingerprint: str) -> str | None:
        """Id of the movie with a fingerprint."""
        found = (name for name, movie in self.movies.items() if movie.fingerprint == fingerprint)
        return next(found, None)

    def check_movie(self, movie_id: str, movie: Movie) -> None:
        """Raise `ProjectError`, with the reason, unless `movie` is the one with this id."""
        self._reference(movie_id).check(movie)

    def relocate(self, movie_id: str, path: str | Path) -> None:
        """Say where a movie lies now; `check_movie` tells whether it is the same."""
        moved = replace(self._reference(movie_id), path=Path(path).absolute())
        self._describe(movie_id, moved)

    def missing_movies(self) -> list[str]:
        """Ids of movies that are not where they were, or never were in a file."""
        items = self.movies.items()
        return [name for name, movie in items if movie.path is None or not movie.path.exists()]

    def apply(self, edit: Edit) -> Ticket:
        """Apply an edit in memory at once; its ticket says when it is safe on disk.

        Raises
        ------
        ProjectError
            If the edit does not fit, or the project cannot be edited or saved at the moment.
        """
        check_edit(edit, self.movies)
        return self._log.edit(edit)

    def undo(self) -> Edit | None:
        """Take the last edit back, and return what was applied for that; None if there is none."""
        return self._log.undo()

    def redo(self) -> Edit | None:
        """Apply the edit again that was undone last, and return it; None if there is none."""
        return self._log.redo()

    @property
    def undo_title(self) -> str | None:
        """What `undo` would take back."""
        return self._log.history.undo[-1].title if self._log.history.undo else None

    @property
    def redo_title(self) -> str | None:
        """What `redo` would do again."""
        return self._log.history.redo[-1].title if self._log.history.redo else None

    def paint(self, movie_id: str) -> PaintedFrames:
        """Painted frames of a movie, as they are at any moment."""
        self._reference(movie_id)
        return self._state.paint_of(movie_id)

    def paint_file(self, movie_id: str) -> Path:
        """Bring the painted mask of a movie up to date on disk: a sparse zarr (T, Y, X) of uint8.

        Raises
        ------
        ProjectError
            If it cannot be written.
        """
        frames = self.paint(movie_id)
        if self.read_only:
            return self._paint_copy(movie_id, frames)
        with self._log.guard:
            writer = self._log.checked_writer()
            ticket = writer.add_task(frames.save(frames.changed()))
        ticket.wait()
        return self._state.paint_path(movie_id)

    def events(self, movie_id: str) -> Mapping[str, Event]:
        """Decisions about events by their ids: accepted, rejected or added."""
        self._reference(movie_id)
        return MappingProxyType(self._state.events.setdefault(movie_id, {}))

    def decisions_file(self, movie_id: str) -> Path:
        """Bring a CSV of the decisions about a movie up to date, whole or not at all.

        Raises
        ------
        ProjectError
            If it cannot be written.
        """
        folder = self._folder_of_copies() if self.read_only else self.path
        path = folder / "decisions" / f"{movie_id}.csv"
        events, moment = self.events(movie_id), self._state.n_decisions[movie_id]
        if self._decisions_written.get(movie_id) != moment or not path.exists():
            write_decisions(path, events)
            self._decisions_written[movie_id] = moment
        return path

    def value(self, key: str, default: JSON = None) -> JSON:
        """A value that was remembered or set by a `ValueChange`; do not change it in place."""
        return self._state.values.get(key, default)

    def remember(self, key: str, value: JSON) -> Ticket:
        """Keep a value that undo leaves alone, such as the view; None forgets it."""
        return self._log.append(REMEMBER, {"key": key, "value": plain_json(key, value)})

    def new_path(self, folder: str, name: str, suffix: str) -> Path:
        """Path such as ``models/update-7.safetensors``; no number is ever given twice."""
        stem = f"{folder}/{name}"
        place = self.path / folder
        with self._log.guard:
            number = first_free_number(place, name, self._state.numbers.get(stem, 0))
            self._log.append(PATH, {"stem": stem, "highest": number})
        place.mkdir(parents=True, exist_ok=True)
        return place / f"{name}-{number}{suffix}"

    def snapshot(self) -> None:
        """Write the whole state down now, which otherwise happens now and then by itself."""
        self._log.snapshot().wait()

    def _describe(self, movie_id: str, reference: MovieReference) -> None:
        says = {"id": movie_id, "reference": reference_to_json(reference, self.path)}
        self._log.append(MOVIE, says)

    def _reference(self, movie_id: str) -> MovieReference:
        if movie_id not in self.movies:
            known = ", ".join(self.movies) or "none"
            raise ProjectError(f"{self.name} has no {movie_id!r}; its movies are: {known}.")
        return self.movies[movie_id]

    def _paint_copy(self, movie_id: str, frames: PaintedFrames) -> Path:
        copy = PaintZarr(self._folder_of_copies() / f"{movie_id}.zarr", self.movies[movie_id].shape)
        chunks = dict(frames.all_chunks())
        copy.prepare(chunks)
        for key, chunk in chunks.items():
            copy.write(key, chunk)
        return copy.path
