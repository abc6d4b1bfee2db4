"""What a person's decision makes of an event; each function returns the event as it is then."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace

from cell_events.events import Event

PROPOSED_KIND, PROPOSED_T = "proposed_kind", "proposed_t"
"""Names in `Event.extra` of what a detector had said, where a person changed it."""

ADDED_ID = "added-"
"""How the ids of events that a person added begin."""


def new_id() -> str:
    """Id for an event that a person adds."""
    return f"{ADDED_ID}{uuid.uuid4().hex[:8]}"


def is_added(event_id: str, event: Event) -> bool:
    """Whether a person added the event, so that it may be deleted; others are rejected instead."""
    return event.status == "added" or event_id.startswith(ADDED_ID)


def is_decided(event: Event) -> bool:
    """Whether a person accepted, rejected or added the event."""
    return event.status != "proposed"


def is_unchanged(event: Event) -> bool:
    """Whether kind and time are still those that were proposed."""
    return PROPOSED_KIND not in event.extra and PROPOSED_T not in event.extra


def accepted(event_id: str, event: Event) -> Event:
    """The event as true; score and source stay."""
    return replace(event, status="added" if is_added(event_id, event) else "accepted")


def rejected(event: Event) -> Event:
    """The event as false."""
    return replace(event, status="rejected")


def with_kind(event_id: str, event: Event, kind: str) -> Event:
    """The event as true and of another kind."""
    return _changed(event_id, event, replace(event, kind=kind))


def shifted(event_id: str, event: Event, frames: int, last_frame: int | None = None) -> Event:
    """The event as true and `frames` later, within the movie."""
    t = max(event.t + frames, 0)
    t = t if last_frame is None else min(t, last_frame)
    return _changed(event_id, event, replace(event, t=t))


def _changed(event_id: str, before: Event, after: Event) -> Event:
    """Accept a changed event, and note in `extra` what was proposed."""
    if before.status == "added" or event_id.startswith(ADDED_ID):
        return accepted(event_id, after)
    extra = dict(before.extra)
    _note(extra, PROPOSED_KIND, before.kind, after.kind)
    _note(extra, PROPOSED_T, str(before.t), str(after.t))
    return replace(accepted(event_id, after), extra=extra)


def _note(extra: dict[str, str], name: str, before: str, after: str) -> None:
    """Keep the first value that was proposed; nothing once the person is back at it."""
    proposed: str = extra.get(name, before)
    extra[name] = proposed
    if proposed == after:
        del extra[name]


def differing(
    events: Mapping[str, Event], changes: Mapping[str, Event | None]
) -> dict[str, Event | None]:
    """The changes that change something."""
    return {name: after for name, after in changes.items() if events.get(name) != after}
