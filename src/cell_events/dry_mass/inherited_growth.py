"""How much of her mother's growth a daughter keeps, as learned from all mothers and daughters.

Sizes of such correlations differ between kinds of cells (Kuchen et al. 2020, eLife 9:e51002), so
none is taken for granted: where daughters do not take after their mothers, nothing is foretold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEWEST_PAIRS = 20
"""Mothers with a daughter, below which nothing is learned."""

RECENT = 60
"""Changes before the division from which a mother's growth is taken."""

EXTREMES = 0.05
"""Share of the cells at either end that count as if they were less extreme."""


def inherited_growth(
    excess: NDArray[np.float64],
    lengths: NDArray[np.intp],
    mothers: NDArray[np.intp],
    asked: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Change (N,) of log mass from frame to frame that a daughter's mother foretells.

    Parameters
    ----------
    excess
        (N, L - 1) change beyond the usual one, 0 after the end.
    lengths
        (N,) frames of each cell.
    mothers
        (N,) row of the mother, -1 without one.
    asked
        (N,) cells that say how much is kept.
    """
    daughters = np.flatnonzero(mothers >= 0)
    asked_pairs = daughters[asked[daughters] & asked[mothers[daughters]]]
    foretold = np.zeros(len(lengths))
    if len(asked_pairs) < FEWEST_PAIRS:
        return foretold
    rates = _rates(excess, lengths)
    recent = _rates(excess[:, ::-1], lengths, RECENT, excess.shape[1] + 1 - lengths)
    kept = _kept(recent[mothers[asked_pairs]], rates[asked_pairs])
    foretold[daughters] = kept * recent[mothers[daughters]]
    return foretold


def _rates(
    excess: NDArray[np.float64],
    lengths: NDArray[np.intp],
    most: int | None = None,
    begins: NDArray[np.intp] | None = None,
) -> NDArray[np.float64]:
    """Mean excess (N,) of some changes of each row; extreme ones are taken back."""
    columns = np.arange(excess.shape[1])
    starts = np.zeros(len(lengths), np.intp) if begins is None else begins
    counts = np.minimum(lengths - 1, most or excess.shape[1])
    inside = (columns >= starts[:, None]) & (columns < (starts + counts)[:, None])
    means = np.where(inside, excess, 0.0).sum(axis=1) / np.maximum(counts, 1)
    low, high = np.quantile(means, [EXTREMES, 1 - EXTREMES])
    clipped: NDArray[np.float64] = np.clip(means, low, high)
    return clipped


def _kept(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """Slope of daughters on mothers, between 0 and 1; as far as chance brings it about, 0."""
    before, after = before - before.mean(), after - after.mean()
    squares = float((before**2).sum())
    if squares <= 0:
        return 0.0
    slope = float((before * after).sum()) / squares
    chance = float(((after - slope * before) ** 2).mean()) / squares
    certain = max(0.0, 1 - chance / slope**2) if slope > 0 else 0.0
    return min(slope * certain, 1.0)
