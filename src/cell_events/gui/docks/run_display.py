"""What a dock shows of a run: bar, curves, sentences, and which buttons are free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from qtpy.QtCore import QObject
from qtpy.QtWidgets import QAbstractButton, QWidget

from cell_events.gui.forms.curves import TrainingCurves
from cell_events.gui.forms.left_runs import LeftRuns
from cell_events.gui.forms.run_bar import RunBar
from cell_events.gui.running.update_loop import PREPARING, UPDATING
from cell_events.gui.workbench import Workbench


class RunForm(Protocol):
    """The widgets of a dock that runs jobs."""

    @property
    def run_bar(self) -> RunBar:
        """Progress, buttons and the status line of what runs."""
        ...

    def add_below(self, widget: QWidget) -> None:
        """Show a widget between the form and the run bar."""


class RunDisplay(QObject):
    """Follows the queue of tasks; work done ahead moves the bar and says nothing.

    Parameters
    ----------
    form
        Has the run bar; the display goes with it.
    buttons
        What starts jobs; free while nothing runs that gives way to nothing.
    curves
        Where what a training measures is drawn; None in docks that train nothing.

    Attributes
    ----------
    left_runs
        The line about a run that was interrupted.
    last_job
        The job that somebody asked for last; None before the first.
    """

    def __init__(
        self,
        bench: Workbench,
        form: RunForm,
        buttons: Sequence[QAbstractButton],
        curves: TrainingCurves | None = None,
    ) -> None:
        super().__init__(form.run_bar)
        self.bench, self.form, self._buttons = bench, form, tuple(buttons)
        self._curves = curves
        self.left_runs = LeftRuns(bench.runs.resume, bench.runs.knows)
        self.last_job: Any = None
        form.add_below(self.left_runs)
        form.run_bar.follow(bench.queue.runner)
        bench.said.connect(form.run_bar.say)
        bench.queue.began.connect(self._on_began)
        bench.queue.progressed.connect(self._on_progress)
        if curves is not None:
            bench.queue.progressed.connect(curves.add_report)
        bench.queue.ended.connect(self._on_ended)
        bench.desk.changed.connect(self.show_left)
        bench.runs.known_changed.connect(self.show_left)
        self.show_left()

    def show_left(self) -> None:
        """Offer runs that were interrupted."""
        project = self.bench.project
        is_free = project is not None and not project.read_only and not self.bench.queue.busy
        self.left_runs.look_in(project.path if project and is_free else None)

    def _on_began(self, title: str) -> None:
        self.form.run_bar.set_running(True)
        self._enable(not self.bench.queue.busy)
        if title in self.bench.runs.titles or title == UPDATING:
            if self._curves is not None:
                self._curves.clear()
            self.form.run_bar.say(f"{title}: the worker gets ready…")
        if title in self.bench.runs.titles:
            self.left_runs.look_in(None)

    def _on_progress(self, report: dict[str, Any]) -> None:
        said = self.form.run_bar.sentence
        self.form.run_bar.show_report(report)
        if self.bench.queue.running == PREPARING:
            self.form.run_bar.say(said)
        else:
            self.last_job = self.bench.queue.runner.last_job

    def _on_ended(self, title: str, sentence: str, is_error: bool) -> None:
        self.form.run_bar.set_running(False)
        self._enable(True)
        if title != PREPARING:
            self.last_job = self.bench.queue.runner.last_job
        if title != PREPARING or is_error:
            self.form.run_bar.say(sentence, is_error)
        if title in self.bench.runs.titles:
            self.show_left()

    def _enable(self, enabled: bool) -> None:
        for button in self._buttons:
            button.setEnabled(enabled)
