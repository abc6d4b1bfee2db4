"""The events of one movie as the viewer sees them: the model behind table, inbox and layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QObject, Signal

from cell_events.events import Event
from cell_events.review.decisions import (
    accepted,
    differing,
    is_added,
    new_id,
    rejected,
    shifted,
    with_kind,
)
from cell_events.review.event_columns import EventColumns


class EventList(QObject):
    """Proposals and decisions, merged, by id; one of them, or none, is selected.

    Whoever wants events to change calls `want` or one of the verbs below it. These change nothing:
    they emit `edit_wanted`. The owner journals the edit, then calls `put`.

    Signals: `reset()` after `set_events`; `changed(ids)` of events that are new, other or gone;
    `selected(id or None)`, once for each change; `edit_wanted(title, {id: Event or None})`.
    """

    reset = Signal()
    changed = Signal(object)
    selected = Signal(object)
    edit_wanted = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.last_frame: int | None = None  # of the movie: events are not shifted beyond it
        self._events: dict[str, Event] = {}
        self._columns = EventColumns({})
        self._selected_id: str | None = None

    def __len__(self) -> int:
        return len(self._events)

    def __contains__(self, event_id: object) -> bool:
        return event_id in self._events

    @property
    def events(self) -> Mapping[str, Event]:
        """All events by id."""
        return MappingProxyType(self._events)

    @property
    def ids(self) -> NDArray[np.object_]:
        """Ids in the order of the rows of `columns`."""
        return self._columns.ids

    @property
    def columns(self) -> EventColumns:
        """Arrays t, y, x, kind, score, probability, status, source; `columns["t"]`."""
        return self._columns

    @property
    def kinds(self) -> set[str]:
        """Kinds of the events that there are."""
        return set(self._columns["kind"])

    @property
    def selected_id(self) -> str | None:
        """Id of the selected event."""
        return self._selected_id

    def get(self, event_id: str | None) -> Event | None:
        """The event of this id, if it is there (the name `event` belongs to Qt)."""
        return None if event_id is None else self._events.get(event_id)

    def set_events(self, events: Mapping[str, Event]) -> None:
        """Show these events instead of all earlier ones; the selected one stays if it is there."""
        self._events = dict(events)
        self._columns = EventColumns(self._events)
        self.reset.emit()
        self._drop_lost_selection()

    def put(self, changes: Mapping[str, Event | None]) -> None:
        """Replace, add, or with None remove events."""
        changes = differing(self._events, changes)
        if not changes:
            return
        for event_id, event in changes.items():
            if event is None:
                del self._events[event_id]
            else:
                self._events[event_id] = event
        self._columns.put(changes)
        self.changed.emit(list(changes))
        self._drop_lost_selection()

    def select(self, event_id: str | None) -> None:
        """Select one event, or none; an unknown id selects none."""
        event_id = event_id if event_id in self._events else None
        if event_id != self._selected_id:
            self._selected_id = event_id
            self.selected.emit(event_id)

    def want(self, title: str, changes: Mapping[str, Event | None]) -> None:
        """Ask the owner that these events become this; nothing is asked if nothing would change.

        Parameters
        ----------
        title
            What undo calls it, such as "accept 3 events".
        changes
            Events by id as they shall be; None deletes.
        """
        changes = differing(self._events, changes)
        if changes:
            self.edit_wanted.emit(title, changes)

    def accept(self, ids: Iterable[str]) -> None:
        """Want these events accepted; score and source stay."""
        known = self._known(ids)
        self.want(_title("accept", known), {i: accepted(i, e) for i, e in known.items()})

    def reject(self, ids: Iterable[str]) -> None:
        """Want these events rejected."""
        known = self._known(ids)
        self.want(_title("reject", known), {i: rejected(e) for i, e in known.items()})

    def set_kind(self, ids: Iterable[str], kind: str) -> None:
        """Want these events to be of this kind, and accepted."""
        known = self._known(ids)
        changes = {i: with_kind(i, e, kind) for i, e in known.items()}
        self.want(f"{_title('call', known)} {kind}", changes)

    def shift_time(self, ids: Iterable[str], frames: int) -> None:
        """Want these events `frames` later (earlier if negative), and accepted."""
        known = self._known(ids)
        changes = {i: shifted(i, e, frames, self.last_frame) for i, e in known.items()}
        self.want(_title("move", known) + " in time", changes)

    def add(self, event: Event) -> str:
        """Want an event that a person added; return the id that it will have."""
        event_id = new_id()
        self.want(f"add {event.kind}", {event_id: accepted(event_id, event)})
        return event_id

    def delete(self, ids: Iterable[str]) -> None:
        """Want those of these events gone that a person added; proposals are rejected instead."""
        added = {i: e for i, e in self._known(ids).items() if is_added(i, e)}
        self.want(_title("delete", added), dict.fromkeys(added))

    def _known(self, ids: Iterable[str]) -> dict[str, Event]:
        return {i: self._events[i] for i in ids if i in self._events}

    def _drop_lost_selection(self) -> None:
        if self._selected_id is not None and self._selected_id not in self._events:
            self.select(None)


def _title(verb: str, events: Mapping[str, Event]) -> str:
    """Name an edit: "accept division", "accept 3 events"."""
    if len(events) == 1:
        return f"{verb} {next(iter(events.values())).kind}"
    return f"{verb} {len(events)} events"
