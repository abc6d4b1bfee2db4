"""Whether an edit fits the movies of a project."""

from __future__ import annotations

from collections.abc import Mapping

from cell_events.project.edits import Edit, PaintChange, ProjectError, ValueChange
from cell_events.project.movie_reference import MovieReference


def check_edit(edit: Edit, movies: Mapping[str, MovieReference]) -> None:
    """Raise `ProjectError` if an edit speaks of a movie or a place that does not exist."""
    for change in edit.changes:
        if isinstance(change, ValueChange):
            continue
        if change.movie not in movies:
            known = ", ".join(movies) or "none"
            raise ProjectError(f"There is no {change.movie!r}; the movies are: {known}.")
        if isinstance(change, PaintChange):
            _check_place(change, movies[change.movie])


def _check_place(change: PaintChange, movie: MovieReference) -> None:
    n_frames, height, width = movie.shape
    patch_height, patch_width = change.after.shape
    bottom, right = change.top + patch_height, change.left + patch_width
    if change.t >= n_frames or bottom > height or right > width:
        raise ProjectError(
            f"A patch reaches to frame {change.t}, row {bottom - 1}, column {right - 1}, but "
            f"{movie.name} has the shape (T, Y, X) {movie.shape}; paint inside of it."
        )
