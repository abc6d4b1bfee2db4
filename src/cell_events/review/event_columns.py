"""Events as columns of numpy arrays, one row for each event, for quick sorting and filtering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event

TYPES: dict[str, Any] = {
    "t": np.int64,
    "y": np.float64,
    "x": np.float64,
    "kind": object,
    "score": np.float64,
    "probability": np.float64,
    "status": object,
    "source": object,
}
"""Names of the columns and what their arrays hold; unknown numbers are NaN."""


class EventColumns:
    """Columns of a set of events; rows keep their order, new ones come last."""

    def __init__(self, events: Mapping[str, Event]) -> None:
        self.ids: NDArray[np.object_] = _objects(events)
        self._arrays = _arrays(events.values())
        self._row_of = {name: row for row, name in enumerate(events)}
        self._in_time: NDArray[np.intp] | None = None

    @property
    def in_time(self) -> NDArray[np.intp]:
        """All rows in the order of time, then of place."""
        if self._in_time is None:
            self._in_time = np.lexsort([self._arrays[name] for name in ("x", "y", "t")])
        return self._in_time

    def __getitem__(self, column: str) -> NDArray[Any]:
        """One column; it may not be written to, and is good until the next change."""
        array = self._arrays[column].view()
        array.flags.writeable = False
        return array

    def row(self, event_id: str) -> int | None:
        """Row of an event; None if it is not there."""
        return self._row_of.get(event_id)

    def put(self, changes: Mapping[str, Event | None]) -> None:
        """Replace, add, or with None remove events."""
        present = {n: e for n, e in changes.items() if e is not None and n in self._row_of}
        rows = [self._row_of[name] for name in present]
        for name, values in _arrays(present.values()).items():
            if name in {"t", "y", "x"} and (self._arrays[name][rows] != values).any():
                self._in_time = None
            self._arrays[name][rows] = values
        self._remove([name for name, e in changes.items() if e is None and name in self._row_of])
        self._append({n: e for n, e in changes.items() if e is not None and n not in present})

    def _remove(self, ids: list[str]) -> None:
        if not ids:
            return
        rows = [self._row_of[name] for name in ids]
        self._in_time = None
        self._arrays = {name: np.delete(array, rows) for name, array in self._arrays.items()}
        self.ids = np.delete(self.ids, rows)
        self._row_of = {name: row for row, name in enumerate(self.ids)}

    def _append(self, events: Mapping[str, Event]) -> None:
        if not events:
            return
        self._in_time = None
        new = _arrays(events.values())
        self._arrays = {
            name: np.concatenate([array, new[name]]) for name, array in self._arrays.items()
        }
        self._row_of |= {name: row for row, name in enumerate(events, start=len(self.ids))}
        self.ids = np.concatenate([self.ids, _objects(events)])


def _arrays(events: Iterable[Event]) -> dict[str, NDArray[Any]]:
    events = list(events)
    return {
        name: np.array([_value(event, name) for event in events], dtype=dtype)
        for name, dtype in TYPES.items()
    }


def _value(event: Event, name: str) -> Any:
    value = getattr(event, name)
    return np.nan if value is None else value


def _objects(ids: Iterable[str]) -> NDArray[np.object_]:
    return np.array(list(ids), dtype=object)
