"""Curves side by side: the logarithms of their masses, and how these change from frame to frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.curves import MassCurve

SMALLEST_SHARE = 0.02
"""Masses below this share of the cell's median count as so much, so that logarithms are finite."""


@dataclass(frozen=True)
class LogMasses:
    """Logarithms of the masses of several cells; only ratios count, so any unit of mass will do.

    Attributes
    ----------
    values
        (N, L), row by row from the first frame of each cell on; missing frames are bridged by a
        straight line, and NaN follows the last frame.
    seen
        (N, L) whether a frame was measured.
    lengths
        (N,) frames of each cell.
    firsts
        (N,) first frame of each cell in the movie.
    places
        (N, L, 2) y and x where each cell was measured, NaN elsewhere; None where unknown.
    """

    values: NDArray[np.float64]
    seen: NDArray[np.bool_]
    lengths: NDArray[np.intp]
    firsts: NDArray[np.intp]
    places: NDArray[np.float64] | None = None

    @property
    def changes(self) -> NDArray[np.float64]:
        """(N, L - 1) change from each frame to the next."""
        return np.diff(self.values, axis=1)

    @property
    def frames(self) -> NDArray[np.intp]:
        """(N, L) frame of the movie that each value belongs to."""
        return self.firsts[:, None] + np.arange(self.values.shape[1])


def log_masses(curves: Sequence[MassCurve]) -> LogMasses:
    """Lay curves side by side; each must hold a mass."""
    lengths = np.array([len(curve.mass_pg) for curve in curves], np.intp)
    firsts = np.array([curve.first for curve in curves], np.intp)
    values = np.full((len(curves), int(lengths.max(initial=1))), np.nan)
    seen = np.zeros(values.shape, bool)
    for row, (curve, length) in enumerate(zip(curves, lengths, strict=True)):
        values[row, :length] = _logarithms(curve.mass_pg)
        seen[row, :length] = np.isfinite(curve.mass_pg)
    return LogMasses(values, seen, lengths, firsts, _places(curves, lengths))


def _places(curves: Sequence[MassCurve], lengths: NDArray[np.intp]) -> NDArray[np.float64] | None:
    if all(curve.places is None for curve in curves):
        return None
    places = np.full((len(curves), int(lengths.max(initial=1)), 2), np.nan)
    for row, (curve, length) in enumerate(zip(curves, lengths, strict=True)):
        if curve.places is not None:
            places[row, :length] = curve.places
    return places


def _logarithms(mass: NDArray[np.float64]) -> NDArray[np.float64]:
    seen = np.flatnonzero(np.isfinite(mass))
    usual = float(np.median(mass[seen]))
    smallest = SMALLEST_SHARE * usual if usual > 0 else 1.0
    logarithms: NDArray[np.float64] = np.interp(
        np.arange(len(mass)), seen, np.log(np.maximum(mass[seen], smallest))
    )
    return logarithms
