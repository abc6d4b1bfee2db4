"""Cell maps of which is known where, when and for how long a cell is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.mitosis.length_statistics import PredictedEvent
from cell_events.simulation.life import Cell, LifeSettings, live
from cell_events.simulation.shapes import Ellipse, shapes_of

BURN_IN_FRAMES = 12
SHOWN = 0.8
"""Part of an ellipse's radii that its mask covers, as after an erosion."""


@dataclass(frozen=True)
class Gap:
    """A division, and the frames in which neither mother nor daughters look normal."""

    first: int
    last: int
    y: float
    x: float

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def near(self, event: PredictedEvent, radius: float, frames: int = 0) -> bool:
        together = event.first - frames <= self.last and self.first <= event.last + frames
        return together and bool(np.hypot(event.y - self.y, event.x - self.x) <= radius)


def discs(length: int, n_frames: int = 40, size: int = 96, seed: int = 0) -> tuple[NDArray, list]:
    """Drifting discs of which every second one vanishes once for `length` frames."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:size, :size]
    y, gaps = np.zeros((n_frames, size, size), bool), []
    for index, place in enumerate(np.ndindex(size // 12, size // 12)):
        middle, drift = 6 + 12 * np.array(place), random.normal(0, 0.05, 2)
        start = int(random.integers(4, n_frames - length - 4))
        gone = range(start, start + length) if index % 2 else range(0)
        for t in set(range(n_frames)) - set(gone):
            row, column = middle + drift * t
            y[t] |= np.hypot(rows - row, columns - column) < 3.5
        gaps += [Gap(gone[0], gone[-1], *(middle + drift * start))] if index % 2 else []
    return y, gaps


def simulated(pace: float, seed: int, n_frames: int = 40, size: int = 128) -> tuple[NDArray, list]:
    """The map of the spread cells of simulated lives, and the true gaps at their divisions."""
    life = LifeSettings(radius_px=5.0, cycle_frames=60.0, speed_px=0.4, pace=pace)
    tracker = GapTracker(life)
    random = np.random.default_rng(seed)
    masks = []
    lives = live(life, n_frames + BURN_IN_FRAMES, (size, size), random)
    for t, (cells, events) in enumerate(lives):
        tracker.follow(t, cells, [event for event in events if event.kind == "division"])
        spread = [e for cell in cells for e in shapes_of(cell, life) if e.condensed < 0.5]
        masks.append(mask_of(spread, size))
    gaps = [
        Gap(gap.first - BURN_IN_FRAMES, gap.last - BURN_IN_FRAMES, gap.y, gap.x)
        for gap in tracker.gaps
        if gap.first > BURN_IN_FRAMES
    ]
    return np.stack(masks[BURN_IN_FRAMES:]), gaps


class GapTracker:
    """Finds the true gaps while a simulation runs."""

    def __init__(self, life: LifeSettings) -> None:
        self.life, self.gaps = life, list[Gap]()
        self._condensed_since: dict[int, int] = {}
        self._before: list[Cell] = []
        self._open: dict[int, Gap] = {}

    def follow(self, t: int, cells: list[Cell], divisions: list) -> None:
        """Take the cells of frame `t`, and the divisions that it is the first to show."""
        for cell in cells:
            if self._is_condensed(cell):
                self._condensed_since.setdefault(cell.identity, t)
            elif gap := self._open.pop(cell.identity, None):
                ended = Gap(gap.first, t - 1, gap.y, gap.x)
                self.gaps += [] if ended in self.gaps else [ended]  # the other daughter's
        for event in divisions:
            mother = min(self._before, key=lambda c: abs(c.y - event.y) + abs(c.x - event.x))
            first = self._condensed_since.get(mother.identity, t)
            for cell in cells:
                at_division = np.hypot(cell.y - event.y, cell.x - event.x) < self.life.radius_px
                if cell.fresh and cell.age == 0 and at_division:
                    self._open[cell.identity] = Gap(first, t, event.y, event.x)
        self._before = cells

    def _is_condensed(self, cell: Cell) -> bool:
        return all(ellipse.condensed >= 0.5 for ellipse in shapes_of(cell, self.life))


def mask_of(ellipses: list[Ellipse], size: int) -> NDArray:
    """Where ellipses lie in a square frame."""
    rows, columns = np.mgrid[:size, :size]
    mask = np.zeros((size, size), bool)
    for one in ellipses:
        y, x = rows - one.y, columns - one.x
        along = (x * np.cos(one.angle) + y * np.sin(one.angle)) / (SHOWN * one.long_px)
        across = (y * np.cos(one.angle) - x * np.sin(one.angle)) / (SHOWN * one.short_px)
        mask |= np.hypot(along, across) < 1
    return mask
