"""Compute what quick updates need of a movie, ahead of time: the job `prepare`."""

from __future__ import annotations

import time
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
from cell_events.jobs.kept import kept_pairs
from cell_events.jobs.movie_source import MISSING_CHUNKS, MovieSource
from cell_events.jobs.reports import Progress, Report, Result
from cell_events.jobs.time_arrow_model import time_arrow_path

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
    from cell_events.engine.device import choose_device, prepare_cpu
    from cell_events.recognition.place_grid import outward

    device = str(choose_device(job.device))
    prepare_cpu()
    tap = time_arrow_path(job.tap)
    frames = 0
    for index in shown_first(job.shown_movie, len(job.movies)):
        source = job.movies[index]
        pairs = kept_pairs(source, job.missing_chunks, tap, job.crop_size, job.cache, device)
        first = job.from_frame if index == job.shown_movie else 0
        started = time.monotonic()
        order = outward(first, 0, pairs.features.shape[0])
        for done, total in pairs.features.compute(order):
            left = (time.monotonic() - started) / done * (total - done)
            frames += 1
            values = {"frame": order[done - 1], "movie": index}
            yield Progress(f"prepare {source.path.name}", done, total, values, left)
    yield Result({"cache": str(job.cache), "frames": frames})


def shown_first(shown: int, count: int) -> list[int]:
    """Numbers of movies, that of the shown one first."""
    return [shown, *(index for index in range(count) if index != shown)]
