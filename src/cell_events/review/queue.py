"""In which order proposed events are looked at, and which one comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from cell_events.review.event_columns import EventColumns

UNCERTAIN, LIKELY, IN_TIME, AUDIT = "uncertain", "likely", "in time order", "random audit"

ORDERS = {
    UNCERTAIN: "Those of which the model is least sure come first: they teach it most.",
    LIKELY: "The surest come first: the quickest way to many true events.",
    IN_TIME: "From the first frame to the last.",
    AUDIT: "In random order, to measure how many of the proposals are right.",
}
"""The orders one can choose, and why one would."""


def review_order(columns: EventColumns, order: str) -> list[str]:
    """Ids of events sorted for review; equal ones, and those without a score, by time and place.

    The random order of an audit is not made here: see `cell_events.review.audit.Audit`.

    Parameters
    ----------
    columns
        The events.
    order
        One of `ORDERS`, but not the audit.

    Raises
    ------
    ValueError
        If the order is none of these.
    """
    rows = columns.in_time
    likely = likelihood(columns)[rows]
    if order == IN_TIME:
        return list(columns.ids[rows])
    if order == LIKELY:
        key = -likely
    elif order == UNCERTAIN:
        key = np.abs(likely - 0.5)
    else:
        known = ", ".join((UNCERTAIN, LIKELY, IN_TIME))
        raise ValueError(f"order is {order!r}; expected one of {known}: choose one of them.")
    return list(columns.ids[rows[np.argsort(key, kind="stable")]])  # NaN sorts last


def likelihood(columns: EventColumns) -> NDArray[np.float64]:
    """Calibrated probability where it is known, else the raw score, else NaN."""
    probability = columns["probability"]
    return np.where(np.isnan(probability), columns["score"], probability)


class ReviewQueue:
    """Events in their order of review; skipped ones come again at the end.

    Parameters
    ----------
    ids
        All events of the queue in order, decided ones among them.
    skipped
        Those that were put off, the longest ago first.
    """

    def __init__(self, ids: Iterable[str] = (), skipped: Iterable[str] = ()) -> None:
        self.ids = list(ids)
        self._place = {event_id: place for place, event_id in enumerate(self.ids)}
        self._skipped = dict.fromkeys(skipped)
        self._last_place = -1

    def __contains__(self, event_id: object) -> bool:
        return event_id in self._place

    @property
    def skipped(self) -> tuple[str, ...]:
        """Events that were put off, the longest ago first."""
        return tuple(self._skipped)

    def skip(self, event_id: str) -> None:
        """Put an event off until all others are done."""
        self._skipped.pop(event_id, None)
        self._skipped[event_id] = None

    def following(self, current: str | None, waits: Callable[[str], bool]) -> str | None:
        """Next event to look at; None if no other one waits.

        Parameters
        ----------
        current
            What one looks at now; the queue goes on after it, and begins anew after its end.
        waits
            Whether an event still waits for a decision.
        """
        return self._found(current, waits, forwards=True)

    def preceding(self, current: str | None, waits: Callable[[str], bool]) -> str | None:
        """Event before `current` that waits; None if there is no other one."""
        return self._found(current, waits, forwards=False)

    def _found(
        self, current: str | None, waits: Callable[[str], bool], *, forwards: bool
    ) -> str | None:
        step = 1 if forwards else -1
        walk = self._walk(current, step)
        fresh = (i for i in walk if i not in self._skipped and i != current and waits(i))
        found = next(fresh, None)
        return found if found is not None else self._put_off(current, waits, step)

    def _walk(self, current: str | None, step: int) -> Iterable[str]:
        """All ids once, from the place of `current`, or of the one before it, round and round."""
        place = self._place.get(current, self._last_place) if current else self._last_place
        self._last_place = place
        start = place if place >= 0 or step > 0 else 0
        return (self.ids[(start + step * i) % len(self.ids)] for i in range(1, len(self.ids) + 1))

    def _put_off(self, current: str | None, waits: Callable[[str], bool], step: int) -> str | None:
        """The skipped event after `current`, round and round."""
        waiting = [i for i in self._skipped if i == current or waits(i)]
        if current not in waiting:
            return waiting[0] if waiting and step > 0 else (waiting[-1] if waiting else None)
        other = waiting[(waiting.index(current) + step) % len(waiting)]
        return other if other != current else None
