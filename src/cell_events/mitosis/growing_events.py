"""Areas that overlap from one frame to the next, joined into events while frames come in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cell_events.mitosis.linked_regions import overlaps


@dataclass(frozen=True, slots=True)
class GrowingEvent:
    """An event that may go on: its frames, and sums over its places."""

    first: int
    last: int
    places: int
    sum_y: float
    sum_x: float

    def joined(self, other: GrowingEvent) -> GrowingEvent:
        """Both as one event."""
        return GrowingEvent(
            min(self.first, other.first),
            max(self.last, other.last),
            self.places + other.places,
            self.sum_y + other.sum_y,
            self.sum_x + other.sum_x,
        )


def grown_events(masks: Iterable[NDArray[np.bool_]]) -> Iterator[GrowingEvent]:
    """Events in masks (Y, X) that come frame after frame, each when it is over."""
    growing: dict[int, GrowingEvent] = {}
    before: NDArray[np.integer] | None = None
    for t, mask in enumerate(masks):
        areas, count = ndimage.label(mask)
        present = _areas(areas, count, t)
        if before is not None:
            areas, present, ended = _joined(before, growing, areas, present)
            yield from ended
        before, growing = areas, present
    yield from growing.values()


def _areas(areas: NDArray[np.integer], count: int, t: int) -> dict[int, GrowingEvent]:
    """The areas of frame `t` by label, each as an event of one frame."""
    y, x = np.nonzero(areas)
    label = areas[y, x]
    sums = (np.bincount(label, weights, count + 1) for weights in (None, y, x))
    places, sum_y, sum_x = (values.tolist() for values in sums)
    return {i: GrowingEvent(t, t, int(places[i]), sum_y[i], sum_x[i]) for i in range(1, count + 1)}


def _joined(
    before: NDArray[np.integer],
    growing: dict[int, GrowingEvent],
    areas: NDArray[np.integer],
    present: dict[int, GrowingEvent],
) -> tuple[NDArray[np.integer], dict[int, GrowingEvent], list[GrowingEvent]]:
    """Let events go on in the areas that they overlap; several that meet become one.

    Returns the new frame with one label for each event, the events by label, and those that ended.
    """
    pairs, _ = overlaps(before, areas)
    labels = np.zeros(max(present, default=0) + 1, areas.dtype)
    joined: dict[int, GrowingEvent] = {}
    ended: list[GrowingEvent] = []
    for olds, news in _groups(pairs, list(growing), list(present)):
        parts = [growing[old] for old in olds] + [present[new] for new in news]
        whole = reduce(GrowingEvent.joined, parts)
        if news:
            labels[news] = news[0]
            joined[news[0]] = whole
        else:
            ended.append(whole)
    return labels[areas], joined, ended


def _groups(
    pairs: NDArray[np.int64], olds: list[int], news: list[int]
) -> list[tuple[list[int], list[int]]]:
    """Labels of the frame before and of this one, grouped by what overlaps what."""
    places_old = {label: i for i, label in enumerate(olds)}
    places_new = {label: len(olds) + i for i, label in enumerate(news)}
    rows = [places_old[old] for old, _ in pairs.tolist()]
    columns = [places_new[new] for _, new in pairs.tolist()]
    size = len(olds) + len(news)
    graph = coo_array((np.ones(len(rows), bool), (rows, columns)), shape=(size, size))
    count, group = connected_components(graph, directed=False)
    groups: list[tuple[list[int], list[int]]] = [([], []) for _ in range(count)]
    for side, labels in enumerate((olds, news)):
        for label, g in zip(labels, group[side * len(olds) :].tolist(), strict=False):
            groups[g][side].append(label)
    return groups
