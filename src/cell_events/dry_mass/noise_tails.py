"""How common outliers are among the errors of normal cells: degrees of freedom of Student's t."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

DEGREES = (5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 60.0)
"""Fewer would call merges normal where most cells hold one, as in poorly segmented movies."""

HALF = 0.5
"""Share of cells and of errors that are looked at: abnormal cells hardly move a median."""


def tail_degrees(errors: list[NDArray[np.float64]]) -> float:
    """Degrees of freedom for which the largest error of each cell is as large as here.

    Parameters
    ----------
    errors
        Arrays (N, n) of the errors of cells that are equally long. An abnormal cell may hold a few
        huge ones, so half of the cells decide, by their largest error.
    """
    usual = float(np.median(np.abs(np.concatenate([each.ravel() for each in errors]))))
    largest = np.concatenate([np.abs(each).max(axis=1) for each in errors])
    counts = np.repeat([each.shape[1] for each in errors], [len(each) for each in errors])
    if usual <= 0:
        return DEGREES[0]
    height = float(np.median(largest)) / usual
    below = [_share_below(height, each, counts) for each in DEGREES]
    return float(np.interp(HALF, below, DEGREES))


def tailed_noise(
    random: np.random.Generator, shape: tuple[int, ...], degrees: float
) -> NDArray[np.float64]:
    """Draw such errors; half of them are as large as those of a Gaussian of width 1."""
    usual = student.isf(HALF / 2, degrees) / student.isf(HALF / 2, np.inf)
    noise: NDArray[np.float64] = random.standard_t(degrees, shape) / usual
    return noise


def _share_below(height: float, degrees: float, counts: NDArray[np.intp]) -> float:
    """Share of cells without an error beyond a height, as a multiple of the usual error."""
    beyond = 2 * student.sf(height * student.isf(HALF / 2, degrees), degrees)
    return float(np.mean((1 - beyond) ** counts))
