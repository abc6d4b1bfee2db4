"""What the project holds of dry mass; reopening it brings the dock back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cell_events.gui.workbench import Workbench
from cell_events.project import Edit, ValueChange

TRACKS, COLUMN, CELLS, LABELS = "tracks", "column", "cells", "labels"
FLAGS, REPORT, THRESHOLD = "flags", "report", "threshold"
INPUTS, FLAGGING, REVIEW = "inputs", "flagging", "review"
STRETCHES = "stretches"
"""What is known of each movie: see `DryMassState`."""

CELLS_TOGETHER = 100

MODEL = "dry_mass/model"
NO_MOVIE = "no-movie"
"""In place of the movie where tracks are looked at without one."""


class DryMassState:
    """Reads and keeps values of the project, those of a movie under `dry_mass/NAME/MOVIE`.

    `TRACKS` is a track table and `COLUMN` the column of its masses, `CELLS` a movie of labels that
    are its tracks, `LABELS` the labels that were measured, `FLAGS` a CSV, `REPORT` the folder
    beside it, `THRESHOLD` the one that somebody set by hand; `STRETCHES` a CSV of
    abnormal stretches that were found; `INPUTS` and `FLAGGING` are what the form says, `REVIEW` is
    how far the review is. Answers are edits, which can be undone. Nothing
    is kept of a project that is read-only.
    """

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def value(self, name: str, movie_id: str | None = None) -> Any:
        """A value about a movie, by default the one looked at; None if there is none."""
        project, movie_id = self.bench.project, movie_id or self.movie_id
        return project.value(f"dry_mass/{name}/{movie_id}") if project and movie_id else None

    def keep(self, name: str, value: Any, movie_id: str | None = None) -> None:
        """Keep a value about a movie, by default the one looked at."""
        movie_id = movie_id or self.movie_id
        if movie_id is not None and self.value(name, movie_id) != value:
            self._remember(f"dry_mass/{name}/{movie_id}", value)

    @property
    def movie_id(self) -> str | None:
        """Name of the movie looked at in the project; `NO_MOVIE` where there is none at all."""
        looked_at = self.bench.looked_at
        return looked_at.movie_id if looked_at is not None else NO_MOVIE

    @property
    def model(self) -> Path | None:
        """Forecaster that is in use in this project."""
        return self._existing(self.bench.project.value(MODEL)) if self.bench.project else None

    @model.setter
    def model(self, path: Path | None) -> None:
        self._remember(MODEL, None if path is None else self.name_of(path))

    def path(self, name: str) -> Path | None:
        """File or folder that is known of the movie looked at, if it is there."""
        return self._existing(self.value(name))

    def movie_with(self, tracks: Path) -> str | None:
        """Movie that a track table belongs to; by default the one looked at."""
        project = self.bench.project
        for movie_id in (*project.movies, NO_MOVIE) if project else ():
            if self._existing(self.value(TRACKS, movie_id)) == tracks:
                return movie_id
        return self.movie_id

    def answers(self, cells: Iterable[int]) -> dict[int, str]:
        """The expert's answers about cells of the tracks in use."""
        project = self.bench.project
        if project is None:
            return {}
        found: dict[int, str] = {}
        for together in {cell // CELLS_TOGETHER for cell in cells}:
            kept = project.value(self._answers_key(together * CELLS_TOGETHER)) or {}
            found |= {int(cell): str(answer) for cell, answer in kept.items()}
        return found

    def answer(self, cell: int, category: str) -> None:
        """Keep an answer, with undo.

        Raises
        ------
        ProjectError
            If the project cannot be edited.
        """
        project, key = self.bench.project, self._answers_key(cell)
        if project is not None:
            before = project.value(key)
            change = ValueChange(key, before, {**(before or {}), str(cell): category})
            project.apply(Edit(f"answer {category} for cell {cell}", (change,)))

    def name_of(self, path: Path) -> str:
        """Path as seen from the project's folder, which may move."""
        project = self.bench.project
        is_inside = project is not None and path.is_relative_to(project.path)
        return path.relative_to(project.path).as_posix() if project and is_inside else str(path)

    def _answers_key(self, cell: int) -> str:
        """Some hundred cells together: few to ask for, and little to write for each answer.

        Answers belong to a track table: another one numbers its cells in another way.
        """
        return f"dry_mass/answers/{self.value(TRACKS)}/{cell // CELLS_TOGETHER}"

    def _remember(self, key: str, value: Any) -> None:
        project = self.bench.project
        if project is not None and not project.read_only:
            project.remember(key, value)

    def _existing(self, name: Any) -> Path | None:
        """File or folder of the project by its name, if it is still there."""
        project = self.bench.project
        path = project.path / str(name) if project and name else None
        return path if path is not None and path.exists() else None
