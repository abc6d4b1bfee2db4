"""Places that belong together in time and space, found while frames come one after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cell_events.mitosis.train_settings import EventTime

AROUND = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]


@dataclass(frozen=True, slots=True)
class Part:
    """What a group has in one frame: number of places, sums of their y, x and scores."""

    places: float
    y: float
    x: float
    score: float

    def __add__(self, other: Part) -> Part:
        return Part(
            self.places + other.places, self.y + other.y, self.x + other.x, self.score + other.score
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Places with a high score that touch each other in (t, y, x), also at corners.

    Attributes
    ----------
    highest
        Highest score of a place.
    parts
        By frame.
    """

    highest: float
    parts: dict[int, Part]

    def centre(self, time: EventTime) -> tuple[int, float, float]:
        """Frame, and y and x on the grid.

        ``centre``: the centre of mass of all places, in time rounded. ``peak``: the frame with the
        largest sum of scores, and the centre of mass within it.
        """
        if time == "peak":
            t = max(self.parts, key=lambda frame: (self.parts[frame].score, -frame))
            return t, self.parts[t].y / self.parts[t].places, self.parts[t].x / self.parts[t].places
        places = sum(part.places for part in self.parts.values())
        middle = sum(t * part.places for t, part in self.parts.items()) / places
        y = sum(part.y for part in self.parts.values()) / places
        x = sum(part.x for part in self.parts.values()) / places
        return int(np.floor(middle + 0.5)), y, x


class GroupFinder:
    """Groups of places whose score is at least `threshold`; memory does not grow with time.

    Frames come in order. A frame left out ends all groups before it.
    """

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold
        self._t: int | None = None
        self._labels: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._groups: list[Group] = []  # the group of each label; several labels may share one

    def push(self, t: int, scores: NDArray[np.float32]) -> list[Group]:
        """Take the scores (Y, X) of frame `t`; return the groups that end before it."""
        ended = self.finish() if self._t is not None and t != self._t + 1 else []
        labels, count = ndimage.label(scores >= self.threshold, np.ones((3, 3)))
        parts = _groups_of_frame(t, scores, labels, count)
        before, new = len(self._groups), self._groups + parts
        member = _components(len(new), self._touching(labels) + np.array([0, before]))
        members: dict[int, list[Group]] = {}
        for index, group in enumerate(new):
            members.setdefault(member[index], []).append(group)
        alive = {number: _joined(members[number]) for number in set(member[before:])}
        ended += [_joined(group) for number, group in members.items() if number not in alive]
        self._remember(t, labels, [member[before + index] for index in range(count)], alive)
        return ended

    def finish(self) -> list[Group]:
        """Return the groups of the last frame."""
        ended, self._groups = self._groups, []
        self._labels = np.zeros_like(self._labels)
        return ended

    def _remember(
        self, t: int, labels: NDArray[np.int32], numbers: list[int], alive: dict[int, Group]
    ) -> None:
        """Keep the groups of frame `t`, and where they are in it."""
        order = {number: index for index, number in enumerate(alive)}
        new = np.array([0, *(order[number] + 1 for number in numbers)], np.int64)
        self._t, self._labels, self._groups = t, new[labels], list(alive.values())

    def _touching(self, labels: NDArray[np.int32]) -> NDArray[np.int64]:
        """(N, 2) indices of groups of the last frame, and of new parts, that touch each other."""
        y, x = np.nonzero(labels)
        if not self._groups or not len(y):
            return np.zeros((0, 2), np.int64)
        last = np.pad(self._labels, 1)
        pairs = np.stack(
            [
                np.concatenate([last[y + 1 + dy, x + 1 + dx] for dy, dx in AROUND]),
                np.tile(labels[y, x], len(AROUND)),
            ],
            axis=1,
        )
        return np.unique(pairs[pairs[:, 0] > 0], axis=0).astype(np.int64) - 1


def _groups_of_frame(
    t: int, scores: NDArray[np.float32], labels: NDArray[np.int32], count: int
) -> list[Group]:
    """Each connected part of one frame as a group of its own."""
    y, x = np.nonzero(labels)
    which = labels[y, x] - 1
    found = scores[y, x].astype(np.float64)
    sums = [np.bincount(which, weights, count) for weights in (None, y, x, found)]
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, which, found)
    return [
        Group(float(highest[index]), {t: Part(*(float(column[index]) for column in sums))})
        for index in range(count)
    ]


def _components(size: int, pairs: NDArray[np.int64]) -> list[int]:
    """Number of the connected component of each of `size` things."""
    if not size:
        return []
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    return [int(number) for number in connected_components(links, directed=False)[1]]


def _joined(groups: Iterable[Group]) -> Group:
    """Several groups as one."""
    first, *others = groups
    if not others:
        return first
    parts = dict(first.parts)
    for group in others:
        for t, part in group.parts.items():
            parts[t] = parts[t] + part if t in parts else part
    return Group(max(first.highest, *(group.highest for group in others)), parts)
