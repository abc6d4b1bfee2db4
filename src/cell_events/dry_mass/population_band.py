"""How heavy the cells of a movie are in each frame: what a single curve is seen against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.curves import MassCurve

FEWEST_CELLS = 5
"""With fewer cells in a frame, nothing is said about it."""

MOST_CELLS = 2000
"""Of more cells, as many are taken at even distances: quartiles hardly change."""


@dataclass(frozen=True, eq=False)
class PopulationBand:
    """Quartiles of the mass in pg, one value for each of the frames."""

    frames: NDArray[np.int64]
    low_pg: NDArray[np.float64]
    median_pg: NDArray[np.float64]
    high_pg: NDArray[np.float64]


def population_band(curves: Sequence[MassCurve]) -> PopulationBand:
    """Quartiles of the mass of all cells in each frame that has enough of them."""
    chosen = curves[:: max(1, -(-len(curves) // MOST_CELLS))]
    n_frames = max((curve.last + 1 for curve in chosen), default=0)
    masses = np.full((len(chosen), n_frames), np.nan)
    for row, curve in zip(masses, chosen, strict=True):
        row[curve.first : curve.last + 1] = curve.mass_pg
    frames = np.flatnonzero(np.isfinite(masses).sum(axis=0) >= FEWEST_CELLS)
    if not len(frames):
        nothing = np.empty(0)
        return PopulationBand(frames, nothing, nothing, nothing)
    return PopulationBand(frames, *np.nanquantile(masses[:, frames], (0.25, 0.5, 0.75), axis=0))
