"""The viewer's end of the worker process: submit jobs, hear of them through Qt signals."""

from __future__ import annotations

import itertools
import json
import sys
from collections import deque
from collections.abc import Sequence
from typing import Any

from qtpy.QtCore import QObject, QProcess, QTimer, Signal

from cell_events import jobs
from cell_events.gui.running.longest_step import LongestStep
from cell_events.gui.running.worker_environment import worker_environment

ARGUMENTS = ("-P", "-m", "cell_events.worker")
"""Arguments of Python; -P keeps the user's folder from hiding modules of ours."""

STOP_GRACE_MS = 1000
SHUTDOWN_GRACE_MS = 1500
LOG_LINES = 200
DIED = (
    "The worker process ended unexpectedly (it may have run out of memory). "
    "It starts again with your next click; nothing in the viewer is lost."
)


class WorkerClient(QObject):
    """One worker process, started when first needed and again after it died.

    Parameters
    ----------
    arguments
        What Python is started with.
    stop_grace_ms
        How long a job may take to heed `stop`, beyond the longest of its steps so far (which
        counts for at least as much), before the worker is killed.

    Signals carry the job's number first: `progress(id, report)`, `paused(id, whether)`,
    `result(id, values)`, `error(id, sentence)`, `stopped(id)` and `died(id, sentence)`. Exactly
    one of the last four ends every job.
    """

    # PySide would sort the keys of a dict; an object stays as it is.
    progress = Signal(int, object)
    paused = Signal(int, bool)
    result = Signal(int, object)
    error = Signal(int, str)
    stopped = Signal(int)
    died = Signal(int, str)

    def __init__(
        self,
        parent: QObject | None = None,
        arguments: Sequence[str] = ARGUMENTS,
        stop_grace_ms: int = STOP_GRACE_MS,
    ) -> None:
        super().__init__(parent)
        self._arguments = list(arguments)
        self._grace_ms = stop_grace_ms
        self._longest_step = LongestStep()
        self._numbers = itertools.count(1)
        self._running: dict[int, Any] = {}
        self._stopping: set[int] = set()
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._process: QProcess | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.kill)

    @property
    def busy(self) -> bool:
        """Whether any job waits or runs."""
        return bool(self._running)

    @property
    def process_id(self) -> int | None:
        """The worker's process id; None while none runs."""
        return int(self._process.processId()) if self._process is not None else None

    @property
    def arguments(self) -> list[str]:
        """What Python is started with."""
        return list(self._arguments)

    @property
    def log(self) -> str:
        """The last lines that the worker wrote to its standard error."""
        return "\n".join(self._log)

    def submit(self, job: Any) -> int:
        """Hand a job to the worker and return the number by which signals name it."""
        process = self._started_process()
        job_id = next(self._numbers)
        self._running[job_id] = job
        self._send(process, {"id": job_id, "job": jobs.to_json(job)})
        return job_id

    def stop(self, job_id: int) -> None:
        """Ask the job to stop; kill the worker if it runs and does not heed that in time."""
        if job_id not in self._running or self._process is None:
            return
        self._stopping.add(job_id)
        self._send(self._process, {"stop": job_id})
        if job_id == next(iter(self._running)) and not self._patience.isActive():
            step_ms = max(self._grace_ms, self._longest_step.milliseconds)
            self._patience.start(self._grace_ms + step_ms)

    def pause(self, job_id: int) -> None:
        """Ask the job to hold still; `paused` says when it does."""
        self._wish("pause", job_id)

    def resume(self, job_id: int) -> None:
        """Let a paused job go on."""
        self._wish("resume", job_id)

    def kill(self) -> None:
        """End the worker at once; files on disk stay whole, as everything is written atomically."""
        if self._process is not None:
            self._process.kill()

    def shut_down(self) -> None:
        """End the worker for good: ask by closing its input, then kill. Safe to call twice."""
        self._patience.stop()
        self._running.clear()
        process, self._process = self._process, None
        if process is None:
            return
        process.blockSignals(True)
        process.closeWriteChannel()
        if not process.waitForFinished(SHUTDOWN_GRACE_MS):
            process.kill()
            process.waitForFinished(SHUTDOWN_GRACE_MS)
        process.deleteLater()

    def _started_process(self) -> QProcess:
        if self._process is None:
            process = QProcess(self)
            process.setProcessEnvironment(worker_environment())
            process.readyReadStandardOutput.connect(self._read_answers)
            process.readyReadStandardError.connect(self._read_log)
            process.finished.connect(self._on_finished)
            process.errorOccurred.connect(self._on_process_error)
            self._process = process
            process.start(sys.executable, self._arguments)
        return self._process

    def _send(self, process: QProcess, request: dict[str, Any]) -> None:
        process.write((json.dumps(request) + "\n").encode())

    def _wish(self, wish: str, job_id: int) -> None:
        if job_id in self._running and self._process is not None:
            self._send(self._process, {wish: job_id})

    def _read_answers(self) -> None:
        while self._process is not None and self._process.canReadLine():
            self._dispatch(json.loads(self._process.readLine().data()))

    def _read_log(self) -> None:
        if self._process is not None:
            text = self._process.readAllStandardError().data().decode(errors="replace")
            self._log.extend(text.splitlines())

    def _dispatch(self, answer: dict[str, Any]) -> None:
        """Turn one line of the protocol into a signal."""
        job_id = answer.get("id")
        if job_id not in self._running:
            return
        if "progress" in answer:
            self._longest_step.tick(job_id)
            self.progress.emit(job_id, answer["progress"])
            return
        if "paused" in answer:
            self._longest_step.begin()
            self.paused.emit(job_id, answer["paused"])
            return
        self._forget(job_id)
        if "result" in answer:
            self.result.emit(job_id, answer["result"])
        elif "error" in answer:
            self.error.emit(job_id, answer["error"])
        else:
            self.stopped.emit(job_id)

    def _forget(self, job_id: int) -> None:
        self._running.pop(job_id, None)
        self._stopping.discard(job_id)
        if not self._stopping:
            self._patience.stop()

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._on_finished()  # Qt emits no `finished` for a process that never ran

    def _on_finished(self, *_: object) -> None:
        """End every open job: as stopped where that was asked, else as died."""
        self._read_answers()
        self._read_log()
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        for job_id in list(self._running):
            asked = job_id in self._stopping
            self._forget(job_id)
            if asked:
                self.stopped.emit(job_id)
            else:
                self.died.emit(job_id, DIED)
