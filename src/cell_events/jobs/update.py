"""From paint and decisions to a new result within seconds: the job `update`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import (
    DEVICES,
    check_at_least,
    check_choice,
    check_classes,
    check_crop_size,
    check_done,
    check_examples,
    check_fraction,
    check_not_empty,
    check_one_for_each,
)
from cell_events.jobs.movie_source import MISSING_CHUNKS, MovieSource
from cell_events.jobs.prepare import DEFAULT_CROP_PX, check_shown_movie
from cell_events.jobs.reports import Report


@dataclass(frozen=True, slots=True)
class Update:
    """Learn from paint and decisions, and show the result, within seconds; writes a model file.

    The classifier is that of `train` with its default head. It learns on a grid of places whose
    features are computed once; the frame that is looked at is predicted first, then its
    neighbours, then the rest of this movie and the others.

    Attributes
    ----------
    movies
        Movies to learn from and to search.
    paints
        Painted mask (T, Y, X) of each movie, in the same order: 0 unpainted, 1..K the event
        classes, 255 "nothing happens here". None at all where decisions suffice.
    model
        Model file to write, before anything is predicted.
    events
        CSV of decisions for each movie: accepted and added events are learned as painted ones,
        rejected ones as places where nothing happens; proposed ones are left out.
    csvs
        CSV of proposed events to write, for each movie.
    heatmaps
        Zarr to write, for each movie: the score of each class on the grid, (T, K, y, x) uint8,
        255 for a score of 1; its attributes tell where the grid lies.
    start
        Model to go on from, if it fits; otherwise learning begins anew.
    tap
        Time-arrow model; None takes the one that comes with the package.
    done
        Frames in which unpainted pixels mean "nothing happens here", such as "0-20,30": one text
        for each movie, or one for all.
    classes
        Names of the painted values 1..K, joined by commas on the command line.
    crop_size
        Side of a crop in pixels, an even number.
    delta
        Frame step between the two crops of a pair.
    steps
        Batches to learn from.
    threshold
        Smallest score of a proposed event.
    frame
        Frame to predict first; its neighbours follow outward.
    shown_movie
        Number of the movie to predict first, from 0.
    missing_chunks
        "error", or "fill" to read missing chunks of a zarr movie as its fill value.
    cache
        Folder that keeps features for the next update; without it they are kept only while the
        process lives, as far as memory allows.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    movies: tuple[MovieSource, ...]
    paints: tuple[Path, ...]
    model: Path
    events: tuple[Path, ...] = ()
    csvs: tuple[Path, ...] = ()
    heatmaps: tuple[Path, ...] = ()
    start: Path | None = None
    tap: Path | None = None
    done: tuple[str, ...] = ()
    classes: tuple[str, ...] = ("division",)
    crop_size: int = DEFAULT_CROP_PX
    delta: int = 1
    steps: int = 200
    threshold: float = 0.5
    frame: int = 0
    shown_movie: int = 0
    missing_chunks: str = "error"
    cache: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("movie", self.movies)
        check_examples(self.paints, self.events, self.movies)
        check_one_for_each("CSVs", self.csvs, self.movies)
        check_one_for_each("heat maps", self.heatmaps, self.movies)
        check_done(self.done, self.movies)
        check_classes(self.classes)
        check_crop_size(self.crop_size)
        for name in ("delta", "steps"):
            check_at_least(name, getattr(self, name), 1)
        check_at_least("frame", self.frame, 0)
        check_shown_movie(self.shown_movie, self.movies)
        check_fraction("threshold", self.threshold)
        check_choice("missing_chunks", self.missing_chunks, MISSING_CHUNKS)
        check_choice("device", self.device, DEVICES)


def run_update(job: Update) -> Iterator[Report]:
    """Learn, write the model, then predict frame after frame and propose events."""
    raise NotImplementedError
    yield
