"""Compare ways of recognising painted events: the job `study recognition`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cell_events.jobs.checks import (
    JobError,
    check_at_least,
    check_choice,
    check_classes,
    check_positive,
)
from cell_events.jobs.reports import Report
from cell_events.jobs.study_painted import PaintedStudy

STRATEGIES, CRITERIA, CONTENT_VIEW = "strategies", "criteria", "content-view"
TABLES = (STRATEGIES, CRITERIA, CONTENT_VIEW)
OURS = "ours"
STRATEGY_NAMES = ("A0", "A1", "B0", "B1", "C0", "C1", OURS)
SPLITS = ("blocks", "random")


@dataclass(frozen=True, slots=True)
class StudyRecognition(PaintedStudy):
    """Compare strategies, criteria and content views of Chen et al. 2024 on your own movie.

    Each row is one training on a part of the field and one evaluation on the other part, which
    shares no pixel with it. Finished rows are kept; the same command goes on where it was stopped.

    Attributes
    ----------
    held_out
        Share of the events and of the field that is judged on, at one side; of the crops, if they
        are split at random.
    tables
        What is compared, joined by commas: "strategies", "criteria", "content-view".
    strategies
        Rows of the first table, joined by commas: A0, A1, B0, B1, C0, C1 and "ours".
    criteria_strategy
        Strategy with which criteria are compared.
    split
        "blocks": judged on a part of the field that shares no pixel with what is learned; "random":
        crops shuffled as in the paper, which leaks.
    fine_tuned_steps
        Batches to learn from, where features are fine-tuned.
    learning_rate
        The highest in the run.
    view_size
        Crop size of the first row of the content view, in pixels; others have half and twice it.
    view_pairs
        Crop pairs from which each row of the content view learns the time arrow.
    """

    tables: tuple[str, ...] = TABLES
    strategies: tuple[str, ...] = STRATEGY_NAMES
    criteria_strategy: str = "A0"
    split: str = SPLITS[0]
    fine_tuned_steps: int = 100
    learning_rate: float = 1e-3
    view_size: int = 48
    view_pairs: int = 6144

    def __post_init__(self) -> None:
        PaintedStudy.__post_init__(self)  # plain super() fails in classes with slots
        for name, choices in (("tables", TABLES), ("strategies", STRATEGY_NAMES)):
            chosen = getattr(self, name)
            check_classes(chosen)
            for one in chosen:
                check_choice(name, one, choices)
        check_choice("criteria_strategy", self.criteria_strategy, STRATEGY_NAMES[:-1])
        check_choice("split", self.split, SPLITS)
        check_at_least("fine_tuned_steps", self.fine_tuned_steps, 1)
        check_at_least("view_pairs", self.view_pairs, 1)
        check_positive("learning_rate", self.learning_rate)
        if self.view_size < 32 or self.view_size % 16:
            raise JobError(
                f"view_size must be a multiple of 16 and at least 32, got {self.view_size}."
            )


def run_study_recognition(job: StudyRecognition) -> Iterator[Report]:
    """Measure row after row; the tables and the page are written after each."""
    from cell_events.jobs.study_recognition_tables import study_recognition

    yield from study_recognition(job)
