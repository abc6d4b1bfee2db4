"""Checks that the studies share."""

from __future__ import annotations

from pathlib import Path

from cell_events.jobs.checks import JobError, check_done, check_fraction
from cell_events.jobs.movie_source import MovieSource


def check_annotated_movie(
    movies: tuple[MovieSource, ...], paints: tuple[Path, ...], done: tuple[str, ...]
) -> None:
    """Raise `JobError` unless there is one movie and its painted mask."""
    check_study_movie(movies)
    if len(paints) != 1:
        raise JobError(f"A study needs the painted mask of its movie; got {len(paints)} masks.")
    check_done(done, movies)


def check_study_movie(movies: tuple[MovieSource, ...]) -> None:
    """Raise `JobError` unless there is one movie."""
    if len(movies) != 1:
        raise JobError(f"A study is made on one annotated movie; got {len(movies)}.")


def check_held_out(share: float) -> None:
    """Raise `JobError` unless a part of the field is left to be judged on."""
    check_fraction("held_out", share)
    if not share:
        raise JobError("held_out must be above 0: a study needs a part to be judged on.")
