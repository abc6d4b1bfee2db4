"""One task at a time: prepare its files in the viewer, run its job in the worker, tell of both."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from qtpy.QtCore import QObject, Signal

from cell_events.gui.stepper import Stepper
from cell_events.gui.worker_client import WorkerClient

logger = logging.getLogger(__name__)

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
    """

    steps: Generator[Step, None, Any]
    then: Callable[[Any, dict[str, Any]], str]


class JobRunner(QObject):
    """Signals `progressed(report)`, with the protocol's keys, and `ended(sentence, is_error)`."""

    progressed = Signal(dict)
    ended = Signal(str, bool)

    def __init__(self, parent: QObject | None = None, client: WorkerClient | None = None) -> None:
        super().__init__(parent)
        self.client = client or WorkerClient(self)
        self._stepper = Stepper(self)
        self._task: Task | None = None
        self._job: Any = None
        self._job_id: int | None = None
        self.last_job: Any = None
        self.stopping = False
        self._stepper.stepped.connect(self._on_step)
        self._stepper.finished.connect(self._submit)
        self._stepper.failed.connect(self._on_exception)
        self.client.progress.connect(self._on_progress)
        self.client.result.connect(self._on_result)
        self.client.error.connect(self._on_error)
        self.client.died.connect(self._on_error)
        self.client.stopped.connect(self._on_stopped)

    @property
    def busy(self) -> bool:
        """Whether a task is under way."""
        return self._task is not None

    def start(self, task: Task) -> None:
        """Begin a task; one at a time."""
        self._task = task
        self._stepper.start(task.steps)

    def stop(self) -> None:
        """Stop the task: at once while it prepares, at its next report in the worker."""
        self.stopping = self.busy
        if self._stepper.busy:
            self._stepper.stop()
            self._end("Stopped.")
        elif self._job_id is not None:
            self.client.stop(self._job_id)

    def shut_down(self) -> None:
        """Stop everything, in silence, for good."""
        self.blockSignals(True)
        self._stepper.stop()
        self.client.shut_down()

    def _on_step(self, step: tuple[str, int, int]) -> None:
        stage, done, total = step
        self.progressed.emit({"stage": stage, "done": done, "total": total})

    def _submit(self, job: Any) -> None:
        try:
            self._job = self.last_job = job
            self._job_id = self.client.submit(job)
        except Exception as error:  # noqa: BLE001 - shown in the dock and logged
            self._on_exception(error)

    def _on_progress(self, job_id: int, report: dict[str, Any]) -> None:
        if job_id == self._job_id:
            self.progressed.emit(report)

    def _on_result(self, job_id: int, values: dict[str, Any]) -> None:
        if job_id != self._job_id or self._task is None:
            return
        task, job = self._task, self._job
        try:
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
            self._end("Stopped.")

    def _on_exception(self, error: Exception) -> None:
        if not isinstance(error, (ValueError, OSError)):
            logger.error("A task failed in the viewer.", exc_info=error)
        self._end(str(error) or type(error).__name__, is_error=True)

    def _end(self, sentence: str, is_error: bool = False) -> None:
        self._task = self._job = self._job_id = None
        self.stopping = False
        self.ended.emit(sentence, is_error)
