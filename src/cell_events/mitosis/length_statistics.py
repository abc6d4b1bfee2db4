"""Predicted events, how long they last, and the length of sequence that follows (III E)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cell_events.mitosis.linked_regions import overlaps

PERCENTILES = (5, 25, 50, 75, 95)


@dataclass(frozen=True, slots=True)
class PredictedEvent:
    """A stretch of time and a place where a normal cell is missing between its appearances.

    Attributes
    ----------
    first, last
        First and last frame, both included.
    y, x
        Centre of mass over all frames, in places of the grid.
    area
        Mean number of places in a frame.
    """

    first: int
    last: int
    y: float
    x: float
    area: float

    @property
    def length(self) -> int:
        """Number of frames."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class LengthStatistics:
    """How long events last, in frames (table I of the paper).

    Attributes
    ----------
    sd
        Standard deviation of the sample; 0 for a single event.
    percentiles
        For each of 5, 25, 50, 75 and 95 the least length that so many per cent of the events do
        not exceed.
    """

    count: int
    mean: float
    sd: float
    percentiles: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Growing:
    """An event that may go on: its frames, and sums over its places."""

    first: int
    last: int
    places: int
    sum_y: float
    sum_x: float

    def joined(self, other: _Growing) -> _Growing:
        return _Growing(
            min(self.first, other.first),
            max(self.last, other.last),
            self.places + other.places,
            self.sum_y + other.sum_y,
            self.sum_x + other.sum_x,
        )

    def event(self) -> PredictedEvent:
        area = self.places / (self.last - self.first + 1)
        y, x = self.sum_y / self.places, self.sum_x / self.places
        return PredictedEvent(self.first, self.last, y, x, area)


def found_events(
    frames: Iterable[NDArray[np.float32]], threshold: float = 0.5, least_area: float = 0.0
) -> list[PredictedEvent]:
    """Events in probabilities (Y, X) that come frame after frame, ordered by first frame and place.

    Areas of at least `threshold` that overlap from one frame to the next are one event. Events
    that touch the first or the last frame of the movie are left out, since nobody knows how long
    they last, and so are those of fewer than `least_area` places in a frame. Only two frames are
    kept in memory.
    """
    growing: dict[int, _Growing] = {}
    before: NDArray[np.integer] | None = None
    found: list[_Growing] = []
    t = -1
    for t, probability in enumerate(frames):
        areas, count = ndimage.label(probability >= threshold)
        present = _areas(areas, count, t)
        if before is not None:
            areas, present, ended = _joined(before, growing, areas, present)
            found += ended
        before, growing = areas, present
    whole = [region.event() for region in (*found, *growing.values())]
    kept = [e for e in whole if e.first > 0 and e.last < t and e.area >= least_area]
    return sorted(kept, key=lambda event: (event.first, event.y, event.x))


def length_statistics(events: Sequence[PredictedEvent]) -> LengthStatistics:
    """Summarise the lengths of events.

    Raises
    ------
    ValueError
        If there is no event.
    """
    lengths = _lengths(events)
    values = np.percentile(lengths, PERCENTILES, method="inverted_cdf").tolist()
    return LengthStatistics(
        count=len(lengths),
        mean=float(lengths.mean()),
        sd=float(lengths.std(ddof=1)) if len(lengths) > 1 else 0.0,
        percentiles={p: float(value) for p, value in zip(PERCENTILES, values, strict=True)},
    )


def sequence_length(events: Sequence[PredictedEvent], percentile: float = 75.0) -> int:
    """k: the least number of frames that holds `percentile` per cent of the events.

    Raises
    ------
    ValueError
        If there is no event, or `percentile` lies outside 0 to 100.
    """
    if not 0 <= percentile <= 100:
        raise ValueError(f"percentile must lie between 0 and 100, got {percentile}.")
    return int(np.percentile(_lengths(events), percentile, method="inverted_cdf"))


def _lengths(events: Sequence[PredictedEvent]) -> NDArray[np.int64]:
    if not events:
        raise ValueError(
            "No event is predicted from the cell map, so its length cannot be estimated; "
            "choose another map, or give the length yourself."
        )
    return np.array([event.length for event in events])


def _areas(areas: NDArray[np.integer], count: int, t: int) -> dict[int, _Growing]:
    """The areas of frame `t` by label, each as an event of one frame."""
    y, x = np.nonzero(areas)
    label = areas[y, x]
    sums = (np.bincount(label, weights, count + 1) for weights in (None, y, x))
    places, sum_y, sum_x = (values.tolist() for values in sums)
    return {i: _Growing(t, t, int(places[i]), sum_y[i], sum_x[i]) for i in range(1, count + 1)}


def _joined(
    before: NDArray[np.integer],
    growing: dict[int, _Growing],
    areas: NDArray[np.integer],
    present: dict[int, _Growing],
) -> tuple[NDArray[np.integer], dict[int, _Growing], list[_Growing]]:
    """Let events go on in the areas that they overlap; several that meet become one.

    Returns the new frame with one label for each event, the events by label, and those that ended.
    """
    pairs, _ = overlaps(before, areas)
    labels = np.zeros(max(present, default=0) + 1, areas.dtype)
    joined: dict[int, _Growing] = {}
    ended: list[_Growing] = []
    for olds, news in _groups(pairs, list(growing), list(present)):
        parts = [growing[old] for old in olds] + [present[new] for new in news]
        whole = reduce(_Growing.joined, parts)
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
