"""The mass of each cell over time, cut from a track table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.tracks import REQUIRED_COLUMNS, TracksError, track_table

MASS = "dry_mass_pg"

OTHER_NAMES = {
    "track_id": ("cell", "cell_id", "id", "label", "particle", "track", "trackid"),
    "t": ("frame", "frames", "position_t", "time", "timepoint"),
    "y": ("centroid-0", "position_y", "y_px"),
    "x": ("centroid-1", "position_x", "x_px"),
}
"""What other programs call a column, in small letters."""

UNEVEN = 0.1
"""Share by which an interval may differ from the median one."""

FEW_FRAMES = 10
"""With fewer frames nothing is said about how they are numbered."""


class CurvesError(ValueError):
    """A table from which no curves can be cut; the message is one sentence for the user."""


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
    table[column] = _masses(table, column)
    _refuse_uneven_frames(table)
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


def check_columns(found: Iterable[str], column: str = MASS) -> None:
    """Refuse a table without the columns of a curve, and propose the one that was meant.

    Raises
    ------
    CurvesError
        If a column is missing.
    """
    names = [str(name) for name in found]
    for missing in (name for name in (*REQUIRED_COLUMNS, column) if name not in names):
        meant = _meant(missing, [name for name in names if name not in REQUIRED_COLUMNS])
        advice = "name that column as the mass" if missing == column else "rename it"
        raise CurvesError(
            f"The column {missing!r} is missing; found {', '.join(names)}; "
            + (f"did you mean {meant!r}? Then {advice}." if meant else f"{advice}, or give ")
            + ("" if meant else "a table that measure has written.")
        )


def _meant(missing: str, names: Sequence[str]) -> str:
    """Column that was probably meant by a missing one; "" if none looks like it."""
    by_lower = {name.lower(): name for name in names}
    known = [name for name in by_lower if name in OTHER_NAMES.get(missing, ())]
    near = known or get_close_matches(missing.lower(), by_lower, n=1, cutoff=0.5)
    if not near and missing not in REQUIRED_COLUMNS:
        near = [name for name in by_lower if "mass" in name]
    return by_lower[near[0]] if near else ""


def _masses(table: pd.DataFrame, column: str) -> pd.Series:
    masses = pd.to_numeric(table[column], errors="coerce").astype(float)
    bad = np.flatnonzero(~(np.isfinite(masses) & (masses >= 0)))
    if bad.size:
        track, t, found = (table[name].iloc[bad[0]] for name in ("track_id", "t", column))
        kind = "negative" if masses.iloc[bad[0]] < 0 else "no finite number"
        more = f" (and {bad.size - 1} more)" if bad.size > 1 else ""
        raise CurvesError(
            f"Track {track}, frame {t}, column {column}: {found} is {kind}{more}; leave out rows "
            "without a known mass, and check the background where it is negative."
        )
    return masses


def _refuse_uneven_frames(table: pd.DataFrame) -> None:
    frames = np.unique(table["t"])
    step = int(np.gcd.reduce(np.diff(frames))) if len(frames) > 1 else 1
    if len(frames) >= FEW_FRAMES and step > 1:
        raise CurvesError(
            f"Frames are numbered {frames[0]}, {frames[1]}, {frames[2]} ...; expected 0, 1, 2 ...: "
            f"divide t by {step}."
        )
    if "t_s" not in table:
        return
    times = pd.to_numeric(table["t_s"], errors="coerce").groupby(table["t"]).median().dropna()
    frames, intervals = times.index.to_numpy(), np.diff(times) / np.diff(times.index)
    if len(intervals) < 2:
        return
    usual = float(np.median(intervals))
    odd = np.flatnonzero(~(np.abs(intervals - usual) <= UNEVEN * abs(usual)))
    if odd.size:
        at = odd[0]
        raise CurvesError(
            f"Between frames {frames[at]} and {frames[at + 1]}, {intervals[at]:g} s go by for each "
            f"frame, and {usual:g} s elsewhere; expected even intervals: bring the movie to one "
            "frame interval before it is measured, or cut it where the interval changes."
        )


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
