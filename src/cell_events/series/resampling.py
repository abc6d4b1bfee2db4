"""Series brought to the 1,024 points of a snapshot, and what is found brought back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from cell_events.series.labelled_series import measured_points

POINTS = 1024
"""Points of a snapshot (section 3.1)."""

FILTER_ORDER = 4
KEPT_BAND = 0.8
"""Share of the frequencies that a snapshot can hold which is let through."""

MIRRORED = 10
"""Points of a snapshot that are mirrored at both ends, so that the filter sees no edge."""

LARGEST_GAP = 2.0
"""Intervals between two times over which nothing is known to have been measured."""

Times = NDArray[np.float64]
Values = NDArray[np.float32]
Mask = NDArray[np.bool_]


def to_length(values: Values, times: Times, length: int = POINTS) -> tuple[Values, Mask]:
    """Bring curves to so many points, evenly spaced from the first to the last time.

    Downwards, a low-pass filter in both directions comes first, so that what is too quick for the
    points that are left does not turn into something slow. Upwards, points lie on straight lines.

    Parameters
    ----------
    values
        (C, T), NaN where missing. What is missing is filled along straight lines.
    times
        (T,), ascending.

    Returns
    -------
    values
        (C, length) float32, nothing missing; a curve of which nothing is known is 0.
    mask
        (length,), True where a measured point is near.
    """
    measured = measured_points(values)
    grid = _grid(times, length)
    curves = np.stack([_one_to_length(curve, times, grid) for curve in values])
    nearest = nearest_times(times, grid)
    interval = max(_usual_interval(times), _usual_interval(grid))
    near = np.abs(times[nearest] - grid) <= LARGEST_GAP / 2 * interval * (1 + 1e-9)
    return curves.astype(np.float32), measured[nearest] & near


def labels_to_length(labels: Mask, times: Times, length: int = POINTS) -> Mask:
    """Bring labels (M, T) to so many points; none is lost, however short."""
    grid = _grid(times, length)
    found = labels[:, nearest_times(times, grid)].copy()
    rows, points = np.nonzero(labels)
    found[rows, nearest_times(grid, times)[points]] = True
    return found


def back_to_times(
    probabilities: NDArray[np.floating], times: Times, measured: Mask
) -> NDArray[np.float32]:
    """Bring probabilities (M, length) back to times (T,): the mean of the points nearest to each.

    They are NaN where nothing was measured.
    """
    grid = _grid(times, probabilities.shape[1])
    found = np.stack([np.interp(times, grid, row) for row in probabilities])
    nearest = nearest_times(times, grid)
    counts = np.bincount(nearest, minlength=len(times))
    some = counts > 0
    for row, target in zip(probabilities, found, strict=True):
        sums = np.bincount(nearest, weights=row, minlength=len(times))
        target[some] = sums[some] / counts[some]
    return np.where(measured, found, np.nan).astype(np.float32)


def nearest_times(times: Times, wanted: Times) -> NDArray[np.intp]:
    """Position of the nearest of ascending times for each wanted one."""
    right = np.clip(np.searchsorted(times, wanted), min(1, len(times) - 1), len(times) - 1)
    left = np.maximum(right - 1, 0)
    nearer_left = wanted - times[left] <= times[right] - wanted
    return np.asarray(np.where(nearer_left, left, right), np.intp)


def _grid(times: Times, length: int) -> Times:
    return np.linspace(times[0], times[-1], length)


def _usual_interval(times: Times) -> float:
    return float(np.median(np.diff(times))) if len(times) > 1 else np.inf


def filled(curve: Values, times: Times) -> NDArray[np.float64]:
    """Give a curve with what is missing filled along straight lines; 0 where nothing is known."""
    known = np.isfinite(curve)
    if not known.any():
        return np.zeros(len(times))
    return np.asarray(np.interp(times, times[known], curve[known].astype(np.float64)))


def _one_to_length(curve: Values, times: Times, grid: Times) -> NDArray[np.float64]:
    """Fill, smooth if there are more points than wanted, and interpolate."""
    known = np.isfinite(curve)
    if not known.any():
        return np.zeros(len(grid))
    if len(times) <= len(grid):
        return np.interp(grid, times[known], curve[known].astype(np.float64))
    even = np.linspace(times[0], times[-1], len(times))
    filled = np.interp(even, times[known], curve[known].astype(np.float64))
    low_pass = butter(FILTER_ORDER, KEPT_BAND * len(grid) / len(times), output="sos")
    mirrored = min(len(times) - 1, MIRRORED * len(times) // len(grid))
    smooth = sosfiltfilt(low_pass, filled, padtype="even", padlen=mirrored)
    return np.asarray(np.interp(grid, even, smooth))
