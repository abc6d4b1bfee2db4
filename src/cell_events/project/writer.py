"""The thread that writes: many entries with one sync, and again when a full disk has room."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Condition, Thread

from cell_events.project.edits import ProjectError
from cell_events.project.history import Step
from cell_events.project.journal import Journal

RETRY_S = 1.0
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Ticket:
    """Says when something is safe on disk."""

    _changed: Condition = field(repr=False)
    done: bool = False
    """Whether it is written and synced: no crash can lose it any more."""
    error: str | None = None
    """Why it will never be done."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is safe; return whether it is, after at most `timeout` seconds.

        Raises
        ------
        ProjectError
            If it will never be.
        """
        with self._changed:
            self._changed.wait_for(lambda: self.done or self.error is not None, timeout)
        if self.error is not None:
            raise ProjectError(self.error)
        return self.done


@dataclass(slots=True, eq=False)
class _Task:
    """Work in small steps, begun when all entries before it are safe."""

    steps: Iterator[object]
    ticket: Ticket
    after: Ticket | None


class Writer:
    """Appends entries to the journal, first come first written, and does tasks in between.

    Parameters
    ----------
    journal
        Only this writer appends to it.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._changed = Condition()
        self._steps: deque[tuple[Step, Ticket]] = deque()
        self._tasks: deque[_Task] = deque()
        self._stopping = False
        self.error: str | None = None
        """Why nothing can be written at the moment."""
        self._thread = Thread(target=self._run, name="project journal", daemon=True)
        self._thread.start()

    @property
    def n_waiting(self) -> int:
        """Entries that are in memory only."""
        return len(self._steps)

    def append(self, step: Step) -> Ticket:
        """Queue the entry of a step."""
        ticket = Ticket(self._changed)
        with self._changed:
            self._steps.append((step, ticket))
            self._changed.notify_all()
        return ticket

    def add_task(self, steps: Iterator[object]) -> Ticket:
        """Queue work that may only be done when all entries queued so far are safe."""
        with self._changed:
            before = self._steps[-1][1] if self._steps else None
            task = _Task(steps, Ticket(self._changed, error=self.error), before)
            if self.error is None:
                self._tasks.append(task)
            self._changed.notify_all()
        return task.ticket

    def flush(self) -> bool:
        """Wait until all is safe, or cannot be written for a while; return whether all is safe."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_idle() or self.error is not None)
            return self._changed.wait_for(self._is_idle, 2 * RETRY_S)

    def stop(self) -> None:
        """Write what can be written, and end the thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()
        self._journal.close()
        for _, ticket in self._steps:
            ticket.error = self.error

    def _is_idle(self) -> bool:
        return not self._steps and not self._tasks

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or not self._is_idle())
                batch, task = list(self._steps), self._tasks[0] if self._tasks else None
                if self._is_idle():
                    return
            if batch:
                self._commit(batch)
            if self.error is not None:
                if not self._wait_for_room():
                    return
            elif task is not None and (task.after is None or task.after.done):
                self._advance(task)

    def _commit(self, batch: list[tuple[Step, Ticket]]) -> None:
        try:
            places = self._journal.append(step.entry for step, _ in batch if step.entry is not None)
        except Exception as error:  # noqa: BLE001 (nothing may end this thread)
            _log.exception("The journal cannot be written.")
            self._fail(error)
            return
        with self._changed:
            for (step, ticket), place in zip(batch, places, strict=True):
                step.start, step.stop = place
                step.entry = None
                ticket.done = True
                self._steps.popleft()
            self.error = None
            self._changed.notify_all()

    def _advance(self, task: _Task) -> None:
        """Do one step of a task; entries that came meanwhile go first."""
        error: str | None = None
        try:
            next(task.steps)
            return
        except StopIteration:
            pass
        except Exception as failure:  # noqa: BLE001 (nothing may end this thread)
            _log.exception("A file of the project cannot be written.")
            error = _sentence(failure)
        with self._changed:
            task.ticket.done, task.ticket.error = error is None, error
            self._tasks.popleft()
            self._changed.notify_all()

    def _fail(self, error: Exception) -> None:
        with self._changed:
            self.error = _sentence(error)
            while self._tasks:
                self._tasks.popleft().ticket.error = self.error
            self._changed.notify_all()

    def _wait_for_room(self) -> bool:
        """Wait before the next try; return whether there is to be one."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, RETRY_S)
            return not self._stopping


def _sentence(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return (
        f"The project cannot be saved ({reason}); make room on the disk or check that the folder "
        "can be written: what you did so far is kept in memory and saved as soon as possible."
    )
