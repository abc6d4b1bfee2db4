"""Compare ways of recognising painted events: the job `study recognition`."""

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

STRATEGIES, CRITERIA, CONTENT_VIEW = "strategies", "criteria", "content-view"
TABLES = (STRATEGIES, CRITERIA, CONTENT_VIEW)
OURS = "ours"
STRATEGY_NAMES = ("A0", "A1", "B0", "B1", "C0", "C1", OURS)
SPLITS = ("blocks", "random")


@dataclass(frozen=True, slots=True)
class StudyRecognition:
    """Compare strategies, criteria and content views of Chen et al. 2024 on your own movie.

    Each row is one training on a part of the field and one evaluation on the other part, which
    shares no pixel with it. Finished rows are kept; the same command goes on where it was stopped.

    Attributes
    ----------
    movies
        The annotated movie, one.
    paints
        Its painted mask, as `train` takes it.
    out
        Folder to write: a page, a CSV and a picture for each table, and the finished rows.
    tables
        What is compared, joined by commas: "strategies", "criteria", "content-view".
    done
        Frames in which unpainted pixels mean "nothing happens here"; only these are judged on.
    truth
        CSV of the true events; without it, paint that touches is one event.
    classes
        Names of the painted values 1..K, joined by commas on the command line.
    strategies
        Rows of the first table, joined by commas: A0, A1, B0, B1, C0, C1 and "ours".
    criteria_strategy
        Strategy with which criteria are compared.
    split
        "blocks": judged on a part of the field that shares no pixel with what is learned; "random":
        crops shuffled as in the paper, which leaks.
    tap
        Time-arrow model; None takes the one that comes with the package.
    crop_size, delta
        Side of a crop in pixels, an even number; frame step between the two crops of a pair.
    steps, fine_tuned_steps
        Batches to learn from, where features are frozen, and where they are fine-tuned.
    batch
        Crop pairs in one training step.
    learning_rate
        The highest in the run.
    view_size
        Crop size of the first row of the content view, in pixels; others have half and twice it.
    view_pairs
        Crop pairs from which each row of the content view learns the time arrow.
    held_out
        Share of the events and of the field that is judged on, at one side; of the crops, if they
        are split at random.
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
    tables: tuple[str, ...] = TABLES
    done: tuple[str, ...] = ()
    truth: Path | None = None
    classes: tuple[str, ...] = ("division",)
    strategies: tuple[str, ...] = STRATEGY_NAMES
    criteria_strategy: str = "A0"
    split: str = SPLITS[0]
    tap: Path | None = None
    crop_size: int = 48
    delta: int = 1
    steps: int = 600
    fine_tuned_steps: int = 100
    batch: int = 32
    learning_rate: float = 1e-3
    view_size: int = 48
    view_pairs: int = 6144
    held_out: float = 0.4
    radius_px: float = 10.0
    frames: int = 1
    seeds: int = 3
    cache: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        check_annotated_movie(self.movies, self.paints, self.done)
        check_classes(self.classes)
        self._check_choices()
        for name in ("delta", "steps", "fine_tuned_steps", "batch", "view_pairs", "seeds"):
            check_at_least(name, getattr(self, name), 1)
        check_at_least("frames", self.frames, 0)
        check_crop_size(self.crop_size)
        if self.view_size < 32 or self.view_size % 16:
            raise JobError(
                f"view_size must be a multiple of 16 and at least 32, got {self.view_size}."
            )
        check_fraction("held_out", self.held_out)
        if not self.held_out:
            raise JobError("held_out must be above 0: a study needs a part to be judged on.")
        for name in ("radius_px", "learning_rate"):
            check_positive(name, getattr(self, name))

    def _check_choices(self) -> None:
        for name, choices in (("tables", TABLES), ("strategies", STRATEGY_NAMES)):
            chosen = getattr(self, name)
            check_classes(chosen)
            for one in chosen:
                check_choice(name, one, choices)
        check_choice("criteria_strategy", self.criteria_strategy, STRATEGY_NAMES[:-1])
        check_choice("split", self.split, SPLITS)
        check_choice("device", self.device, DEVICES)

    @property
    def events(self) -> tuple[Path, ...]:
        """No decisions: a study learns from paint alone."""
        return ()


def run_study_recognition(job: StudyRecognition) -> Iterator[Report]:
    """Measure row after row, then write the tables and the page."""
    from cell_events.jobs.study_recognition_tables import study_recognition

    yield from study_recognition(job)
