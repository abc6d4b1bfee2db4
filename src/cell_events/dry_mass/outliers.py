"""Outliers of a frame or two, which can be taken for missing measurements (Hampel 1974)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.dry_mass.curves import MassCurve

REACH, LEAST_BESIDE = 5, 2
"""Frames on either side that a measurement is compared to; how many of them must be measured."""

FAR = 4.0
"""Robust standard deviations of log mass from which on a measurement is far from others."""


def without_outliers(
    curves: Sequence[MassCurve], frames: int
) -> tuple[tuple[MassCurve, ...], NDArray[np.int64]]:
    """Curves whose brief outliers are missing, and how many measurements each curve lost.

    An outlier is a run of at most `frames` measurements that lie far above, or far below, both the
    median of those before and the median of those after. So growth is none, and nor are steps that
    stay, such as divisions, or the first and the last measurement.
    """
    if not curves:
        return (), np.zeros(0, np.int64)
    ends = np.cumsum([len(curve.mass_pg) + REACH for curve in curves])
    apart = np.split(_deviations(curves), ends[:-1], axis=1)
    found = [_outliers(curve, sides, frames) for curve, sides in zip(curves, apart, strict=True)]
    kept = tuple(
        replace(curve, mass_pg=np.where(far, np.nan, curve.mass_pg)) if far.any() else curve
        for curve, far in zip(curves, found, strict=True)
    )
    return kept, np.array([int(far.sum()) for far in found], np.int64)


def _deviations(curves: Sequence[MassCurve]) -> NDArray[np.float64]:
    """Log mass less the medians of the `REACH` frames before and after (2, n); curves in a row.

    Behind each curve, `REACH` values are missing, so that no curve sees the next one.
    """
    padding = np.full(REACH, np.nan)
    masses = np.concatenate([part for curve in curves for part in (curve.mass_pg, padding)])
    log_mass = pd.Series(np.nan, index=range(len(masses)))
    measured = np.flatnonzero(masses > 0)
    log_mass.iloc[measured] = np.log(masses[measured])
    sides = []
    for direction in (1, -1):
        beside = pd.concat([log_mass.shift(direction * k) for k in range(1, REACH + 1)], axis=1)
        enough = beside.notna().sum(axis=1) >= LEAST_BESIDE
        sides.append((log_mass - beside.median(axis=1).where(enough)).to_numpy())
    return np.stack(sides)


def _outliers(curve: MassCurve, sides: NDArray[np.float64], frames: int) -> NDArray[np.bool_]:
    """Which measurements of a curve are outliers (n,)."""
    sides = sides[:, : len(curve.mass_pg)]
    measured = np.flatnonzero(curve.mass_pg > 0)
    outliers = np.zeros(sides.shape[1], bool)
    between = np.abs(sides.mean(axis=0))
    known = between[np.isfinite(between)]
    if not len(known):
        return outliers
    same_side = np.sign(sides[0]) == np.sign(sides[1])
    far = same_side & (np.abs(sides).min(axis=0) > FAR * 1.4826 * np.median(known))
    for run in _runs(far[measured]):
        if len(run) <= frames and run[0] > 0 and run[-1] < len(measured) - 1:
            outliers[measured[run]] = True
    return outliers


def _runs(far: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Places of the values that are far, those next to each other together."""
    places = np.flatnonzero(far)
    return np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(places) else []
