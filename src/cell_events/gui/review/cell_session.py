"""A review of flagged cells under way: which is looked at, which comes next, what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qtpy.QtCore import QObject, Signal

from cell_events.dry_mass.audit_draw import AuditSettings, review_order
from cell_events.dry_mass.flags import CellFlag
from cell_events.dry_mass.review import Answers, ReviewCells, ReviewSummary
from cell_events.review.queue import ReviewQueue

KEPT_HISTORY = 100


class CellSession(QObject):
    """Walks through flagged and drawn cells; whoever owns it keeps the answers.

    Signals: `selected(track_id)` when another cell is looked at, None for none; `changed()` when
    cells or answers are other ones; `answer_wanted(track_id, category)` for the owner, who keeps
    the answer and calls `set_answers`: then the session goes on.
    """

    selected = Signal(object)
    changed = Signal()
    answer_wanted = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.flags: Mapping[int, CellFlag] = {}
        self.answers: dict[int, str] = {}
        self.current: int | None = None
        self._cells = ReviewCells.of(())
        self._queue = ReviewQueue()
        self._visited: list[int] = []
        self._asked: int | None = None
        self._has_answers = False  # of these cells; the first ones are what was kept, no news

    @property
    def order(self) -> tuple[int, ...]:
        """Cells of the review in their order: flagged ones, and drawn ones among them."""
        return tuple(map(int, self._queue.ids))

    @property
    def summary(self) -> ReviewSummary:
        """What the answers say."""
        return self._cells.summary(self.answers)

    @property
    def done(self) -> int:
        """How many cells of the review have an answer."""
        return sum(1 for cell in self.order if self.answers.get(cell))

    @property
    def position(self) -> int | None:
        """Place of the current cell in the order, from 1; None if it is not in it."""
        is_in = self.current is not None and str(self.current) in self._queue
        return self._queue.ids.index(str(self.current)) + 1 if is_in else None

    def set_flags(self, flags: Sequence[CellFlag], audit: AuditSettings | None = None) -> None:
        """Review other cells, or the same ones under another threshold."""
        audit = audit or AuditSettings()
        before, self.flags = self.flags, {flag.track_id: flag for flag in flags}
        self._has_answers &= before.keys() == self.flags.keys()
        self._cells = ReviewCells.of(flags, audit)
        self._queue = ReviewQueue(map(str, review_order(flags, audit)), self._queue.skipped)
        if self.current is not None and self.current not in self.flags:
            self.select(None)
        self.changed.emit()

    def set_answers(self, answers: Answers) -> None:
        """Take what is kept: go on after an answer, and to where one was taken back."""
        before, self.answers = self.answers, {i: name for i, name in answers.items() if name}
        changed = [
            cell
            for cell in {**before, **self.answers}
            if cell in self.flags and before.get(cell) != self.answers.get(cell)
        ]
        asked, self._asked = self._asked, None
        is_news, self._has_answers = self._has_answers, True
        self.changed.emit()
        if asked is not None and asked == self.current and self.answers.get(asked):
            self.next()
        elif asked is None and is_news and len(changed) == 1:
            self.select(changed[0])

    def answer(self, category: str) -> None:
        """Ask that the current cell gets this answer, or begin if there is no current cell."""
        if self.current is None:
            self.next()
        elif self.answers.get(self.current) == category:
            self.next()  # confirmed
        else:
            self._asked = self.current
            self.answer_wanted.emit(self.current, category)

    def select(self, track_id: int | None) -> None:
        """Look at a cell, whether it is in the review or not."""
        if track_id == self.current:
            return
        if self.current is not None:
            self._visited = [*self._visited[-KEPT_HISTORY:], self.current]
        self.current, self._asked = track_id, None
        self.selected.emit(track_id)

    def next(self) -> None:
        """Go to the next cell without an answer; stay if there is none."""
        current = None if self.current is None else str(self.current)
        following = self._queue.following(current, self._waits)
        if following is not None:
            self.select(int(following))

    def back(self) -> None:
        """Go to the cell that was looked at before, answered or not."""
        while self._visited:
            before = self._visited.pop()
            if before in self.flags and before != self.current:
                self.current, self._asked = before, None
                self.selected.emit(before)
                return
        place = self.position
        if place is not None and place > 1:
            self.current = self.order[place - 2]
            self.selected.emit(self.current)

    def skip(self) -> None:
        """Put the current cell off to the end, and go on."""
        if self.current is not None and str(self.current) in self._queue:
            self._queue.skip(str(self.current))
        self.next()

    def state(self) -> dict[str, Any]:
        """What must be kept to go on later, as plain values for JSON; answers are kept apart."""
        return {"current": self.current, "skipped": list(self._queue.skipped)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was kept; what does not fit is as at the start."""
        self._queue = ReviewQueue(self._queue.ids, state.get("skipped", ()))
        current = state.get("current")
        self.select(current if current in self.flags else None)

    def _waits(self, cell: str) -> bool:
        return not self.answers.get(int(cell))
