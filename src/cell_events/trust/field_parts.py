"""A field cut in two that share no pixel: one part to learn from, one to be judged on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cell_events.events import Event

STEP_PX = 8
LEAST_SIDE_PX = 64
"""Narrowest part, in pixels."""

AXES = {1: "image rows", 2: "image columns"}


@dataclass(frozen=True, slots=True)
class FieldPart:
    """Some rows and columns of a movie, in all frames."""

    rows: slice
    columns: slice

    def inside(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """Events that lie in the part, at their places in it."""
        top, left = self.rows.start, self.columns.start
        return tuple(
            replace(event, y=event.y - top, x=event.x - left)
            for event in events
            if top <= event.y < self.rows.stop and left <= event.x < self.columns.stop
        )


@dataclass(frozen=True, slots=True)
class FieldCut:
    """A straight cut through the field of a movie of shape (T, Y, X).

    Attributes
    ----------
    axis
        1: rows are parted; 2: columns.
    at
        First row or column after the cut.
    judges_first
        Whether the part before the cut is the one that is judged on.
    """

    shape: tuple[int, int, int]
    axis: int
    at: int
    judges_first: bool

    @property
    def learned(self) -> FieldPart:
        """The part to learn from."""
        return self._part(not self.judges_first)

    @property
    def judged(self) -> FieldPart:
        """The part that is never learned from."""
        return self._part(self.judges_first)

    @property
    def words(self) -> str:
        """One sentence that says which part is which."""
        learned, judged = (
            f"{part.start} to {part.stop - 1}"
            for part in ((p.rows, p.columns)[self.axis - 1] for p in (self.learned, self.judged))
        )
        name = AXES[self.axis]
        return (
            f"Learned from {name} {learned}, judged on {name} {judged}; the two parts share no "
            "pixel."
        )

    def _part(self, first: bool) -> FieldPart:
        span = slice(0, self.at) if first else slice(self.at, self.shape[self.axis])
        whole = [slice(0, side) for side in self.shape[1:]]
        whole[self.axis - 1] = span
        return FieldPart(*whole)


def field_cut(
    shape: tuple[int, int, int],
    events: Sequence[Event],
    share: float,
    least_px: int = LEAST_SIDE_PX,
) -> FieldCut:
    """Cut a field so that nearly `share` of the events, and of the field, is judged on.

    Of all straight cuts, tried every `STEP_PX` pixels, the one is taken that comes nearest.

    Raises
    ------
    ValueError
        If no cut leaves each kind of event in both parts.
    """
    kinds = {event.kind for event in events}
    best, best_distance = None, float("inf")
    for cut in _cuts(shape, least_px):
        held = cut.judged.inside(events)
        learned = cut.learned.inside(events)
        if not kinds or {e.kind for e in held} != kinds or {e.kind for e in learned} != kinds:
            continue
        part = _length(cut.judged, cut.axis) / shape[cut.axis]
        distance = abs(len(held) / len(events) - share) + abs(part - share)
        if distance < best_distance - 1e-9:
            best, best_distance = cut, distance
    if best is None:
        raise ValueError(
            f"{len(events)} events in a field of {shape[1]} x {shape[2]} pixels cannot be parted "
            f"so that both parts are at least {least_px} pixels wide and show every kind of event; "
            "annotate more events, or a larger field."
        )
    return best


def _cuts(shape: tuple[int, int, int], least_px: int) -> Iterator[FieldCut]:
    for axis in (1, 2):
        for at in range(least_px, shape[axis] - least_px + 1, STEP_PX):
            yield FieldCut(shape, axis, at, judges_first=False)
            yield FieldCut(shape, axis, at, judges_first=True)


def _length(part: FieldPart, axis: int) -> int:
    span = (part.rows, part.columns)[axis - 1]
    return int(span.stop - span.start)
