"""What a person painted and decided, as jobs read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cell_events.movie import Movie
    from cell_events.recognition.crops import CropSettings
    from cell_events.recognition.paint import PaintedMask


class Annotated(Protocol):
    """A job that learns from paint and decisions: one file of each for each movie, or none."""

    @property
    def paints(self) -> tuple[Path, ...]:
        """Painted masks."""

    @property
    def events(self) -> tuple[Path, ...]:
        """CSVs of decided events."""

    @property
    def done(self) -> tuple[str, ...]:
        """Frames that are fully painted, for each movie or once for all."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the painted values."""


def open_masks(job: Annotated, movies: Sequence[Movie], crops: CropSettings) -> list[PaintedMask]:
    """Open the painted mask of each movie, with the decisions about its events."""
    from cell_events.events import read_events
    from cell_events.recognition.decisions import with_decisions
    from cell_events.recognition.paint import open_mask, parse_frames

    done = job.done * len(movies) if len(job.done) == 1 else job.done or ("",) * len(movies)
    paints = job.paints or [nothing_painted(movie) for movie in movies]
    masks = [
        open_mask(paint, movie, job.classes, parse_frames(frames))
        for paint, movie, frames in zip(paints, movies, done, strict=True)
    ]
    if not job.events:
        return masks
    return [
        with_decisions(mask, read_events(path), crops)
        for mask, path in zip(masks, job.events, strict=True)
    ]


def nothing_painted(movie: Movie) -> Movie:
    """Mask of a movie on which nobody has painted; it takes no memory."""
    import numpy as np

    from cell_events.movie import open_movie

    return open_movie(np.broadcast_to(np.uint8(0), movie.shape), axes="TYX")
