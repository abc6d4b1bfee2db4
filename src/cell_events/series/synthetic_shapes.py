"""Shapes of synthetic curves: smooth, piecewise linear, piecewise constant, pulse-like (section 4).

A shape is a table (N, TABLE), one row for each curve, that a cyclic curve goes through again and
again and another curve once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

TABLE = 512
"""Values of a shape from its begin to its end."""

MOST_KNOTS = 20

Table = NDArray[np.float32]
Shape = Callable[[NDArray[np.int64], np.random.Generator], Table]
"""Tables of the shape for N curves, given how much (N,) happens within each of them."""


def smooth(knots: NDArray[np.int64], random: np.random.Generator) -> Table:
    """Sums of sines, the slow ones stronger than the fast ones."""
    harmonics = np.arange(1, MOST_KNOTS // 2 + 1)
    turns = 2 * np.pi * harmonics[:, None] * _grid()
    decay = random.uniform(0.5, 1.5, (len(knots), 1))
    sizes = random.normal(size=(2, len(knots), len(harmonics))) * harmonics**-decay
    sizes *= harmonics <= np.maximum(knots[:, None] // 2, 1)
    return np.asarray(sizes[0] @ np.sin(turns) + sizes[1] @ np.cos(turns), np.float32)


def piecewise_linear(knots: NDArray[np.int64], random: np.random.Generator) -> Table:
    """Lines from knot to knot; the last one ends where the first one begins."""
    positions, index = _knots(knots, random)
    heights = random.normal(size=positions.shape)
    ends = np.where(positions < 2, positions, 1.0)
    ends = np.concatenate([ends, np.ones((len(knots), 1))], axis=1)
    after = np.concatenate([heights[:, 1:], heights[:, :1]], axis=1)
    is_last = np.arange(positions.shape[1]) == knots[:, None] - 1
    after = np.where(is_last, heights[:, :1], after)
    left, right = _at(positions, index), _at(ends, index + 1)
    part = (_grid() - left) / np.maximum(right - left, 1 / TABLE)
    low, high = _at(heights, index), _at(after, index)
    return (low + np.clip(part, 0, 1) * (high - low)).astype(np.float32)


def piecewise_constant(knots: NDArray[np.int64], random: np.random.Generator) -> Table:
    """Steps from level to level."""
    positions, index = _knots(knots, random)
    return _at(random.normal(size=positions.shape), index).astype(np.float32)


def pulses(knots: NDArray[np.int64], random: np.random.Generator) -> Table:
    """A flat line with pulses, pointed, round or rectangular, half as many as there are knots."""
    count = len(knots)
    grid = _grid().astype(np.float32)
    widths = random.uniform(0.15, 0.5, (count, 1)) / (knots[:, None] + 1)
    sharpness = random.choice([1.0, 2.0, 8.0], (count, 1))
    sign = random.choice([-1.0, 1.0], (count, 1))
    table = np.zeros((count, TABLE), np.float32)
    for pulse in range(MOST_KNOTS // 2):
        distance = np.abs(grid - random.random((count, 1), np.float32))
        distance = np.minimum(distance, 1 - distance) / widths
        height = (
            sign
            * random.uniform(0.6, 1.4, (count, 1))
            * (pulse < np.maximum(knots // 2, 1)[:, None])
        )
        table += (height * np.exp(-(np.minimum(distance, 4) ** sharpness))).astype(np.float32)
    return table


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "smooth": smooth,
        "piecewise linear": piecewise_linear,
        "piecewise constant": piecewise_constant,
        "pulse-like": pulses,
    }
)


def drawn_tables(
    names: NDArray[np.str_], cyclic: NDArray[np.bool_], random: np.random.Generator
) -> Table:
    """A table (N, TABLE) for each curve, of mean 0 and standard deviation 1."""
    knots = np.where(cyclic, random.integers(2, 7, len(names)), random.integers(6, 21, len(names)))
    tables = np.empty((len(names), TABLE), np.float32)
    for name in np.unique(names):
        rows = np.flatnonzero(names == name)
        tables[rows] = SHAPES[str(name)](knots[rows], random)
    tables -= tables.mean(axis=1, keepdims=True)
    tables /= np.maximum(tables.std(axis=1, keepdims=True), 1e-3)
    return tables


def looked_up(tables: Table, phases: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values (N, T) at phases (N, T); a phase of 1 is a whole table."""
    at = (phases - np.floor(phases)) * TABLE
    low = at.astype(np.int32)
    part = at - low
    low %= TABLE
    high = (low + 1) % TABLE
    values: NDArray[np.float32] = np.take_along_axis(tables, low, axis=1) * (1 - part)
    values += np.take_along_axis(tables, high, axis=1) * part
    return values


def _grid() -> NDArray[np.float64]:
    return np.arange(TABLE) / TABLE


def _knots(
    knots: NDArray[np.int64], random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sorted positions (N, MOST_KNOTS), unused ones at 2, and the last knot before each column."""
    count = len(knots)
    positions = random.random((count, MOST_KNOTS))
    positions[np.arange(MOST_KNOTS) >= knots[:, None]] = 2.0
    positions[:, 0] = 0.0
    positions.sort(axis=1)
    rows, columns = np.nonzero(positions < 2)
    begins = np.zeros((count, TABLE), np.int64)
    np.add.at(begins, (rows, (positions[rows, columns] * TABLE).astype(int)), 1)
    return positions, begins.cumsum(axis=1) - 1


def _at(of_knots: NDArray[np.float64], index: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.take_along_axis(of_knots, index, axis=1)
