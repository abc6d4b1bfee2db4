"""Objects of the cell map linked in time by overlap into three-dimensional regions (III D)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage


@dataclass(frozen=True, slots=True)
class Region:
    """One object through time; it is there in each frame from `first` to `last`."""

    label: int
    first: int
    last: int

    @property
    def length(self) -> int:
        """Number of frames."""
        return self.last - self.first + 1


def linked_regions(y: NDArray[np.bool_]) -> tuple[NDArray[np.int32], tuple[Region, ...]]:
    """Labels (T, Y, X) of regions, 0 where there is none, and the regions by label.

    An object goes on as that object of the next frame with which it shares most places, if the
    other one, too, shares most with it. Connected components of (T, Y, X), the plainer reading of
    the paper, would make a single region of all cells that ever touch, and in a crowded movie
    that is almost every cell.
    """
    labels = np.zeros(y.shape, np.int32)
    firsts: list[int] = []
    lasts: list[int] = []
    for t, mask in enumerate(y):
        objects, count = ndimage.label(mask)
        regions = np.zeros(count + 1, np.int32)
        if t:
            for before, now in best_partners(labels[t - 1], objects):
                regions[now] = before
                lasts[before - 1] = t
        for new in np.flatnonzero(regions[1:] == 0) + 1:
            firsts.append(t)
            lasts.append(t)
            regions[new] = len(firsts)
        labels[t] = regions[objects]
    spans = enumerate(zip(firsts, lasts, strict=True), start=1)
    return labels, tuple(Region(label, first, last) for label, (first, last) in spans)


def overlaps(
    before: NDArray[np.integer], now: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (n, 2) of labels that share places, and how many places each pair shares (n,)."""
    both = (before > 0) & (now > 0)
    columns = np.stack([before[both], now[both]], axis=1).astype(np.int64)
    pairs, counts = np.unique(columns, axis=0, return_counts=True)
    return pairs, counts


def best_partners(before: NDArray[np.integer], now: NDArray[np.integer]) -> list[tuple[int, int]]:
    """Pairs of labels of which each is the one that shares most places with the other.

    Of equals, the one with the lowest label.
    """
    pairs, counts = overlaps(before, now)
    best_now: dict[int, tuple[int, int]] = {}
    best_before: dict[int, tuple[int, int]] = {}
    for (one, other), count in zip(pairs.tolist(), counts.tolist(), strict=True):
        if count > best_now.get(one, (0, 0))[0]:
            best_now[one] = (count, other)
        if count > best_before.get(other, (0, 0))[0]:
            best_before[other] = (count, one)
    return [(one, other) for one, (_, other) in best_now.items() if best_before[other][1] == one]
