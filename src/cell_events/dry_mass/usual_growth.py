"""How a cell of this population usually grows: at its mass, and at this time."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from cell_events.dry_mass.log_masses import LogMasses

Reference = Literal["same time", "whole recording"]

TRIMMED = 0.1
"""Share of the changes left out at either end before their mean is taken."""

CELLS_PER_BIN, MOST_BINS = 100, 12
"""Cells from which the growth at one mass is judged, and the number of masses."""

LEVEL_FRAMES = 5
"""Frames on either side of which the mean is the level, so that errors do not count as growth."""

TIME_FRAMES, CELLS_AT_A_TIME = 9, 30
"""Frames that are judged together, and cells that must be there for a time to count by itself."""


def usual_growth(
    masses: LogMasses, changes: NDArray[np.float64], reference: Reference = "same time"
) -> NDArray[np.float64]:
    """Usual change (N, L - 1) of log mass for each cell and frame.

    Parameters
    ----------
    changes
        (N, L - 1), NaN where there are none, or divisions, which do not count.
    reference
        "same time" compares cells with those at the same time, wherever there are enough of them;
        "whole recording" with all, so that a change of the whole population is unusual as well.
    """
    usual = _by_mass(masses, changes)
    if reference == "same time":
        usual = usual + _by_time(masses.frames[:, :-1], changes - usual)
    return usual


def trimmed_mean(values: NDArray[np.float64]) -> float:
    """Mean of the finite values without the smallest and the largest ones; 0 without any."""
    found = values[np.isfinite(values)]
    if not found.size:
        return 0.0
    low, high = np.quantile(found, [TRIMMED, 1 - TRIMMED])
    return float(found[(found >= low) & (found <= high)].mean())


def _by_mass(masses: LogMasses, changes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Heavy cells may grow at another rate than light ones."""
    seen = np.isfinite(changes)
    bins = int(np.clip(len(seen) // CELLS_PER_BIN, 1, MOST_BINS))
    levels = _levels(masses)[:, :-1]
    edges = np.quantile(levels[seen], np.linspace(0, 1, bins + 1)) if seen.any() else np.zeros(2)
    which = np.clip(np.searchsorted(edges, levels) - 1, 0, bins - 1)
    means = np.array([trimmed_mean(changes[seen & (which == each)]) for each in range(bins)])
    usual: NDArray[np.float64] = means[which]
    return usual


def _by_time(frames: NDArray[np.intp], excess: NDArray[np.float64]) -> NDArray[np.float64]:
    """Growth of all cells at a time beyond what their masses explain."""
    first = int(frames.min(initial=0))
    at = frames - first
    seen = np.isfinite(excess)
    order = np.argsort(at[seen], kind="stable")
    times, values = at[seen][order], excess[seen][order]
    ends = np.searchsorted(times, np.arange(int(at.max(initial=0)) + 2))
    means = np.zeros(len(ends) - 1)
    counts = np.diff(ends)
    for time in np.flatnonzero(counts >= CELLS_AT_A_TIME):
        means[time] = trimmed_mean(values[ends[time] : ends[time + 1]])
    weights = uniform_filter1d(counts * 1.0 * (counts >= CELLS_AT_A_TIME), TIME_FRAMES)
    sums = uniform_filter1d(means * counts * (counts >= CELLS_AT_A_TIME), TIME_FRAMES)
    smooth = np.divide(sums, weights, out=np.zeros_like(sums), where=weights > 0)
    usual: NDArray[np.float64] = np.where(counts >= CELLS_AT_A_TIME, smooth, 0.0)[at]
    return usual


def _levels(masses: LogMasses) -> NDArray[np.float64]:
    """Mean (N, L) of the log masses around each frame."""
    seen = np.isfinite(masses.values)
    size = 2 * LEVEL_FRAMES + 1
    sums = uniform_filter1d(np.where(seen, masses.values, 0.0), size, axis=1, mode="constant")
    counts = uniform_filter1d(seen.astype(float), size, axis=1, mode="constant")
    levels = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0.5 / size)
    return np.asarray(levels)
