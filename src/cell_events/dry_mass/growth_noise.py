"""How much, and for how long, normal cells stray from the usual growth.

Errors of measurement come and go, and growth itself wanders. Both show in how the difference of
masses spreads with the time between two frames (a variogram). A sum of a few simple models, fitted
to it, gives the covariance of the changes of a cell; quartiles keep the abnormal cells out of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import toeplitz
from scipy.optimize import nnls

LAGS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 160, 240)

LONG_ENOUGH = 0.4
"""Share of the cells that must be seen for longer than a lag."""

ERROR_MEMORIES = (0.0, 0.5, 0.8, 0.9)
"""Correlations, from frame to frame, of errors of measurement."""

GROWTH_MEMORIES = (0.0, 0.9, 0.97, 0.99, 1.0)
"""Correlations, from frame to frame, of a cell's growth; 1 is a rate that it keeps."""

QUARTILES_TO_SD = 1.349
"""Distance of the quartiles of a Gaussian whose standard deviation is 1."""

FEW_CELLS, KEPT_RATE = 30, 0.25
"""With fewer cells, rates that cells keep are taken to differ by this share of the usual growth."""

SCATTER = 2.0
"""Variance of the logarithm of a median absolute change, times the frames it is taken from."""


@dataclass(frozen=True)
class GrowthNoise:
    """Variance of the log mass by errors, and of its change by growth, for each memory."""

    errors: NDArray[np.float64]
    growth: NDArray[np.float64]

    def covariance(self, changes: int, scale: float) -> NDArray[np.float64]:
        """Covariance (changes, changes) of a cell whose errors are `scale` times the usual ones."""
        lags = np.arange(changes + 2.0)
        spread = scale**2 * (_error_spread(lags) @ self.errors)
        row = np.empty(changes)
        row[0] = spread[1]
        row[1:] = (spread[2 : changes + 1] - 2 * spread[1:changes] + spread[: changes - 1]) / 2
        memories = np.array(GROWTH_MEMORIES)
        row += np.power(memories, lags[:changes, None]) @ self.growth
        row[0] *= 1 + 1e-9
        return np.asarray(toeplitz(row))


def growth_noise(
    excess: NDArray[np.float64], lengths: NDArray[np.intp], usual: float
) -> GrowthNoise:
    """Fit the noise of normal cells.

    Parameters
    ----------
    excess
        (N, L - 1) changes of log mass beyond the usual ones; 0 where unknown.
    lengths
        (N,) frames of each cell.
    usual
        Usual change from frame to frame.
    """
    paths = np.cumsum(excess, axis=1)
    paths[np.arange(1, paths.shape[1] + 1) >= lengths[:, None]] = np.nan
    lags = [lag for lag in LAGS if (lengths - 1 > lag).mean() > LONG_ENOUGH] or [1]
    spreads = np.array([_spread(paths[:, lag:] - paths[:, :-lag]) for lag in lags])
    spreads = np.maximum(spreads, 1e-12)
    parts = np.hstack([_error_spread(np.array(lags)), _growth_spread(np.array(lags))])
    sizes = (parts / spreads[:, None]).max(axis=0)
    found = nnls(parts / spreads[:, None] / sizes, np.ones(len(lags)))[0] / sizes
    errors, growth = np.split(found, [len(ERROR_MEMORIES)])
    if len(lengths) < FEW_CELLS:
        growth[-1] = max(growth[-1], (KEPT_RATE * usual) ** 2)
    return GrowthNoise(errors, growth)


def noise_scales(excess: NDArray[np.float64], lengths: NDArray[np.intp]) -> NDArray[np.float64]:
    """Errors (N,) of each cell in comparison with the usual ones, between a fifth and five.

    As far as the differences between cells are what chance brings about, they are taken back.
    """
    inside = np.arange(1, excess.shape[1] + 1) < lengths[:, None]
    sizes = np.full(len(lengths), np.nan)
    several = inside.any(axis=1)
    sizes[several] = np.nanmedian(np.where(inside, np.abs(excess), np.nan)[several], axis=1)
    usual = float(np.nanmedian(sizes)) if several.any() else 0.0
    if not usual > 0:
        return np.ones(len(lengths))
    ratios = np.log(np.clip(np.nan_to_num(sizes / usual, nan=1.0), 0.2, 5.0))
    by_chance = SCATTER / np.maximum(lengths, 1)
    low, high = np.quantile(ratios, [0.25, 0.75])
    differing = max(((high - low) / QUARTILES_TO_SD) ** 2 - float(np.median(by_chance)), 0.0)
    scales: NDArray[np.float64] = np.exp(ratios * differing / (differing + by_chance))
    return scales


def _spread(differences: NDArray[np.float64]) -> float:
    """Variance of differences, from the narrower side where there are enough cells.

    Abnormal cells are mostly on one side: some stop to grow, fewer grow faster.
    """
    low, middle, high = np.nanquantile(differences, [0.25, 0.5, 0.75])
    width = high - low
    if len(differences) >= FEW_CELLS:
        width = 2 * min(high - middle, middle - low)
    return float((width / QUARTILES_TO_SD) ** 2)


def _error_spread(lags: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance (lags, memories) of the difference of two errors."""
    return np.asarray(2 * (1 - np.power(np.array(ERROR_MEMORIES), lags[:, None])))


def _growth_spread(lags: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance (lags, memories) of the sum of correlated changes."""
    columns = []
    for memory in GROWTH_MEMORIES:
        if memory == 1:
            columns.append(lags**2.0)
            continue
        straight = lags * (1 + memory) / (1 - memory)
        columns.append(straight - 2 * memory * (1 - memory**lags) / (1 - memory) ** 2)
    return np.stack(columns, axis=1)
