"""Track tables: where each cell is in each frame, and which cell it came from.

A track table is a pandas DataFrame with one row for each cell and frame: `track_id`, `t`, `y`, `x`
in whole frames and pixels, any number of measurements, and `parent_id`, the track that a track
came from, empty where unknown.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from cell_events.whole_files import write_whole

REQUIRED_COLUMNS = ("track_id", "t", "y", "x")


class TracksError(ValueError):
    """Tracks that cannot be read, joined or written; the message is one sentence for the user."""


def read_tracks(path: str | Path) -> pd.DataFrame:
    """Read a track table from a CSV in UTF-8.

    Raises
    ------
    TracksError
        If the file cannot be read as a CSV, or what it holds is no track table (`track_table`).
    """
    path = Path(path)
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", skipinitialspace=True)
    except FileNotFoundError:
        raise TracksError(f"{path} does not exist; give the CSV of tracks to read.") from None
    except (OSError, ValueError) as error:  # pandas' own errors are ValueErrors
        sentence = " ".join(str(error).split()).rstrip(".")
        raise TracksError(f"{path} cannot be read as a CSV in UTF-8: {sentence}.") from error
    return track_table(table, name=str(path))


def write_tracks(path: str | Path, tracks: pd.DataFrame) -> None:
    """Write a track table to a CSV, whole or not at all; numbers are written in full."""
    write_track_file(path, track_table(tracks).to_csv(index=False, lineterminator="\n"))


def write_track_file(path: str | Path, text: str) -> None:
    """Write a text file that is there whole or not at all.

    Raises
    ------
    TracksError
        If the file cannot be written.
    """
    path = Path(path)
    try:
        write_whole(path, text)
    except OSError as error:
        raise TracksError(f"{path} cannot be written: {error.strerror}.") from error


def track_table(table: pd.DataFrame, name: str = "The track table") -> pd.DataFrame:
    """Check a table and give it the form that every function here expects.

    Rows are ordered by track and time; `parent_id` is there, as a whole number or missing. Negative
    parents mean none, and so does 0, unless there is a track 0.

    Raises
    ------
    TracksError
        If a column is missing, a value impossible, a cell twice in one frame, or a parent unknown,
        its own child, different from row to row, or still there when its child begins.
    """
    missing = [column for column in REQUIRED_COLUMNS if column not in table]
    if missing:
        raise TracksError(
            f"{name}: the column {missing[0]!r} is missing; found {', '.join(map(str, table))}; "
            "expected one row for each cell and frame with track_id,t,y,x."
        )
    checked = table.assign(
        **{column: _whole_numbers(name, column, table[column]) for column in ("track_id", "t")},
        **{column: _numbers(name, column, table[column]) for column in ("y", "x")},
        parent_id=_parents(name, table),
    )
    checked = checked.sort_values(["track_id", "t"], kind="stable").reset_index(drop=True)
    _refuse_two_places_at_once(name, checked)
    _refuse_impossible_parents(name, checked)
    return checked


def track_ends(tracks: pd.DataFrame) -> pd.DataFrame:
    """First and last row of each track, in columns such as `t_first` and `y_last`.

    The index is `track_id`; `parent_id` is a column.
    """
    by_track = tracks.groupby("track_id")
    first, last = by_track.head(1), by_track.tail(1)
    first = first.set_index("track_id")[["t", "y", "x", "parent_id"]]
    last = last.set_index("track_id")[["t", "y", "x"]]
    return first.rename(columns=lambda name: name if name == "parent_id" else f"{name}_first").join(
        last.add_suffix("_last")
    )


def _numbers(name: str, column: str, values: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    bad = np.flatnonzero(~np.isfinite(numbers))
    if bad.size:
        raise TracksError(
            f"{name}, row {bad[0] + 1}, column {column}: '{values.iloc[bad[0]]}' is no finite "
            "number; expected one in every row."
        )
    return numbers


def _whole_numbers(name: str, column: str, values: pd.Series) -> pd.Series:
    numbers = _numbers(name, column, values)
    bad = np.flatnonzero((numbers < 0) | (numbers != np.floor(numbers)))
    if bad.size:
        raise TracksError(
            f"{name}, row {bad[0] + 1}, column {column}: '{values.iloc[bad[0]]}' is no whole "
            "number from 0 on; expected one in every row."
        )
    return numbers.astype(np.int64)


def _parents(name: str, table: pd.DataFrame) -> pd.Series:
    if "parent_id" not in table:
        return pd.Series(pd.NA, index=table.index, dtype="Int64")
    given = pd.to_numeric(table["parent_id"], errors="coerce")
    zero_is_none = not (pd.to_numeric(table["track_id"], errors="coerce") == 0).any()
    none = table["parent_id"].isna() | (given < 0) | ((given == 0) & zero_is_none)
    known = table["parent_id"][~none]
    return _whole_numbers(name, "parent_id", known).astype("Int64").reindex(table.index)


def _refuse_two_places_at_once(name: str, tracks: pd.DataFrame) -> None:
    twice = tracks[tracks.duplicated(["track_id", "t"])]
    if len(twice):
        track, t = twice[["track_id", "t"]].iloc[0]
        raise TracksError(
            f"{name}: track {track} is twice in frame {t}; a cell is in one place at a time: "
            "delete one row, or give it an identity of its own."
        )


def _refuse_impossible_parents(name: str, tracks: pd.DataFrame) -> None:
    parents = tracks.drop_duplicates(["track_id", "parent_id"])
    torn = parents["track_id"][parents.duplicated("track_id")]
    if len(torn):
        raise TracksError(
            f"{name}: track {torn.iloc[0]} has different parents in different rows; "
            "expected the same parent_id in all of its rows."
        )
    ends = track_ends(tracks)
    last = dict(zip(ends.index, ends["t_last"], strict=True))
    children = ends.dropna(subset=["parent_id"])
    for child, parent, begins in zip(
        children.index, children["parent_id"].astype(int), children["t_first"], strict=True
    ):
        if parent not in last:
            raise TracksError(
                f"{name}: track {child} has the parent {parent}, and there is no track {parent}; "
                "leave parent_id empty where the parent was not tracked."
            )
        if (end := int(last[parent])) >= begins:
            raise TracksError(
                f"{name}: track {child} begins in frame {begins}, and its parent {parent} ends in "
                f"frame {end}; expected that the parent ends before."
            )
