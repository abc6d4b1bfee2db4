"""The two jobs of abnormal stretches: how they begin, and what becomes of their results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QObject, Signal

from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.running.dry_mass_state import STRETCHES
from cell_events.gui.running.dry_mass_tasks import DryMassTasks
from cell_events.gui.running.outcomes import short
from cell_events.gui.running.run_desk import Steps, Values, only
from cell_events.gui.running.stretch_state import StretchState
from cell_events.gui.running.stretch_tasks import StretchAsked, StretchTasks
from cell_events.jobs import SegmentsDetect, SegmentsTrain

LEARNING, FINDING = "Fine-tune on stretches", "Find stretches"
"""Titles of the jobs."""


class StretchActions(QObject):
    """Starts jobs, and keeps what they make in the project.

    Signals tell that there is something new to show: `learned()`, `found()`.

    Parameters
    ----------
    ask
        Gives what the form says.
    """

    learned, found = Signal(), Signal()

    def __init__(
        self,
        state: StretchState,
        tasks: DryMassTasks,
        ask: Callable[[], StretchAsked],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.state, self.bench, self.tasks = state, state.bench, StretchTasks(tasks)
        self._ask = ask
        self.bench.runs.add(self, LEARNING, self._take_up_model)
        self.bench.runs.add(self, FINDING, self._take_up_stretches)

    def leave(self) -> None:
        """Take up nothing any more."""
        self.bench.runs.remove(self)

    @says_errors
    def train(self) -> None:
        """Learn from what was painted."""
        self.bench.runs.start(LEARNING, self.train_steps())

    @says_errors
    def find(self) -> None:
        """Find stretches in the tracks in use."""
        self.bench.runs.start(FINDING, self.find_steps())

    def train_steps(self) -> Steps:
        """What leads to the job behind 'Fine-tune'."""
        return only(self.tasks.train(self._ask()))

    def find_steps(self) -> Steps:
        """What leads to the job behind 'Find stretches'."""
        return only(self.tasks.find(self._ask()))

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)

    def _take_up_model(self, job: SegmentsTrain, values: Values) -> str:
        """Find stretches with this model from now on."""
        self.state.model = job.model
        self.learned.emit()
        return learned_outcome(job, values)

    def _take_up_stretches(self, job: SegmentsDetect, values: Values) -> str:
        """Show these stretches."""
        state = self.state.state
        movie_id = state.movie_with(job.series[0])
        state.keep(STRETCHES, state.name_of(job.csv), movie_id)
        self.found.emit()
        return found_outcome(job, values)


def learned_outcome(job: SegmentsTrain, values: dict[str, Any]) -> str:
    """Say from how much was learned, what there is little of, and what comes next."""
    counts = values.get("stretches") or {}
    learned = ", ".join(f"{number:,} {kind}" for kind, number in counts.items())
    notes = " ".join(values.get("notes") or ())
    said = f"Learned from {learned}; kept as {short(job.model)}. Now press 'Find stretches'."
    return f"{said} {notes}".strip()


def found_outcome(job: SegmentsDetect, values: dict[str, Any]) -> str:
    """Say how many stretches were found in how many cells."""
    number, cells = int(values["stretches"]), int(values["series_with_stretches"])
    if not number:
        return (
            f"No abnormal stretch found in {values['series']:,} cells; try a lower threshold, or "
            "paint a few and press 'Fine-tune'."
        )
    said = f"{number:,} stretch{'' if number == 1 else 'es'} found in {cells:,}"
    return f"{said} of {values['series']:,} cells; kept as {short(job.csv)}."
