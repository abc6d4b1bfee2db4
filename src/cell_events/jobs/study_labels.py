"""How much annotation is enough: the job `study labels`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_at_least,
    check_choice,
    check_classes,
    check_crop_size,
    check_fraction,
    check_positive,
)
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.reports import Report
from cell_events.jobs.study_checks import check_annotated_movie

TIME_ARROW, RANDOM, END_TO_END = "time arrow", "random", "end to end"
LABEL_WAYS = (TIME_ARROW, RANDOM, END_TO_END)


@dataclass(frozen=True, slots=True)
class StudyLabels:
    """Measure how precision grows with the number of painted events (label efficiency).

    One part of the field is learned from, with 2, 4, 8 and so on of its events, the same ones for
    all ways; the other part is searched for events. Finished rows are kept; the same command goes
    on where it was stopped.

    Attributes
    ----------
    movies
        The annotated movie, one.
    paints
        Its painted mask, as `train` takes it.
    out
        Folder to write: a page, CSVs, and the finished rows.
    done
        Frames in which unpainted pixels mean "nothing happens here"; in these, events are counted.
    truth
        CSV of the true events; without it, paint that touches is one event.
    classes
        Names of the painted values 1..K, joined by commas on the command line.
    ways
        What is compared, joined by commas: features of the "time arrow", of a "random" network, or
        a network learned "end to end" from random weights.
    counts
        Numbers of painted events; none: 2, 4, 8 and so on, and all.
    tap
        Time-arrow model; None takes the one that comes with the package.
    crop_size, delta
        Side of a crop in pixels, an even number; frame step between the two crops of a pair.
    steps, end_to_end_steps
        Batches to learn from, where features are frozen, and where all is learned.
    batch
        Crop pairs in one training step.
    rehearsals
        How often to try the classifier on the done frames (see `train`).
    held_out
        Share of the events and of the field that is judged on, at one side.
    radius_px, frames
        Largest distance, in pixels and frames, between a found event and the true one.
    seeds
        How often everything is done, with other random numbers and other events to learn from.
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
    ways: tuple[str, ...] = LABEL_WAYS
    counts: tuple[int, ...] = ()
    tap: Path | None = None
    crop_size: int = 48
    delta: int = 1
    steps: int = 600
    end_to_end_steps: int = 200
    batch: int = 32
    rehearsals: int = 2
    held_out: float = 0.4
    radius_px: float = 10.0
    frames: int = 1
    seeds: int = 3
    cache: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        check_annotated_movie(self.movies, self.paints, self.done)
        check_classes(self.classes)
        check_classes(self.ways)
        for way in self.ways:
            check_choice("ways", way, LABEL_WAYS)
        for name in ("delta", "steps", "end_to_end_steps", "batch", "seeds"):
            check_at_least(name, getattr(self, name), 1)
        for name in ("rehearsals", "frames"):
            check_at_least(name, getattr(self, name), 0)
        if self.counts:
            check_at_least("counts", min(self.counts), len(self.classes))
        check_crop_size(self.crop_size)
        check_fraction("held_out", self.held_out)
        check_positive("radius_px", self.radius_px)
        check_choice("device", self.device, DEVICES)
        if not self.held_out:
            raise JobError("held_out must be above 0: a study needs a part to be judged on.")

    @property
    def events(self) -> tuple[Path, ...]:
        """No decisions: a study learns from paint alone."""
        return ()


def run_study_labels(job: StudyLabels) -> Iterator[Report]:
    """Measure row after row, then write the table and the page."""
    from cell_events.jobs.study_label_rows import study_labels

    yield from study_labels(job)
