"""Where flagged cells are, frame by frame, with what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from cell_events.dry_mass.flags import FLAGGED, NORMAL, CellFlag

FLAG_COLUMNS = ("rmse_pg", "score", "flag", "reason", "cause", "category")
"""What is told of each cell."""


def flagged_rows(
    tracks: pd.DataFrame, flags: Iterable[CellFlag], answers: Mapping[int, str]
) -> pd.DataFrame:
    """Rows of flagged cells in the stretch that decided, with the columns of their flags.

    Parameters
    ----------
    tracks
        A track table, ordered by track and time.
    answers
        The expert's category of each cell that was answered.
    """
    flagged = [flag for flag in flags if flag.flag == FLAGGED]
    told = flag_table(flagged, answers).assign(
        first=[flag.first for flag in flagged], last=[flag.last for flag in flagged]
    )
    rows = tracks[tracks["track_id"].isin(told["track_id"])]
    rows = rows.drop(columns=[name for name in FLAG_COLUMNS if name in rows])
    rows = rows.merge(told, on="track_id", how="left")
    in_stretch = (rows["first"] <= rows["t"]) & (rows["t"] <= rows["last"])
    return rows[in_stretch].drop(columns=["first", "last"]).reset_index(drop=True)


def flag_table(flags: Iterable[CellFlag], answers: Mapping[int, str]) -> pd.DataFrame:
    """One row for each cell: its track and `FLAG_COLUMNS`; normal cells need no reason."""
    listed = [replace(flag, reason="", cause="") if flag.flag == NORMAL else flag for flag in flags]
    columns = {
        name: [getattr(flag, name) for flag in listed]
        for name in FLAG_COLUMNS
        if name != "category"
    }
    return pd.DataFrame(
        {
            "track_id": np.array([flag.track_id for flag in listed], dtype=np.int64),
            **columns,
            "category": [answers.get(flag.track_id, "") for flag in listed],
        }
    )


def median_masses(tracks: pd.DataFrame, column: str) -> pd.Series:
    """Median mass of each cell, by its track."""
    return tracks.groupby("track_id", sort=True)[column].median()
