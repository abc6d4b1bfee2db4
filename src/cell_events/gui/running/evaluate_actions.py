"""The job of the dock 'Evaluate': how it begins, and what becomes of its result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qtpy.QtCore import QObject, Signal

from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.evaluate_tasks import EvaluateAsked, EvaluateTasks
from cell_events.gui.running.job_actions import JobActions
from cell_events.gui.running.job_runner import Task
from cell_events.gui.running.outcomes import short
from cell_events.gui.running.run_desk import Steps, Values
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Evaluate

EVALUATING = "Evaluate"
"""Title of the job."""

DECISIONS = "decisions"
"""Folder of a project with the CSVs of decisions."""


class EvaluateActions(JobActions):
    """Starts the job, and keeps in the project where its page is. Signals `evaluated()`."""

    evaluated = Signal()

    def __init__(
        self,
        bench: Workbench,
        look: Callable[[], LookedAt],
        ask: Callable[[], EvaluateAsked],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(bench, look, ask, parent)
        self.tasks = EvaluateTasks(bench)

    @property
    def folder(self) -> Path | None:
        """Folder of the last evaluation of the movie looked at; None if there is none."""
        project, looked_at = self.bench.project, self.bench.looked_at
        if project is None or looked_at is None or looked_at.movie_id is None:
            return None
        name = project.value(_key(looked_at.movie_id))
        path = project.path / str(name) if name else None
        return path if path is not None and path.exists() else None

    @says_errors
    def evaluate(self) -> None:
        """Compare the lists that the form says."""
        steps, movie_id = self.steps(), self._look().movie_id

        def take_up(job: Evaluate, values: Values) -> str:
            return self._take_up(movie_id, job, values)

        self.bench.queue.start(EVALUATING, Task(steps, take_up))

    def steps(self) -> Steps:
        """What leads to the job."""
        asked = self._ask()  # before a project that begins now empties it
        return self.tasks.evaluate(self._look(), asked)

    def _take_up(self, movie_id: str | None, job: Evaluate, values: Values) -> str:
        project = self.bench.project
        if project is not None and movie_id is not None and job.page is not None:
            if not project.read_only:
                name = job.page.relative_to(project.path).as_posix()
                project.remember(_key(movie_id), name)
            self.evaluated.emit()
        return told_outcome(job, values) + self._told_undecided(job)

    def _told_undecided(self, job: Evaluate) -> str:
        """Say so if the truth is what was decided, and not everything is decided yet."""
        waiting = int((self.bench.events.columns["status"] == "proposed").sum())
        if not waiting or job.truth.parent.name != DECISIONS:
            return ""
        are = "1 proposal is" if waiting == 1 else f"{waiting} proposals are"
        return f" {are} undecided and count as false alarms: review first for figures that hold."


def told_outcome(job: Evaluate, values: dict[str, Any]) -> str:
    """Say the F1, how many true events it is from, and where the page is."""
    one = values["all"]
    ends = one["intervals"].get("f1")
    sure = f" ({ends[0]:.2f} to {ends[1]:.2f})" if ends else ""
    place = f"; the page is {short(job.page)}" if job.page is not None else ""
    f1 = "unknown" if one["f1"] is None else f"{one['f1']:.2f}"
    true = one["true_positives"] + one["false_negatives"]
    return f"F1 {f1}{sure}, from {true} true event{'s' * (true != 1)}{place}."


def _key(movie_id: str) -> str:
    return f"evaluation/{movie_id}"
