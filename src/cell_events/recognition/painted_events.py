"""Single events in a painted mask, and masks that hold only some of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cell_events.events import Event
from cell_events.recognition.labelling import TOUCHING
from cell_events.recognition.paint import NO_CLASS, UNKNOWN_HERE, UNPAINTED, PaintedMask

GAP_PX = 5
"""Paint this near, along y or x, belongs together: daughters are often painted apart."""

NEAR_PX = 32
"""Paint this near to a known event, in one of its two frames, may belong to it."""

Patch = tuple[int, int, int]
"""Frame, painted value, and number of a patch of paint."""

Places = NDArray[np.int64]
"""Rows and columns of pixels, (N, 2)."""


@dataclass(frozen=True)
class PaintedEvent:
    """An event, and the paint that shows it.

    Attributes
    ----------
    places
        By frame, rows and columns (N, 2) of its pixels.
    """

    event: Event
    places: dict[int, Places]


def painted_events(mask: PaintedMask, delta: int = 1) -> tuple[PaintedEvent, ...]:
    """Events of a mask as its paint tells them, in the order in which they begin.

    Paint of one class is one event if it touches: in one frame also across a gap of up to twice
    `GAP_PX` pixels, and in frames that follow each other where patches so grown overlap. Two events
    that were painted into each other count as one; where the events are known, `with_paint` tells
    them apart.

    An event happens in the second frame of its first pair, at the centre of its paint there.
    """
    patches: dict[Patch, Places] = {}
    group_of: dict[Patch, list[Patch]] = {}
    before: dict[int, NDArray[np.int64]] = {}
    for t in range(mask.shape[0]):
        now = dict(_grown_patches(mask.read(t), GAP_PX))
        for value, (numbers, places) in now.items():
            for number, pixels in places.items():
                patch = (t, value, number)
                patches[patch], group_of[patch] = pixels, [patch]
            for old, new in _touching(before.get(value), numbers):
                _join(group_of, (t - 1, value, old), (t, value, new))
        before = {value: numbers for value, (numbers, _) in now.items()}
    groups = {id(group): group for group in group_of.values()}.values()
    return tuple(
        _event(_by_frame(group, patches), mask.classes[group[0][1] - 1], delta) for group in groups
    )


def events_by_pair(mask: PaintedMask, delta: int = 1) -> list[Event]:
    """Events of a mask, one for each pair of frames and patch of paint that both show.

    Neighbours whose paint touches in other frames stay apart here, other than in `painted_events`;
    an event that was painted in more than two frames comes more than once. Paint in one frame alone
    is an event of that frame.
    """
    places: dict[Patch, Places] = {}
    in_both: set[Patch] = set()
    linked: set[Patch] = set()
    seen: list[dict[int, NDArray[np.int64]]] = []
    for t in range(mask.shape[0]):
        now = dict(_grown_patches(mask.read(t), GAP_PX))
        earlier = seen.pop(0) if len(seen) == delta else {}
        for value, (numbers, pixels) in now.items():
            places |= {(t, value, number): each for number, each in pixels.items()}
            for old, new in _touching(earlier.get(value), numbers):
                in_both.add((t, value, new))
                linked |= {(t - delta, value, old), (t, value, new)}
        seen.append({value: numbers for value, (numbers, _) in now.items()})
    happens = sorted(in_both | (places.keys() - linked))
    return [_event({p[0]: places[p]}, mask.classes[p[1] - 1], delta).event for p in happens]


def with_paint(
    mask: PaintedMask, events: Sequence[Event], delta: int = 1
) -> tuple[PaintedEvent, ...]:
    """Give each known event the paint that shows it, which may be none.

    A patch of paint goes to the nearest event of its class that happens in its frame, or in the
    frame `delta` later, if one lies within `NEAR_PX`; other paint is nobody's.
    """
    owned: dict[int, list[tuple[int, Places]]] = {index: [] for index in range(len(events))}
    for t in range(mask.shape[0]):
        for value, (_, places) in _grown_patches(mask.read(t), 0):
            near = [
                i
                for i, e in enumerate(events)
                if e.kind == mask.classes[value - 1] and e.t in (t, t + delta)
            ]
            for pixels in places.values():
                owner = min(near, key=lambda index: _distance(pixels, events[index]), default=None)
                if owner is not None and _distance(pixels, events[owner]) <= NEAR_PX:
                    owned[owner].append((t, pixels))
    return tuple(PaintedEvent(event, _joined(owned[index])) for index, event in enumerate(events))


def _distance(pixels: Places, event: Event) -> float:
    """Distance of the nearest painted pixel from an event."""
    return float(np.hypot(*(pixels - (event.y, event.x)).T).min())


def _grown_patches(
    frame: NDArray[np.uint8], gap_px: int
) -> Iterator[tuple[int, tuple[NDArray[np.int64], dict[int, Places]]]]:
    """Of each class in a frame: numbers of grown patches (Y, X), and the painted pixels of each."""
    around = np.ones((2 * gap_px + 1,) * 2, dtype=bool)
    for value in sorted(set(np.unique(frame).tolist()) - NO_CLASS - {UNPAINTED}):
        painted = frame == value
        numbers, count = ndimage.label(ndimage.binary_dilation(painted, around), TOUCHING)
        places = np.argwhere(painted)
        own = numbers[tuple(places.T)]
        yield value, (numbers.astype(np.int64), {n: places[own == n] for n in range(1, count + 1)})


def _touching(
    before: NDArray[np.int64] | None, now: NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """Numbers of patches of two frames that overlap."""
    if before is not None:
        both = (before > 0) & (now > 0)
        pairs = np.unique(np.stack([before[both], now[both]], axis=1), axis=0)
        yield from ((int(old), int(new)) for old, new in pairs)


def _join(group_of: dict[Patch, list[Patch]], first: Patch, second: Patch) -> None:
    """Make one group of those that two patches belong to."""
    kept, gone = group_of[first], group_of[second]
    if kept is not gone:
        kept += gone
        for patch in gone:
            group_of[patch] = kept


def _by_frame(group: Sequence[Patch], patches: dict[Patch, Places]) -> dict[int, Places]:
    return _joined([(patch[0], patches[patch]) for patch in sorted(group)])


def _joined(pixels: Sequence[tuple[int, Places]]) -> dict[int, Places]:
    """Pixels by frame."""
    frames = sorted({t for t, _ in pixels})
    return {t: np.concatenate([places for at, places in pixels if at == t]) for t in frames}


def _event(places: dict[int, Places], kind: str, delta: int) -> PaintedEvent:
    """When and where paint shows an event."""
    first, last = min(places), max(places)
    t = min(first + delta, last)
    y, x = places.get(t, places[first]).mean(0)
    return PaintedEvent(Event(t, float(y), float(x), kind), places)


@dataclass(frozen=True, eq=False)
class MaskOfSomeEvents(PaintedMask):
    """A mask that shows some events; others are neither to be learned nor taken for nothing.

    Attributes
    ----------
    shown
        The events whose paint is to be seen; all other paint of events is hidden.
    """

    shown: tuple[PaintedEvent, ...] = ()

    def read(self, t: int) -> NDArray[np.uint8]:
        """Labels (Y, X) of frame `t`; `UNKNOWN_HERE` in place of hidden paint."""
        labels = super().read(t)
        painted = (labels != UNPAINTED) & ~np.isin(labels, list(NO_CLASS))
        hidden = np.where(painted, np.uint8(UNKNOWN_HERE), labels)
        for event in self.shown:
            if t in event.places:
                places = tuple(event.places[t].T)
                hidden[places] = labels[places]
        return hidden


def only_events(mask: PaintedMask, shown: Sequence[PaintedEvent]) -> PaintedMask:
    """Hide the paint of all events but some."""
    return MaskOfSomeEvents(mask.movie, mask.classes, mask.done, mask.discs, tuple(shown))
