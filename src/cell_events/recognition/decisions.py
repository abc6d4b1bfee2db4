"""What a person decided about events, as examples to learn from beside the paint.

An accepted or added event counts like a small painted disc of its class, in both frames of its
pair. A rejected one says that nothing happens there from the one frame to the other. Own paint
wins over both, and accepted events win over rejected ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from cell_events.events import Event
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.paint import REJECTED_HERE, Disc, PaintedMask, PaintError

RADIUS = 1 / 6
"""Radius of a disc as a share of the crop, about two thirds of a cell's."""

HAPPENED = ("accepted", "added")


def with_decisions(mask: PaintedMask, events: Iterable[Event], crops: CropSettings) -> PaintedMask:
    """Add the decided events of a movie to its painted mask; proposed ones are left out.

    Raises
    ------
    PaintError
        If an event is of an unknown class, or beyond the last frame.
    """
    decided = [event for event in events if event.status in (*HAPPENED, "rejected")]
    discs: dict[int, list[Disc]] = defaultdict(list)
    for event in sorted(decided, key=lambda event: event.status == "rejected"):
        value = _value(mask, event)
        disc = Disc(event.y, event.x, max(1.0, crops.size * RADIUS), value)
        for t in (event.t - crops.delta, event.t):
            if t >= 0:
                discs[t].append(disc)
    return replace(mask, discs={t: tuple(drawn) for t, drawn in discs.items()})


def _value(mask: PaintedMask, event: Event) -> int:
    """Value that is drawn for a decided event."""
    if event.t >= mask.shape[0]:
        raise PaintError(
            f"An event was decided in frame {event.t}, but {mask.movie.name} has the frames 0 to "
            f"{mask.shape[0] - 1}; give the decisions that belong to this movie."
        )
    if event.status == "rejected":
        return REJECTED_HERE
    if event.kind not in mask.classes:
        raise PaintError(
            f"An event of the class {event.kind!r} was {event.status}, but the classes are "
            f"{', '.join(mask.classes)}; name this class, too."
        )
    return mask.classes.index(event.kind) + 1
