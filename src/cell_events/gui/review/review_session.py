"""A review under way: what is looked at, what comes next, and what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from qtpy.QtCore import QObject, Signal

from cell_events.gui.review.event_list import EventList
from cell_events.review.agreement import Progress, progress
from cell_events.review.audit import Audit
from cell_events.review.decisions import is_decided
from cell_events.review.queue import AUDIT, ORDERS, UNCERTAIN, ReviewQueue, review_order

KEPT_HISTORY = 100


class ReviewSession(QObject):
    """Walks through the proposed events; what it looks at is the selected event of the list.

    Signals `changed()` when order, progress or audit are other ones than before.
    """

    changed = Signal()

    def __init__(self, events: EventList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events = events
        self._order = UNCERTAIN
        self._seed = 0
        self._queue = ReviewQueue()
        self.audit = Audit()
        self._history: dict[str, None] = {}  # decided events, the latest last
        self._visited: list[str] = []
        self._asked: str | None = None  # the event whose decision is awaited
        self._is_asking = False
        events.reset.connect(self._make_queue)
        events.changed.connect(self._on_changed)
        events.selected.connect(self._on_selected)
        self._make_queue()

    @property
    def order(self) -> str:
        """In which order the proposals come: one of `ORDERS`."""
        return self._order

    @order.setter
    def order(self, order: str) -> None:
        if order not in ORDERS:
            raise ValueError(
                f"order is {order!r}; expected one of {', '.join(ORDERS)}: choose one of them."
            )
        self._order = order
        if order == AUDIT and not self.audit.sample:
            self.audit = Audit.begin(self._events.events, self._seed)
        self._make_queue()

    @property
    def progress(self) -> Progress:
        """How many proposals are decided, and how the latest decisions agreed with them."""
        status = self._events.columns["status"]
        accepted, rejected, waiting = (
            int(np.count_nonzero(status == word)) for word in ("accepted", "rejected", "proposed")
        )
        decided = accepted + rejected
        return progress(self._events.events, self._history, decided, decided + waiting)

    def begin(self) -> None:
        """Select the first event of the order that waits."""
        first = self._queue.following(None, self._waits)
        if first is not None:
            self._events.select(first)

    def begin_audit(self) -> None:
        """Draw anew from all proposals that are undecided now."""
        self._seed += 1
        self.audit = Audit.begin(self._events.events, self._seed)
        self._make_queue()

    def accept(self) -> None:
        """Accept the selected event and go on."""
        self._decide(lambda name: self._events.accept([name]))

    def reject(self) -> None:
        """Reject the selected event and go on."""
        self._decide(lambda name: self._events.reject([name]))

    def set_kind(self, kind: str) -> None:
        """Accept the selected event as of this kind and go on."""
        self._decide(lambda name: self._events.set_kind([name], kind))

    def shift_time(self, frames: int) -> None:
        """Accept the selected event `frames` later, and stay with it."""
        if (current := self._events.selected_id) is not None:
            self._events.shift_time([current], frames)
            self._count(current)

    def skip(self) -> None:
        """Put the selected event off, and go on."""
        if (current := self._events.selected_id) is not None:
            self._queue.skip(current)
        self.next()

    def next(self) -> None:
        """Select the next event that waits; the last one stays selected when none does."""
        following = self._queue.following(self._events.selected_id, self._waits)
        if following is not None:
            self._events.select(following)
        self.changed.emit()

    def back(self) -> None:
        """Select the event that was looked at before this one, decided or not."""
        current = self._events.selected_id
        while self._visited and (
            self._visited[-1] == current or self._visited[-1] not in self._events
        ):
            self._visited.pop()
        before = self._visited.pop() if self._visited else None
        if before is None:
            before = self._queue.preceding(current, self._waits)
        if before is not None:
            self._events.select(before)

    def state(self) -> dict[str, Any]:
        """What must be kept to go on later, as plain values for JSON."""
        return {
            "order": self._order,
            "seed": self._seed,
            "skipped": list(self._queue.skipped),
            "position": self._events.selected_id,
            "history": list(self._history)[-KEPT_HISTORY:],
            "audit": self.audit.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was kept; what it lacks or does not know is as at the start."""
        self._seed = int(state.get("seed", 0))
        self.audit = Audit.restore(state["audit"]) if "audit" in state else Audit()
        self._history = dict.fromkeys(state.get("history", ()))
        self._queue = ReviewQueue(skipped=state.get("skipped", ()))
        order = state.get("order")
        self.order = order if order in ORDERS else UNCERTAIN
        self._events.select(state.get("position"))

    def _waits(self, event_id: str) -> bool:
        event = self._events.get(event_id)
        if event is None:
            return False
        if self._order == AUDIT:
            return not self.audit.counts(event_id, self._events.events)
        return not is_decided(event)

    def _make_queue(self) -> None:
        """Sort the events anew; those put off stay so."""
        ids = (
            self.audit.sample
            if self._order == AUDIT
            else review_order(self._events.columns, self._order)
        )
        self._queue = ReviewQueue(ids, self._queue.skipped)
        self.changed.emit()

    def _decide(self, ask: Callable[[str], None]) -> None:
        """Ask for a decision about the selected event, and go on once it is made."""
        current = self._events.selected_id
        if current is None:
            self.next()
            return
        self._asked, self._is_asking = current, True
        try:
            ask(current)
        finally:
            self._is_asking = False
        self._go_on_if_decided()

    def _go_on_if_decided(self) -> None:
        event = self._events.get(self._asked)
        if self._asked is not None and event is not None and is_decided(event):
            self._count(self._asked)
            self._asked = None
            self.next()

    def _count(self, event_id: str) -> None:
        """Let an answer count for the audit."""
        if self._order == AUDIT:
            self.audit = self.audit.answer(event_id)
        self.changed.emit()

    def _on_changed(self, ids: list[str]) -> None:
        """Note who was decided; sort anew if events came or went."""
        known = self._queue
        for name in ids:
            self._history.pop(name, None)
            event = self._events.get(name)
            if event is not None and is_decided(event):
                self._history[name] = None
        if any(name not in known for name in ids) or any(name not in self._events for name in ids):
            self._make_queue()
        else:
            self.changed.emit()
        if not self._is_asking and self._asked in ids:
            self._go_on_if_decided()

    def _on_selected(self, event_id: str | None) -> None:
        if event_id is not None:
            self._visited = [*self._visited[-KEPT_HISTORY:], event_id]
        if event_id != self._asked:
            self._asked = None
