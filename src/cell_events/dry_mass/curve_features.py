"""What the shape of a mass curve is like, in a few numbers for each cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.curves import MassCurve

FEWEST_FRAMES = 12
"""Frames that a curve needs for these numbers to mean anything."""

SMALLEST_PG = 1e-3
"""Masses below are taken as this, so that their logarithm is finite."""

JUMP = 0.2
"""Steps of log mass beyond this are jumps, not growth: divisions, or errors."""

FEATURES = (
    "growth of the first third",
    "growth of the middle third",
    "growth of the last third",
    "growth, spread around a line",
    "largest step up",
    "second largest step up",
    "largest step down",
    "second largest step down",
    "jumps up",
    "jumps down",
    "smallest log mass",
    "range of log mass",
)


def curve_features(curve: MassCurve) -> NDArray[np.float64]:
    """Features (12,) of one curve of log mass, in the order of `FEATURES`; gaps are bridged.

    Raises
    ------
    ValueError
        If fewer than `FEWEST_FRAMES` frames were measured.
    """
    measured = np.flatnonzero(np.isfinite(curve.mass_pg))
    if len(measured) < FEWEST_FRAMES:
        raise ValueError(f"{len(measured)} frames were measured, {FEWEST_FRAMES} are needed.")
    log_mass = np.log(np.maximum(curve.mass_pg[measured], SMALLEST_PG))
    log_mass = np.interp(np.arange(measured[0], measured[-1] + 1), measured, log_mass)
    steps = np.diff(log_mass)
    is_jump = np.abs(steps) > JUMP
    grown = np.cumsum(np.where(is_jump, np.median(steps), steps))
    upwards = np.sort(steps)
    return np.array(
        [
            *(_slope(part) for part in np.array_split(grown, 3)),
            _spread_around_line(grown),
            upwards[-1],
            upwards[-2],
            upwards[0],
            upwards[1],
            np.count_nonzero(is_jump & (steps > 0)),
            np.count_nonzero(is_jump & (steps < 0)),
            log_mass.min(),
            np.ptp(log_mass),
        ]
    )


def _slope(values: NDArray[np.float64]) -> float:
    return float(np.polynomial.polynomial.polyfit(np.arange(len(values)), values, 1)[1])


def _spread_around_line(values: NDArray[np.float64]) -> float:
    times = np.arange(len(values))
    line = np.polynomial.polynomial.polyfit(times, values, 1)
    return float(np.std(values - np.polynomial.polynomial.polyval(times, line)))
