"""What can be undone and redone, in one order for paint, decisions and settings."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from cell_events.project.entry import EDIT, REDO, UNDO, Entry

MAX_STEPS = 10_000


@dataclass(slots=True)
class Step:
    """An edit that can be undone: in memory until it is written, then a place in the journal."""

    number: int
    title: str
    start: int = -1
    stop: int = -1
    entry: Entry | None = field(default=None, repr=False)


@dataclass(slots=True)
class History:
    """Two stacks of steps; the newest comes last."""

    undo: deque[Step] = field(default_factory=lambda: deque(maxlen=MAX_STEPS))
    redo: deque[Step] = field(default_factory=lambda: deque(maxlen=MAX_STEPS))

    def record(self, entry: Entry, step: Step) -> None:
        """Follow an entry of the journal; `step` is where it stands."""
        if entry.do == EDIT:
            self.undo.append(step)
            self.redo.clear()
        elif entry.do in (UNDO, REDO):
            source, target = (self.undo, self.redo)[:: 1 if entry.do == UNDO else -1]
            self._move(source, target, entry.fields.get("of"))

    @staticmethod
    def _move(source: deque[Step], target: deque[Step], number: object) -> None:
        """Move the step of an undo or redo; after damage to the journal it may be missing."""
        for step in reversed(source):
            if step.number == number:
                source.remove(step)
                target.append(step)
                return
