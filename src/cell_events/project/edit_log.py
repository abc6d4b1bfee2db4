"""What happens to a project that is open: in memory at once, in the journal a moment later."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from threading import Condition, RLock
from typing import Any

from cell_events.project.edits import Edit, ProjectError
from cell_events.project.entry import EDIT, REDO, UNDO, Entry
from cell_events.project.history import Step
from cell_events.project.opening import Opened
from cell_events.project.snapshot import Capture, write_snapshot
from cell_events.project.writer import Ticket, Writer

ENTRIES_PER_SNAPSHOT = 1000


class EditLog:
    """Applies entries to the state and hands them to the writer, in one order for both.

    Parameters
    ----------
    opened
        The project as it was found.
    refused
        Why it cannot be edited; None if it can.
    """

    def __init__(self, opened: Opened, refused: str | None) -> None:
        self.state = opened.state
        self.history = opened.history
        self.refused = refused
        self.guard = RLock()
        self.writer = None if refused else Writer(opened.journal)
        self._journal = opened.journal
        self._journal_id = opened.journal_id
        self._last = opened.last
        self._n_since_snapshot = opened.n_replayed
        self._snapshot: Ticket | None = None
        if self.writer is not None and (opened.warnings or self._is_snapshot_due()):
            self.snapshot()

    def append(self, do: str, fields: Mapping[str, Any], edit: Edit | None = None) -> Ticket:
        """Let something happen.

        Raises
        ------
        ProjectError
            If the project cannot be edited, or cannot be saved at the moment.
        """
        with self.guard:
            writer = self.checked_writer()
            entry = Entry(self._last.number + 1, do, fields, edit)
            self.state.apply(entry)
            step = Step(entry.number, edit.title if edit else "", entry=entry)
            self.history.record(entry, step)
            self._last = step
            ticket = writer.append(step)
            self._n_since_snapshot += 1
            if self._is_snapshot_due():
                self.snapshot()
            return ticket

    def edit(self, edit: Edit) -> Ticket:
        """Apply an edit, which can be undone; one without changes is none."""
        self.checked_writer()
        return self.append(EDIT, {}, edit) if edit.changes else Ticket(Condition(), done=True)

    def undo(self) -> Edit | None:
        """Take the last edit back; return what was applied for that."""
        with self.guard:
            edit = self._top(self.history.undo)
            return None if edit is None else self._applied(UNDO, self.history.undo, edit.inverse())

    def redo(self) -> Edit | None:
        """Apply the edit again that was undone last."""
        with self.guard:
            edit = self._top(self.history.redo)
            return None if edit is None else self._applied(REDO, self.history.redo, edit)

    def snapshot(self) -> Ticket:
        """Begin to write paint and a snapshot of this moment."""
        with self.guard:
            capture = Capture.of(self.state, self.history, self._last)
            self._n_since_snapshot = 0
            steps = write_snapshot(capture, self._journal_id)
            self._snapshot = self.checked_writer().add_task(steps)
            return self._snapshot

    def close(self, discard: bool) -> None:
        """Write everything and end the writer; raise if it cannot be, unless one may `discard`."""
        if self.writer is None:
            return
        if self._n_since_snapshot and self.writer.error is None:
            self.snapshot()
        if not self.writer.flush() and not discard:
            raise ProjectError(
                f"{self.writer.n_waiting} edits are not saved yet. {self.writer.error}"
            )
        self.writer.stop()

    def checked_writer(self) -> Writer:
        """The writer, if there is one and it can write."""
        if self.refused is not None or self.writer is None:
            raise ProjectError(self.refused or "The project is closed; open it again.")
        if self.writer.error is not None:
            raise ProjectError(self.writer.error)
        return self.writer

    def _applied(self, do: str, stack: deque[Step], edit: Edit) -> Edit:
        self.append(do, {"of": stack[-1].number}, edit)
        return edit

    def _top(self, stack: deque[Step]) -> Edit | None:
        """The edit that is next, from memory or from the journal."""
        self.checked_writer()
        if not stack:
            return None
        step = stack[-1]
        entry = step.entry
        try:
            return (entry or self._journal.read(step.start)).edit
        except (ProjectError, OSError):
            stack.clear()
            raise

    def _is_snapshot_due(self) -> bool:
        previous = self._snapshot
        is_pending = previous is not None and not previous.done and previous.error is None
        return self._n_since_snapshot >= ENTRIES_PER_SNAPSHOT and not is_pending
