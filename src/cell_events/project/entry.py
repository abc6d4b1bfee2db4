"""One entry of the journal, in memory and as JSON."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.project.edits import Change, Edit, EventChange, PaintChange, ValueChange

EDIT, UNDO, REDO, RESTORE = "edit", "undo", "redo", "restore"
"""What entries with an edit do; `RESTORE` brings a state back and cannot be undone."""

MOVIE, REMEMBER, PATH = "movie", "remember", "path"
"""What the other entries do."""

MAX_PATCH_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened to a project.

    Attributes
    ----------
    number
        Counts the entries from 1; a gap shows that entries were lost.
    do
        What happened, such as `EDIT`.
    fields
        What there is to say besides the edit, as JSON.
    edit
        The edit as it was applied: for an undo, the inverse of what is undone.
    not_understood
        How many changes this version does not know.
    """

    number: int
    do: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    edit: Edit | None = None
    not_understood: int = 0


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """Write an entry down; patches are compressed, which takes a while for large ones."""
    body: dict[str, Any] = {"number": entry.number, "do": entry.do, **entry.fields}
    if entry.edit is not None:
        changes = [change_to_json(change) for change in entry.edit.changes]
        body |= {"title": entry.edit.title, "changes": changes}
    return body


def entry_from_json(body: Mapping[str, Any]) -> Entry:
    """Read what `entry_to_json` wrote; changes that this version does not know are counted."""
    fields = {key: value for key, value in body.items() if key not in ("number", "do", "changes")}
    number, do = int(body["number"]), str(body["do"])
    if "changes" not in body:
        return Entry(number, do, fields)
    stored = list(body["changes"])
    changes = [change for change in map(_known_change, stored) if change is not None]
    edit = Edit(str(fields.pop("title", "")), tuple(changes))
    return Entry(number, do, fields, edit, len(stored) - len(changes))


def change_to_json(change: Change) -> dict[str, Any]:
    """Write a change down."""
    if isinstance(change, EventChange):
        return {
            "event": change.event_id,
            "movie": change.movie,
            "before": event_to_json(change.before),
            "after": event_to_json(change.after),
        }
    if isinstance(change, ValueChange):
        return {"value": change.key, "before": change.before, "after": change.after}
    return {
        "paint": [change.t, change.top, change.left, *change.after.shape],
        "movie": change.movie,
        "before": _packed(change.before),
        "after": _packed(change.after),
    }


def event_to_json(event: Event | None) -> dict[str, Any] | None:
    """Write an event down; what has its usual value is left out."""
    if event is None:
        return None
    values = {
        "t": event.t,
        "y": float(event.y),
        "x": float(event.x),
        "kind": str(event.kind),
        "score": None if event.score is None else float(event.score),
        "probability": None if event.probability is None else float(event.probability),
        "status": str(event.status),
        "source": str(event.source),
        "extra": {str(name): str(cell) for name, cell in event.extra.items()},
    }
    return {name: value for name, value in values.items() if value not in (None, "", {})}


def event_from_json(values: Mapping[str, Any] | None) -> Event | None:
    """Read what `event_to_json` wrote."""
    return None if values is None else Event(**values)


def _known_change(stored: Any) -> Change | None:
    try:
        return _change_from_json(stored)
    except (KeyError, TypeError, ValueError, zlib.error):
        return None


def _change_from_json(stored: Mapping[str, Any]) -> Change:
    before, after = stored["before"], stored["after"]
    if "paint" in stored:
        t, top, left, height, width = (int(number) for number in stored["paint"])
        patches = (_unpacked(packed, (height, width)) for packed in (before, after))
        return PaintChange(str(stored["movie"]), t, top, left, *patches)
    if "event" in stored:
        events = (event_from_json(before), event_from_json(after))
        return EventChange(str(stored["movie"]), str(stored["event"]), *events)
    return ValueChange(stored["value"], before, after)


def _packed(patch: NDArray[np.uint8]) -> str | int:
    """Compress a patch to text; one value everywhere is written as that value."""
    first = int(patch.flat[0])
    if (patch == first).all():
        return first
    return base64.b64encode(zlib.compress(patch.tobytes(), level=1)).decode("ascii")


def _unpacked(packed: str | int, shape: tuple[int, int]) -> NDArray[np.uint8]:
    n_bytes = shape[0] * shape[1]
    if not 0 < n_bytes <= MAX_PATCH_BYTES:
        raise ValueError(f"A patch of shape {shape} cannot be.")
    if isinstance(packed, int):
        return np.full(shape, packed, np.uint8)
    content = zlib.decompressobj().decompress(base64.b64decode(packed), n_bytes)
    return np.frombuffer(content, np.uint8).reshape(shape)
