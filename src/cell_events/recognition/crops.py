"""Pairs of crops and their labels: what a classifier learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Criterion = Literal["both", "either"]

NOTHING = 0
"""Label of a crop pair without an event; the event classes are 1..K."""


@dataclass(frozen=True, slots=True)
class CropSettings:
    """Which pairs of crops are taken from painted masks, and what makes one an event.

    A crop with centre (y, x) covers the rows from ``y - size // 2``, `size` of them, and columns
    likewise; a pair is the same crop in frames t and t + `delta`.

    Attributes
    ----------
    criterion
        Whether `both` crops of a pair must hold paint of a class, or `either` one.
    min_painted_px
        A crop counts as painted if it holds more painted pixels of the class than this: 0 is
        "any size" and 40 the "size filter" of Chen et al. 2024 (table 5).
    reach_px
        An event counts only if its middle, the centroid of the paint in the crop's second frame,
        lies this near to the middle of the crop, along y and x; a classifier thereby learns
        where an event is. None: anywhere in the crop (the paper).
    clear_px
        Crops whose event lies further out than this show nothing in their middle, and count so
        in frames marked as done. Those in between are not used.
    near_step_px, crops_per_patch
        Around paint, crops lie on a grid of this step, and from each connected patch of
        places with the same label at most so many are drawn.
    far_step_px, crops_per_frame
        Elsewhere in frames marked as done, the same; at most so many in each frame.
    max_per_class
        Upper limit for each class in one movie, drawn at random.
    inside
        Leave out crops that stick out of the image. Otherwise their centres lie anywhere in
        the image, and what lies beyond repeats its border.
    """

    size: int = 48
    delta: int = 1
    criterion: Criterion = "both"
    min_painted_px: int = 0
    reach_px: int | None = 8
    clear_px: int = 16
    near_step_px: int = 4
    crops_per_patch: int = 24
    far_step_px: int = 24
    crops_per_frame: int = 64
    max_per_class: int = 4096
    inside: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if self.criterion not in ("both", "either"):
            raise ValueError(f"criterion must be 'both' or 'either', got {self.criterion!r}.")
        if self.size < 2 or self.size % 2:
            raise ValueError(f"size must be an even number of pixels, got {self.size}.")
        if self.min_painted_px < 0:
            raise ValueError(f"min_painted_px must be 0 or more, got {self.min_painted_px}.")
        if self.reach_px is not None and not 1 <= self.reach_px <= self.size // 2:
            raise ValueError(
                f"reach_px must lie between 1 and half the crop, {self.size // 2}, or be None; "
                f"got {self.reach_px}."
            )
        if self.reach_px is not None and self.clear_px < self.reach_px:
            raise ValueError(
                f"clear_px must be at least reach_px, {self.reach_px}; got {self.clear_px}."
            )
        for name in ("delta", "near_step_px", "crops_per_patch", "far_step_px", "max_per_class"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}.")

    @classmethod
    def paper(cls, criterion: Criterion = "both", size_filter: bool = True) -> CropSettings:
        """Settings of Chen et al. 2024: paint anywhere in a crop that lies inside the image."""
        return cls(
            criterion=criterion,
            min_painted_px=40 if size_filter else 0,
            reach_px=None,
            inside=True,
        )

    @property
    def reach(self) -> int:
        """Half the side in pixels of the square around the centre in which events count."""
        return self.size // 2 if self.reach_px is None else self.reach_px

    @property
    def clear(self) -> int:
        """Half the side in pixels of the square outside which events do not matter."""
        return self.size // 2 if self.reach_px is None else self.clear_px


@dataclass(frozen=True)
class CropTable:
    """Labelled crop pairs, as columns of equal length.

    Attributes
    ----------
    movie
        Index of the movie in the list that was given.
    t, y, x
        First frame of the pair; row and column of the crop's centre (see `CropSettings`).
    label
        0 for nothing, 1..K for the event classes.
    """

    movie: NDArray[np.int64]
    t: NDArray[np.int64]
    y: NDArray[np.int64]
    x: NDArray[np.int64]
    label: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.t)

    def select(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> CropTable:
        """Return the rows with these indices, or where this is true."""
        return CropTable(*(column[rows] for column in self.columns()))

    def counts(self, n_classes: int) -> NDArray[np.int64]:
        """Count the pairs of each label 0..K, where K is `n_classes`."""
        return np.bincount(self.label, minlength=n_classes + 1).astype(np.int64)

    def in_reading_order(self) -> CropTable:
        """Sort by movie, frame, row and column, so that each frame is read once."""
        return self.select(np.lexsort((self.x, self.y, self.t, self.movie)))

    def columns(self) -> tuple[NDArray[np.int64], ...]:
        """All columns, in the order of the attributes."""
        return self.movie, self.t, self.y, self.x, self.label

    @classmethod
    def joined(cls, tables: Sequence[CropTable]) -> CropTable:
        """All rows of some tables, in order."""
        empty = np.zeros(0, np.int64)
        columns = zip(*(table.columns() for table in tables), strict=True) if tables else ()
        return cls(*(np.concatenate(parts) for parts in columns)) if tables else cls(*[empty] * 5)


def balanced_subset(table: CropTable, limit: int, random: np.random.Generator) -> CropTable:
    """At most `limit` pairs at random; every class may keep as many as an even share allows."""
    if len(table) <= limit:
        return table
    left, chosen = limit, []
    labels, counts = np.unique(table.label, return_counts=True)
    order = np.argsort(counts, kind="stable")  # what a rare class leaves over, common ones take
    for position, label in enumerate(labels[order]):
        rows = np.flatnonzero(table.label == label)
        keep = min(len(rows), left // (len(labels) - position))
        chosen.append(random.choice(rows, keep, replace=False))
        left -= keep
    return table.select(np.sort(np.concatenate(chosen)))
