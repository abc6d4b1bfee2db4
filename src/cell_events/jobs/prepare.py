"""Compute what quick updates need of a movie, ahead of time: the job `prepare`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_at_least,
    check_choice,
    check_crop_size,
    check_not_empty,
)
from cell_events.jobs.movie_source import MISSING_CHUNKS, MovieSource
from cell_events.jobs.reports import Report

DEFAULT_CROP_PX = 48


@dataclass(frozen=True, slots=True)
class Prepare:
    """Compute features of movies ahead of time, so that the first update is quick.

    Attributes
    ----------
    movies
        Movies to prepare, one after another.
    cache
        Folder that keeps the features; give the same to `update`.
    tap
        Time-arrow model; None takes the one that comes with the package.
    crop_size
        Side of a crop in pixels, an even number; the same as in `update`.
    from_frame
        Frame to begin with; others follow outward from it.
    shown_movie
        Number of the movie to begin with, from 0.
    missing_chunks
        "error", or "fill" to read missing chunks of a zarr movie as its fill value.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    """

    movies: tuple[MovieSource, ...]
    cache: Path
    tap: Path | None = None
    crop_size: int = DEFAULT_CROP_PX
    from_frame: int = 0
    shown_movie: int = 0
    missing_chunks: str = "error"
    device: str = "auto"

    def __post_init__(self) -> None:
        check_not_empty("movie", self.movies)
        check_crop_size(self.crop_size)
        check_at_least("from_frame", self.from_frame, 0)
        check_choice("missing_chunks", self.missing_chunks, MISSING_CHUNKS)
        check_choice("device", self.device, DEVICES)
        check_shown_movie(self.shown_movie, self.movies)


def check_shown_movie(shown_movie: int, movies: tuple[MovieSource, ...]) -> None:
    """Raise `JobError` unless there is a movie of this number."""
    if not 0 <= shown_movie < len(movies):
        raise JobError(
            f"shown_movie must be a number from 0 to {len(movies) - 1}, got {shown_movie}."
        )


def run_prepare(job: Prepare) -> Iterator[Report]:
    """Compute frame after frame; stopping loses nothing that is finished."""
    raise NotImplementedError
    yield
