"""Measuring the rows of a study one after the other, leaving out what is known."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cell_events.jobs.checks import JobError
from cell_events.jobs.reports import Progress

if TYPE_CHECKING:
    from cell_events.trust.study_folder import StudyFolder, StudyPlace

Measuring = Generator[Progress, None, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class StudyStep:
    """One training and its evaluation.

    Attributes
    ----------
    measure
        Does it; nothing happens before it is called.
    """

    place: StudyPlace
    measure: Callable[[], Measuring]


def measure_steps(
    folder: StudyFolder, steps: Sequence[StudyStep], show: Callable[[Mapping[str, str]], object]
) -> Generator[Progress, None, dict[str, str]]:
    """Measure what is not known yet; give the rows that could not be measured, and why.

    Each row is stored as soon as it is finished, so that a study can be stopped at any time.

    Parameters
    ----------
    show
        Writes tables and page of what is known so far; it is given the rows that could not be
        measured. It is called after each row but the last, so that a stopped study can be read.

    Raises
    ------
    JobError
        If there is no row that could be measured.
    """
    missing = [step for step in steps if folder.known(step.place) is None]
    refused: dict[str, str] = {}
    for number, step in enumerate(missing):
        then = tuple(later.place.words for later in missing[number + 1 :])
        name = step.place.words
        yield Progress(name, 0, 1, then=then)
        try:
            values = yield from _named(step.measure(), name, then)
        except ValueError as refusal:
            refused[name] = " ".join(str(refusal).split())
            continue
        folder.keep(step.place, values)
        if then:
            show(refused)
    if len(refused) == len(steps):
        raise JobError(f"No row could be measured: {next(iter(refused.values()))}")
    return refused


def told_refused(refused: Mapping[str, str]) -> str:
    """Say which rows could not be measured, and why."""
    return "Not measured. " + " ".join(f"{name}: {why}" for name, why in refused.items())


def _named(measuring: Measuring, name: str, then: tuple[str, ...]) -> Measuring:
    """Say in each report which row it is about, and which ones follow."""
    while True:
        try:
            report = next(measuring)
        except StopIteration as end:
            values: Mapping[str, float] = end.value
            return values
        yield replace(report, stage=f"{name}: {report.stage}", then=then)
