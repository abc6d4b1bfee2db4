"""What the studies of painted events are told alike: movie, paint, parts, tolerance, seeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import (
    DEVICES,
    check_at_least,
    check_choice,
    check_classes,
    check_crop_size,
    check_positive,
)
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.study_checks import check_annotated_movie, check_held_out


@dataclass(frozen=True, slots=True)
class PaintedStudy:
    """A study on one movie with painted events.

    Attributes
    ----------
    movies
        The annotated movie, one.
    paints
        Its painted mask, as `train` takes it.
    out
        Folder to write: a page, a CSV and a picture for each table, and the finished rows.
    done
        Frames in which unpainted pixels mean "nothing happens here"; only in these, events count.
    truth
        CSV of the true events; without it, paint that touches is one event.
    classes
        Names of the painted values 1..K, joined by commas on the command line.
    tap
        Time-arrow model; None takes the one that comes with the package.
    crop_size, delta
        Side of a crop in pixels, an even number; frame step between the two crops of a pair.
    steps
        Batches to learn from, where features are frozen.
    batch
        Crop pairs in one training step.
    held_out
        Share of the events and of the field that is judged on, at one side.
    radius_px, frames
        Largest distance, in pixels and frames, between a found event and the true one.
    seeds
        How often everything is done, with other random numbers.
    cache
        Folder that keeps dense features for the next run.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    """

    movies: tuple[MovieSource, ...]
    paints: tuple[Path, ...]
    out: Path
    done: tuple[str, ...] = ()
    truth: Path | None = None
    classes: tuple[str, ...] = ("division",)
    tap: Path | None = None
    crop_size: int = 48
    delta: int = 1
    steps: int = 600
    batch: int = 32
    held_out: float = 0.4
    radius_px: float = 10.0
    frames: int = 1
    seeds: int = 3
    cache: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        check_annotated_movie(self.movies, self.paints, self.done)
        check_classes(self.classes)
        for name in ("delta", "steps", "batch", "seeds"):
            check_at_least(name, getattr(self, name), 1)
        check_at_least("frames", self.frames, 0)
        check_crop_size(self.crop_size)
        check_held_out(self.held_out)
        check_positive("radius_px", self.radius_px)
        check_choice("device", self.device, DEVICES)

    @property
    def events(self) -> tuple[Path, ...]:
        """No decisions: a study learns from paint alone."""
        return ()
