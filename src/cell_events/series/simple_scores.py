"""What a network has to beat: a random score, and scores that fit on a line.

All take values (N, C, T) and give scores (N, T), larger where a point is more abnormal; of several
channels the most abnormal one counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

Values = NDArray[np.float32]
Scores = NDArray[np.float64]


def random_score(values: Values, seed: int = 0) -> Scores:
    """Numbers that know nothing of the values."""
    return np.random.default_rng(seed).random((len(values), values.shape[2]))


def moving_z_score(values: Values, width: int = 101) -> Scores:
    """Distance from the mean of the points around, in their standard deviations."""
    exact = values - values.mean(axis=2, keepdims=True, dtype=float)
    mean = uniform_filter1d(exact, width, axis=2, mode="nearest")
    square = uniform_filter1d(exact**2, width, axis=2, mode="nearest")
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return np.asarray((np.abs(exact - mean) / np.maximum(spread, 1e-9)).max(axis=1))


def difference_z_score(values: Values) -> Scores:
    """Step from the point before, in robust standard deviations of all steps of the curve."""
    steps = np.abs(np.diff(values.astype(float), axis=2, prepend=values[:, :, :1]))
    usual = np.median(steps, axis=2, keepdims=True) * 1.4826
    return np.asarray((steps / np.maximum(usual, 1e-9)).max(axis=1))


SIMPLE_SCORES = {
    "random": random_score,
    "moving z-score": moving_z_score,
    "difference z-score": difference_z_score,
}
