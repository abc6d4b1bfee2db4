"""How much annotation is enough: the job `study labels`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cell_events.jobs.checks import check_at_least, check_choice, check_classes
from cell_events.jobs.reports import Report
from cell_events.jobs.study_painted import PaintedStudy

TIME_ARROW, RANDOM, END_TO_END = "time arrow", "random", "end to end"
LABEL_WAYS = (TIME_ARROW, RANDOM, END_TO_END)


@dataclass(frozen=True, slots=True)
class StudyLabels(PaintedStudy):
    """Measure how precision grows with the number of painted events (label efficiency).

    One part of the field is learned from, with 2, 4, 8 and so on of its events, the same ones for
    all ways; the other part is searched for events. Finished rows are kept; the same command goes
    on where it was stopped.

    Attributes
    ----------
    seeds
        How often everything is done, with other random numbers and other events to learn from.
    ways
        What is compared, joined by commas: features of the "time arrow", of a "random" network, or
        a network learned "end to end" from random weights.
    counts
        Numbers of painted events, one option for each; none: 2, 4, 8 and so on, and all.
    end_to_end_steps
        Batches to learn from, where all is learned.
    rehearsals
        How often to try the classifier on the done frames (see `train`).
    """

    ways: tuple[str, ...] = LABEL_WAYS
    counts: tuple[int, ...] = ()
    end_to_end_steps: int = 200
    rehearsals: int = 2

    def __post_init__(self) -> None:
        PaintedStudy.__post_init__(self)  # plain super() fails in classes with slots
        check_classes(self.ways)
        for way in self.ways:
            check_choice("ways", way, LABEL_WAYS)
        check_at_least("end_to_end_steps", self.end_to_end_steps, 1)
        check_at_least("rehearsals", self.rehearsals, 0)
        if self.counts:
            check_at_least("counts", min(self.counts), len(self.classes))


def run_study_labels(job: StudyLabels) -> Iterator[Report]:
    """Measure row after row; the table and the page are written after each."""
    from cell_events.jobs.study_label_rows import study_labels

    yield from study_labels(job)
