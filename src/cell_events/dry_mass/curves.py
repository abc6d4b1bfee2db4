"""The mass of each cell over time, cut from a track table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.dry_mass.curve_checks import (
    MASS,
    CurvesError,
    check_columns,
    checked_masses,
    refuse_uneven_frames,
)
from cell_events.tracks import TracksError, track_table


@dataclass(frozen=True)
class MassCurve:
    """The mass of one cell over time.

    Attributes
    ----------
    track_id
        Track in the table.
    first
        Frame of `mass_pg[0]`.
    mass_pg
        (n,) float64, one value for each frame; NaN where the cell is missing.
    parent_id
        Track that the cell came from; None where unknown.
    doubtful
        (n,) bool, frames whose measurement says that it is to be doubted.
    places
        (n, 2) y and x in pixels, NaN where the cell is missing; None where unknown.
    """

    track_id: int
    first: int
    mass_pg: NDArray[np.float64]
    parent_id: int | None
    doubtful: NDArray[np.bool_]
    places: NDArray[np.float64] | None = None

    @property
    def last(self) -> int:
        """Frame of `mass_pg[-1]`."""
        return self.first + len(self.mass_pg) - 1


def mass_curves(tracks: pd.DataFrame, column: str = MASS) -> tuple[MassCurve, ...]:
    """Cut a track table into curves, ordered by `track_id`.

    Rows may be in any order, and a track may have a single one. Frames in which a track has no row
    are NaN in its curve. A table whose rows all lie at one place is taken to know no places.

    Raises
    ------
    CurvesError
        If there are no rows, a column is missing, a mass is negative or no finite number, frames
        are not evenly spaced, or it is no track table (`track_table`).
    """
    check_columns(tracks.columns, column)
    if tracks.empty:
        raise CurvesError("The table has no rows; expected one row for each cell and frame.")
    try:
        table = track_table(tracks)
    except TracksError as error:
        raise CurvesError(str(error)) from None
    table[column] = checked_masses(table, column)
    refuse_uneven_frames(table)
    begins = np.flatnonzero(np.diff(table["track_id"], prepend=-1))
    ends = np.append(begins[1:], len(table))
    return tuple(_curves(table, column, begins, ends))


def tracks_of(curves: Sequence[MassCurve], column: str = MASS) -> pd.DataFrame:
    """Track table of curves, all of them at y = x = 0; the inverse of `mass_curves`."""
    lengths = [len(curve.mass_pg) for curve in curves]
    masses = np.concatenate([curve.mass_pg for curve in curves])
    doubtful = np.concatenate([curve.doubtful for curve in curves])
    parents = pd.array([curve.parent_id for curve in curves], dtype="Int64")
    table = pd.DataFrame(
        {
            "track_id": np.repeat([curve.track_id for curve in curves], lengths),
            "t": np.concatenate([np.arange(curve.first, curve.last + 1) for curve in curves]),
            "y": 0.0,
            "x": 0.0,
            "parent_id": parents.repeat(lengths),
            column: masses,
            "doubt": np.where(doubtful, "doubtful", ""),
        }
    )
    return table.dropna(subset=[column]).reset_index(drop=True)


def _curves(
    table: pd.DataFrame, column: str, begins: NDArray[np.intp], ends: NDArray[np.intp]
) -> list[MassCurve]:
    track_ids, frames = table["track_id"].to_numpy(), table["t"].to_numpy()
    masses, parents = table[column].to_numpy(), table["parent_id"].to_numpy(float, na_value=np.nan)
    doubts, places = _doubts(table), table[["y", "x"]].to_numpy(float)
    is_placed = len(places) > 0 and bool((places != places[0]).any())
    curves = []
    for begin, end in zip(begins, ends, strict=True):
        first, rows = int(frames[begin]), frames[begin:end] - frames[begin]
        mass = np.full(rows[-1] + 1, np.nan)
        doubtful = np.zeros(rows[-1] + 1, bool)
        mass[rows], doubtful[rows] = masses[begin:end], doubts[begin:end]
        path = np.full((len(mass), 2), np.nan)
        path[rows] = places[begin:end]
        parent = None if np.isnan(parents[begin]) else int(parents[begin])
        track_id, known = int(track_ids[begin]), path if is_placed else None
        curves.append(MassCurve(track_id, first, mass, parent, doubtful, known))
    return curves


def _doubts(table: pd.DataFrame) -> NDArray[np.bool_]:
    if "doubt" not in table:
        return np.zeros(len(table), bool)
    return (table["doubt"].notna() & (table["doubt"] != "")).to_numpy(bool)
