"""One task at a time: prepare its files in the viewer, run its job in the worker, tell of both."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qtpy.QtCore import QObject, Signal

from cell_events.gui.running.finish_alone import finish_alone
from cell_events.gui.running.stepper import Stepper
from cell_events.gui.running.unfinished_runs import keep_run
from cell_events.gui.running.worker_client import WorkerClient
from cell_events.jobs.run_file import Run, clear_run, release_run

logger = logging.getLogger(__name__)

STOPPED = "Stopped."

Step = tuple[str, int, int]
"""What is being prepared, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Task:
    """What one button does.

    Attributes
    ----------
    steps
        Writes the files that the job reads, yields (what, done, total), and returns the job.
    then
        Called with the job and the values of its result; returns the sentence to end with.
    title
        What people call it, such as "Training"; empty for work that is not worth a question
        when the viewer closes.
    kept_in
        Folder that keeps the run until it has ended well, so that it can go on after the viewer
        or the machine died; None for work that is quickly done again.
    """

    steps: Generator[Step, None, Any]
    then: Callable[[Any, dict[str, Any]], str]
    title: str = ""
    kept_in: Path | None = None


class JobRunner(QObject):
    """Runs one task at a time.

    Signals: `progressed(report)`, with the protocol's keys; `paused(whether)` once the task holds
    still or goes on; `ended(sentence, is_error)`.
    """

    progressed = Signal(object)
    paused = Signal(bool)
    ended = Signal(str, bool)

    def __init__(self, parent: QObject | None = None, client: WorkerClient | None = None) -> None:
        super().__init__(parent)
        self.client = client or WorkerClient(self)
        self._stepper = Stepper(self)
        self._task: Task | None = None
        self._job: Any = None
        self._job_id: int | None = None
        self._run: Run | None = None
        self.last_job: Any = None
        self.stopping = False
        self._stepper.stepped.connect(self._on_step)
        self._stepper.finished.connect(self._submit)
        self._stepper.failed.connect(self._on_exception)
        self.client.progress.connect(self._on_progress)
        self.client.paused.connect(self._on_paused)
        self.client.result.connect(self._on_result)
        self.client.error.connect(self._on_error)
        self.client.died.connect(self._on_error)
        self.client.stopped.connect(self._on_stopped)

    @property
    def busy(self) -> bool:
        """Whether a task is under way."""
        return self._task is not None

    @property
    def title(self) -> str:
        """What people call the task under way; empty without one, or if it has no title."""
        return self._task.title if self._task is not None else ""

    @property
    def run(self) -> Run | None:
        """The kept run of the job that the worker does at present; None if it keeps none."""
        return self._run

    def start(self, task: Task) -> None:
        """Begin a task; one at a time."""
        self._task = task
        self._stepper.start(task.steps)

    def stop(self) -> None:
        """Stop the task: at once while it prepares, at its next report in the worker."""
        self.stopping = self.busy
        if self._stepper.busy:
            self._stepper.stop()
            self._end(STOPPED)
        elif self._job_id is not None:
            self.client.stop(self._job_id)

    def set_paused(self, paused: bool) -> None:
        """Let the task hold still, or go on; signal `paused` tells when it does."""
        if self._stepper.busy:
            (self._stepper.pause if paused else self._stepper.resume)()
            self.paused.emit(paused)
        elif self._job_id is not None:
            (self.client.pause if paused else self.client.resume)(self._job_id)

    def shut_down(self) -> None:
        """Stop everything, in silence, for good; a kept run can be resumed."""
        self.blockSignals(True)
        self._stepper.stop()
        self.client.shut_down()
        self._let_go_of_run()
        self._task = self._job = self._job_id = None

    def hand_over(self, job: Any) -> bool:
        """Shut down, and let a process of its own finish the kept run; whether that began.

        Parameters
        ----------
        job
            The job of the run, with nothing in it that ends with the viewer.
        """
        run, self._run = self._run, None
        self.shut_down()
        return run is not None and finish_alone(replace(run, job=job), self.client.arguments)

    def _on_step(self, step: tuple[str, int, int]) -> None:
        stage, done, total = step
        self.progressed.emit({"stage": stage, "done": done, "total": total})

    def _submit(self, job: Any) -> None:
        try:
            self._job = self.last_job = job
            self._run = self._kept_run(job)
            self._job_id = self.client.submit(self._run.job if self._run else job)
        except Exception as error:  # noqa: BLE001 - shown in the dock and logged
            self._on_exception(error)

    def _kept_run(self, job: Any) -> Run | None:
        """Write down what is begun, if the task is to be kept."""
        if self._task is None or self._task.kept_in is None:
            return None
        return keep_run(self._task.kept_in, job, self._task.title)

    def _let_go_of_run(self) -> None:
        """Leave the run to whoever resumes it."""
        run, self._run = self._run, None
        if run is not None:
            release_run(run)

    def _on_paused(self, job_id: int, paused: bool) -> None:
        if job_id == self._job_id:
            self.paused.emit(paused)

    def _on_progress(self, job_id: int, report: dict[str, Any]) -> None:
        if job_id == self._job_id:
            self.progressed.emit(report)

    def _on_result(self, job_id: int, values: dict[str, Any]) -> None:
        if job_id != self._job_id or self._task is None:
            return
        task, job = self._task, self._job
        run, self._run = self._run, None
        try:
            if run is not None:
                clear_run(run)
            sentence = task.then(job, values)
        except Exception as error:  # noqa: BLE001 - shown in the dock and logged
            self._on_exception(error)
        else:
            self._end(sentence)

    def _on_error(self, job_id: int, sentence: str) -> None:
        if job_id == self._job_id:
            self._end(sentence, is_error=True)

    def _on_stopped(self, job_id: int) -> None:
        if job_id == self._job_id:
            self._end(STOPPED)

    def _on_exception(self, error: Exception) -> None:
        if not isinstance(error, (ValueError, OSError)):
            logger.error("A task failed in the viewer.", exc_info=error)
        self._end(str(error) or type(error).__name__, is_error=True)

    def _end(self, sentence: str, is_error: bool = False) -> None:
        self._let_go_of_run()
        self._task = self._job = self._job_id = None
        self.stopping = False
        self.ended.emit(sentence, is_error)
