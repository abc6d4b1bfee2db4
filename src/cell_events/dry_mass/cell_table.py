"""Everything of a track table that is shown: curves, places, the population."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cell_events.dry_mass.cell_places import CellPlaces
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.flag_rows import median_masses
from cell_events.dry_mass.nearest_cell import CellsInFrames
from cell_events.dry_mass.population_band import PopulationBand, population_band

USUAL_RADIUS_PX = 15.0
"""A click so near to a cell means it, where areas are unknown."""


@dataclass(frozen=True, eq=False)
class CellTable:
    """The cells of a movie.

    Attributes
    ----------
    tracks
        Track table, ordered by track and time.
    column
        Column with the mass.
    curves
        One for each track.
    places, in_frames
        Where a cell is, and which cell is at a place.
    band
        What the cells weigh in each frame.
    masses
        Median mass of each cell, by its track.
    interval_s
        Seconds from frame to frame; None if unknown.
    n_frames
        In how many frames there is a cell.
    divisions
        How many cells divide while they are tracked.
    doubtful
        In how many rows the measurement says that it is to be doubted.
    """

    tracks: pd.DataFrame
    column: str
    curves: tuple[MassCurve, ...]
    places: CellPlaces
    in_frames: CellsInFrames
    band: PopulationBand
    masses: pd.Series
    interval_s: float | None
    n_frames: int
    divisions: int
    doubtful: int

    @property
    def radius_px(self) -> float:
        """About the radius of a cell."""
        tracks = self.tracks
        if "area_px" in tracks:
            return float(np.sqrt(tracks["area_px"].median() / np.pi))
        if "area_um2" in tracks and "y_um" in tracks:
            radius_um = float(np.sqrt(tracks["area_um2"].median() / np.pi))
            return radius_um * float((tracks["y"] / tracks["y_um"]).median())
        return USUAL_RADIUS_PX


def cell_table(
    tracks: pd.DataFrame,
    curves: tuple[MassCurve, ...],
    column: str,
    interval_s: float | None = None,
) -> CellTable:
    """Prepare a track table and its curves for being looked at; takes seconds for millions."""
    return CellTable(
        tracks,
        column,
        curves,
        CellPlaces(tracks),
        CellsInFrames(tracks),
        population_band(curves),
        median_masses(tracks, column),
        interval_s,
        n_frames=len(np.unique(tracks["t"])),
        divisions=len({curve.parent_id for curve in curves} - {None}),
        doubtful=sum(int(curve.doubtful.sum()) for curve in curves),
    )
