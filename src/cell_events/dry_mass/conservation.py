"""Is mass kept at divisions? Each mother against the sum of her two daughters.

A little is always missing or too much: cells grow while they divide, and what is out of focus
seems lighter. Exact conservation is no test of a measurement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cell_events.dry_mass.curve_checks import MASS

FRAMES = 3
"""Frames before and after a division over which masses are averaged."""


@dataclass(frozen=True, slots=True)
class Conservation:
    """Sum of the daughters as a share of the mother, over all divisions that could be measured.

    Attributes
    ----------
    divisions
        Number of mothers with two daughters.
    measured
        Those of which mother and daughters have a frame without doubt around the division.
    median, low, high
        Of the shares; NaN if there are none. `low` and `high` are the least and the largest one.
    """

    divisions: int
    measured: int
    median: float
    low: float
    high: float


def conservation(tracks: pd.DataFrame, column: str = MASS, frames: int = FRAMES) -> Conservation:
    """Compare mothers with their daughters in a checked track table."""
    found = division_masses(tracks, column, frames)
    share = found["share"].dropna().to_numpy(float)
    if share.size == 0:
        return Conservation(len(found), 0, np.nan, np.nan, np.nan)
    return Conservation(
        len(found), share.size, float(np.median(share)), float(share.min()), float(share.max())
    )


def division_masses(tracks: pd.DataFrame, column: str = MASS, frames: int = FRAMES) -> pd.DataFrame:
    """One row for each mother with two daughters: who they are and what they weigh.

    The columns are mother, first, second, t (first frame of the daughters), mother_pg, first_pg,
    second_pg and share. Masses are means over the last `frames` rows of the mother and the first
    ones of the daughters; rows with a `doubt` do not count, and without any other the mass is NaN.
    """
    certain = tracks
    if "doubt" in tracks:
        certain = tracks.assign(**{column: tracks[column].where(tracks["doubt"].fillna("") == "")})
    by_track = certain.groupby("track_id")
    before = by_track.tail(frames).groupby("track_id")[column].mean()
    after = by_track.head(frames).groupby("track_id")[column].mean()
    born = by_track["t"].min()
    children = tracks.dropna(subset=["parent_id"]).drop_duplicates("track_id")
    rows = []
    for mother, daughters in children.groupby("parent_id")["track_id"]:
        if len(daughters) == 2:
            first, second = daughters
            t = int(born[[first, second]].min())
            rows.append((mother, first, second, t, before[mother], after[first], after[second]))
    names = ["mother", "first", "second", "t", "mother_pg", "first_pg", "second_pg"]
    found = pd.DataFrame(rows, columns=names)
    return found.assign(share=(found["first_pg"] + found["second_pg"]) / found["mother_pg"])
