"""The files that the worker reads for movies: their own, or copies of layers that are in none."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from cell_events.gui.layers.movie_files import MovieFiles, movies_of
from cell_events.gui.preferences import preferences
from cell_events.gui.project_desk import LookedAt, ProjectDesk
from cell_events.gui.running.job_runner import Step
from cell_events.jobs import MovieSource
from cell_events.project import ProjectError


class MovieSources:
    """Finds, or makes, a file for each movie; copies end with the viewer."""

    def __init__(self, desk: ProjectDesk) -> None:
        self.desk = desk
        self.files = MovieFiles()
        self._seen: dict[str, LookedAt] = {}

    def forget_movies(self) -> None:
        """Another project lies open, whose movies may have the same ids."""
        self._seen.clear()

    def source(self, looked_at: LookedAt) -> Generator[Step, None, MovieSource]:
        """File that the worker reads for a movie; that of the project, if it is known there."""
        if looked_at.movie_id is not None:
            self._seen[looked_at.movie_id] = looked_at
            in_project = self.desk.source_of(looked_at.movie_id)
            if in_project is not None:
                return in_project
        source = yield from self.files.source(looked_at.layer, looked_at.placement)
        return source

    def source_of(self, movie_id: str, looked_at: LookedAt) -> Generator[Step, None, MovieSource]:
        """File that the worker reads for any movie of the project.

        Raises
        ------
        ProjectError
            If the movie is in no layer that was looked at, and cannot be found.
        """
        if movie_id == looked_at.movie_id or movie_id in self._seen:
            layer = looked_at if movie_id == looked_at.movie_id else self._seen[movie_id]
            source = yield from self.source(layer)
            return source
        in_file = self.desk.source_of(movie_id)
        if in_file is None and self.desk.project is not None:
            reference = self.desk.project.movies[movie_id]
            raise ProjectError(
                f"The movie {reference.name} of this project is not at {reference.path}; "
                "open it once, from where it lies now, and try again."
            )
        if in_file is None:
            raise ProjectError("No project is open; choose a movie and press 'New' to begin one.")
        return in_file

    def alone(self, job: Any) -> Any:
        """Give a job as it can be done once the viewer is gone; None if it reads a copy of ours."""
        if any(self.files.is_copy(source.path) for source in movies_of(job)):
            return None
        return replace(job, cache=preferences().features) if hasattr(job, "cache") else job
