"""Who may use the worker: one task at a time, and work done ahead gives way to the user's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from qtpy.QtCore import QObject, Signal

from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.running.job_runner import JobRunner, Task


class Urgency(IntEnum):
    """What gives way to what: the first two to anything at least as urgent, the last to nothing."""

    AHEAD = 0
    UPDATE = 1
    ASKED_FOR = 2


@dataclass(frozen=True)
class Named:
    """A task, what people call it, and how urgent it is."""

    title: str
    task: Task
    urgency: Urgency


class TaskQueue(QObject):
    """Runs named tasks in a `JobRunner`.

    Signals: `began(title)`, `progressed(report)`, `ended(title, sentence, is_error)`. A task that
    had to give way ends in silence.
    """

    began = Signal(str)
    progressed = Signal(object)
    ended = Signal(str, str, bool)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = runner
        self._running: Named | None = None
        self._next: Named | None = None
        runner.progressed.connect(self._on_progress)
        runner.ended.connect(self._on_ended)

    @property
    def running(self) -> str | None:
        """Title of what runs; None if nothing does."""
        return self._running.title if self._running else None

    @property
    def busy(self) -> bool:
        """Whether something runs, or waits to, that gives way to nothing."""
        return any(named and named.urgency == Urgency.ASKED_FOR for named in self._both)

    def start(self, title: str, task: Task, urgency: Urgency = Urgency.ASKED_FOR) -> None:
        """Begin a task, or let it follow once what gives way has stopped.

        Work done ahead is left out while anything else is under way.

        Raises
        ------
        LayerError
            If something runs that does not give way.
        """
        if self.busy:
            busy = next(n.title for n in self._both if n and n.urgency == Urgency.ASKED_FOR)
            raise LayerError(f"'{busy}' is still running; wait for it, or press Stop.")
        named = Named(title, task, urgency)
        if self._running is None:
            self._begin(named)
        elif urgency > Urgency.AHEAD:
            self._next = named
            self.runner.stop()

    def stop(self) -> None:
        """Stop what runs, and forget what waits."""
        self._next = None
        self.runner.stop()

    @property
    def _both(self) -> tuple[Named | None, Named | None]:
        return self._next, self._running

    def _begin(self, named: Named) -> None:
        self._running = named
        self.began.emit(named.title)
        self.runner.start(named.task)

    def _on_progress(self, report: dict[str, Any]) -> None:
        if self._next is None and not self.runner.stopping:
            self.progressed.emit(report)

    def _on_ended(self, sentence: str, is_error: bool) -> None:
        ended, self._running = self._running, None
        following, self._next = self._next, None
        if following is not None:
            self._begin(following)
        elif ended is not None:
            self.ended.emit(ended.title, sentence, is_error)
