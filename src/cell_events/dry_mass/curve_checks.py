"""What a table must be for curves to be cut from it; else one sentence says why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.tracks import REQUIRED_COLUMNS

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


def checked_masses(table: pd.DataFrame, column: str) -> pd.Series:
    """Masses of all rows as numbers.

    Raises
    ------
    CurvesError
        If one is negative, or no finite number.
    """
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


def refuse_uneven_frames(table: pd.DataFrame) -> None:
    """Refuse frames that are not evenly spaced, by their numbers or, where known, their times.

    Raises
    ------
    CurvesError
        If all numbers are multiples of another one than 1, or intervals differ.
    """
    _refuse_multiples(np.unique(table["t"]))
    if "t_s" in table:
        times = pd.to_numeric(table["t_s"], errors="coerce").groupby(table["t"]).median()
        _refuse_uneven_times(times.dropna())


def _meant(missing: str, names: Sequence[str]) -> str:
    """Column that was probably meant by a missing one; "" if none looks like it."""
    by_lower = {name.lower(): name for name in names}
    known = [name for name in by_lower if name in OTHER_NAMES.get(missing, ())]
    near = known or get_close_matches(missing.lower(), by_lower, n=1, cutoff=0.5)
    if not near and missing not in REQUIRED_COLUMNS:
        near = [name for name in by_lower if "mass" in name]
    return by_lower[near[0]] if near else ""


def _refuse_multiples(frames: NDArray[np.generic]) -> None:
    step = int(np.gcd.reduce(np.diff(frames))) if len(frames) > 1 else 1
    if len(frames) >= FEW_FRAMES and step > 1:
        raise CurvesError(
            f"Frames are numbered {frames[0]}, {frames[1]}, {frames[2]} ...; expected 0, 1, 2 ...: "
            f"divide t by {step}."
        )


def _refuse_uneven_times(times: pd.Series) -> None:
    """Compare the intervals between the times of frames, by which they are indexed."""
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
