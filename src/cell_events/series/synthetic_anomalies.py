"""What goes wrong in synthetic curves: outliers, changes of volatility, broken cycles (4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.series.synthetic_shapes import Table, looked_up

LEAST_VIOLATION = 0.4
"""A violation that moves a curve by less than this many of its standard deviations is none."""

LEAST_NOISE = 0.03
"""Noise that can be seen to change, relative to the standard deviation of a curve."""

MOST_OUTLIERS = 5

WIDEST_OUTLIER = 4

Curves = NDArray[np.float32]
Mask = NDArray[np.bool_]


def drawn_stretches(
    lengths: NDArray[np.float64], points: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], Mask]:
    """Where a stretch of each length begins (N,), and which points (N, points) it covers."""
    whole = np.clip(lengths, 2, points // 2).astype(np.int64)
    begins = (random.random(len(whole)) * (points - whole)).astype(np.int64)
    times = np.arange(points)
    return begins, (times >= begins[:, None]) & (times < (begins + whole)[:, None])


@dataclass(frozen=True, slots=True, eq=False)
class Cycles:
    """Cyclic curves: their shape, another shape, and how far they are in their cycle."""

    tables: Table
    others: Table
    periods: NDArray[np.float64]
    start: NDArray[np.float64]

    def only(self, rows: NDArray[np.int64]) -> Cycles:
        """Some of the curves."""
        return Cycles(self.tables[rows], self.others[rows], self.periods[rows], self.start[rows])

    def values(self, speed: Curves | None = None) -> Curves:
        """Values (N, T) at the usual speed, or at one that is multiplied with `speed` (N, T)."""
        return looked_up(self.tables, self.phases(speed))

    def phases(self, speed: Curves | None = None, points: int = 1024) -> Curves:
        """Cycles passed since the begin."""
        faster = np.ones((len(self.periods), points)) if speed is None else speed
        passed = np.cumsum(faster / self.periods[:, None], axis=1) + self.start[:, None]
        return passed.astype(np.float32)


def violated_cycles(cycles: Cycles, random: np.random.Generator) -> tuple[Curves, Mask]:
    """Curves (N, T) of which a stretch breaks the cycle, and that stretch.

    The cycle runs faster or slower, halts, stands upside down, changes its size, or takes another
    shape. A stretch that can hardly be told from the cycle stays as it was.
    """
    usual = cycles.values()
    count = len(usual)
    lengths = random.uniform(0.75, 3, count) * cycles.periods
    begins, inside = drawn_stretches(lengths, usual.shape[1], random)
    way = random.integers(0, 5, count)
    values = np.where(inside, _changed(cycles, usual, begins, way, random), usual)
    values = np.where((way == 0)[:, None], _other_speed(cycles, inside, random), values)
    moved = np.where(inside, np.abs(values - usual), 0).sum(axis=1) / inside.sum(axis=1)
    is_clear: Mask = (moved >= LEAST_VIOLATION)[:, None]
    return np.where(is_clear, values, usual), inside & is_clear


def _other_speed(cycles: Cycles, inside: Mask, random: np.random.Generator) -> Curves:
    faster = _either(0.35, 0.65, 1.5, 2.5, len(inside), random)
    return cycles.values(np.where(inside, faster, np.float32(1)))


def _either(
    low: float, less: float, more: float, high: float, count: int, random: np.random.Generator
) -> Curves:
    """Factors (count, 1), half of them below 1 and half of them above."""
    below, above = random.uniform(low, less, (count, 1)), random.uniform(more, high, (count, 1))
    return np.where(random.random((count, 1)) < 0.5, below, above).astype(np.float32)


def _changed(
    cycles: Cycles,
    usual: Curves,
    begins: NDArray[np.int64],
    way: NDArray[np.int64],
    random: np.random.Generator,
) -> Curves:
    """What stands inside the stretch, for the ways 1 to 4."""
    changed = usual.copy()
    rows = way == 1
    changed[rows] = np.take_along_axis(usual[rows], begins[rows, None], axis=1)
    changed[way == 2] *= -1
    changed[way == 3] *= _either(0.1, 0.5, 1.7, 2.5, int((way == 3).sum()), random)
    rows = way == 4
    changed[rows] = looked_up(cycles.others[rows], cycles.phases()[rows])
    return changed


def changed_volatility(
    noise: NDArray[np.float64], points: int, random: np.random.Generator
) -> tuple[Curves, Mask]:
    """Size (N, T) of the noise, of usual size (N,), that a stretch changes; and that stretch.

    It grows by a factor of 2.5 to 8, or shrinks to between a tenth and a quarter. Where the usual
    noise could hardly be seen, it is raised.
    """
    count = len(noise)
    noise = np.maximum(noise, LEAST_NOISE)
    lengths = np.exp(random.uniform(np.log(30), np.log(300), count))
    _, inside = drawn_stretches(lengths, points, random)
    factor = np.where(
        random.random(count) < 0.7, random.uniform(2.5, 8, count), random.uniform(0.1, 0.25, count)
    )
    sizes = noise[:, None] * np.where(inside, factor[:, None], 1.0)
    return sizes.astype(np.float32), inside


def additive_outliers(
    sizes: NDArray[np.float64], points: int, random: np.random.Generator
) -> tuple[Curves, Mask]:
    """What is added to curves (N, T), and where: one to five outliers, one to four points wide.

    An outlier is at least as large as `sizes` (N,).
    """
    count = len(sizes)
    shape = (count, MOST_OUTLIERS)
    is_there = np.arange(MOST_OUTLIERS) < random.integers(1, MOST_OUTLIERS + 1, count)[:, None]
    begins = random.integers(0, points - WIDEST_OUTLIER, shape)
    widths = random.integers(1, WIDEST_OUTLIER + 1, shape)
    heights = random.choice([-1.0, 1.0], shape) * (sizes[:, None] + random.uniform(0.5, 2.5, shape))
    added = np.zeros((count, points), np.float32)
    for offset in range(WIDEST_OUTLIER):
        rows, which = np.nonzero(is_there & (offset < widths))
        added[rows, begins[rows, which] + offset] = heights[rows, which]
    return added, added != 0
