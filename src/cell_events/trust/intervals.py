"""How sure a figure is: bootstrap over blocks, because crops of one block are alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = float | NDArray[np.floating]


class Interval(NamedTuple):
    """A figure and the ends of its interval.

    Attributes
    ----------
    value
        The statistic of all rows; a number, or an array of numbers.
    low, high
        Ends of the interval, of the same shape; NaN where they cannot be known.
    """

    value: Values
    low: Values
    high: Values


def block_bootstrap(
    groups: NDArray[np.integer],
    statistic: Callable[[NDArray[np.int64]], Values],
    repeats: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> Interval:
    """Percentile interval of a statistic over whole blocks that are drawn with replacement.

    Cluster bootstrap (Davison & Hinkley 1997, section 3.8): rows of one block share cells, light
    and painter, so drawing single rows would promise too much.

    Parameters
    ----------
    groups
        Block of each row, (N,); any integers.
    statistic
        Figure, or array of figures of a fixed shape, of some rows; it is given row indices (M,), in
        which rows occur as often as their block was drawn. Repeats in which it is NaN do not count.
    repeats
        How often blocks are drawn.
    level
        Share of the repeats that the interval holds.

    Returns
    -------
    Interval
        With NaN as both ends if there are fewer than two blocks.

    Raises
    ------
    ValueError
        If there are no rows, or the settings make no interval.
    """
    _check(groups, repeats, level)
    value = statistic(np.arange(len(groups)))
    _, block = np.unique(groups, return_inverse=True)
    rows_of = np.split(np.argsort(block, kind="stable"), np.cumsum(np.bincount(block))[:-1])
    if len(rows_of) < 2:
        unknown = np.full(np.shape(value), np.nan)
        return Interval(value, *map(_plain, (unknown, unknown.copy())))
    random = np.random.default_rng(seed)
    drawn = random.integers(len(rows_of), size=(repeats, len(rows_of)))
    found = np.array([statistic(np.concatenate([rows_of[b] for b in blocks])) for blocks in drawn])
    low, high = _quantiles(found, (1 - level) / 2)
    return Interval(value, _plain(low), _plain(high))


def _quantiles(found: NDArray[np.floating], tail: float) -> NDArray[np.floating]:
    """The (2, ...) ends of the interval; NaN where no repeat gave a number."""
    known = np.isfinite(found).any(axis=0)
    filled = np.where(known, found, 0.0)
    ends: NDArray[np.floating] = np.nanquantile(filled, [tail, 1 - tail], axis=0)
    return np.where(known, ends, np.nan)


def _plain(values: NDArray[np.floating]) -> Values:
    """A number for an array of none."""
    return float(values) if np.ndim(values) == 0 else np.asarray(values)


def _check(groups: NDArray[np.integer], repeats: int, level: float) -> None:
    """Raise `ValueError` unless an interval can be made."""
    if not len(groups):
        raise ValueError("There are no rows to draw from; at least one was expected.")
    if repeats < 1 or not 0 < level < 1:
        raise ValueError(
            f"repeats must be at least 1 and level between 0 and 1; got {repeats} and {level}."
        )
