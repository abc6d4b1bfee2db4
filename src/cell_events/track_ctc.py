"""Track files of the Cell Tracking Challenge: one line `L B E P` for each track."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from cell_events.movie import Movie
from cell_events.tracks import TracksError, track_ends, track_table, write_track_file

CTC_COLUMNS = ("L", "B", "E", "P")
"""Label, first and last frame, and the label of the parent or 0."""


def ctc_table(tracks: pd.DataFrame) -> pd.DataFrame:
    """One row for each track, with the columns `CTC_COLUMNS`.

    Raises
    ------
    TracksError
        If there is a track 0, which means background there, or a track has a gap.
    """
    tracks = track_table(tracks)
    if (tracks["track_id"] == 0).any():
        raise TracksError(
            "There is a track 0, and in a CTC file 0 means no cell; number the tracks from 1."
        )
    skips = tracks[tracks.groupby("track_id")["t"].diff() > 1]
    if len(skips):
        track, t = skips[["track_id", "t"]].iloc[0]
        raise TracksError(
            f"Track {track} is missing in frame {t - 1} and there again in frame {t}; in a CTC "
            "file a track has no gaps: fill it, or split the track in two, parent and child."
        )
    ends = track_ends(tracks)
    columns = (ends.index, ends["t_first"], ends["t_last"], ends["parent_id"].fillna(0))
    table = dict(zip(CTC_COLUMNS, columns, strict=True))
    return pd.DataFrame({name: np.asarray(column, int) for name, column in table.items()})


def write_ctc(path: str | Path, tracks: pd.DataFrame) -> None:
    """Write a track file such as `res_track.txt`, whole or not at all."""
    lines = ctc_table(tracks).to_csv(sep=" ", header=False, index=False, lineterminator="\n")
    write_track_file(path, lines)


def read_ctc(path: str | Path) -> pd.DataFrame:
    """Read a track file, as a table with the columns `CTC_COLUMNS`.

    Raises
    ------
    TracksError
        If the file does not hold four whole numbers in each line.
    """
    path = Path(path)
    try:
        rows = [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
        numbers = [[int(word) for word in row] for row in rows]
    except (OSError, ValueError) as error:
        raise TracksError(f"{path} cannot be read as a CTC track file: {error}.") from error
    wrong = [number for number, row in enumerate(numbers, start=1) if len(row) != len(CTC_COLUMNS)]
    if wrong:
        raise TracksError(
            f"{path}, row {wrong[0]}: found {len(numbers[wrong[0] - 1])} numbers, expected 4: "
            "label, first frame, last frame, parent."
        )
    return pd.DataFrame(numbers, columns=list(CTC_COLUMNS), dtype=np.int64)


def check_against_labels(table: pd.DataFrame, labels: Movie) -> None:
    """Raise `TracksError` unless each track is in the labels movie just where the table says."""
    for t in range(labels.n_frames):
        there = {int(value) for value in np.unique(labels.read(t))} - {0}
        expected = set(table["L"][(table["B"] <= t) & (table["E"] >= t)])
        wrong = sorted(there ^ expected)
        if wrong:
            in_movie = wrong[0] in there
            raise TracksError(
                f"Track {wrong[0]} is {'not ' if in_movie else ''}in frame {t} of the tracks, and "
                f"{'is' if in_movie else 'is not'} in that frame of {labels.name}; give the labels "
                "that the tracks were made of."
            )
    if len(table) and table["E"].max() >= labels.n_frames:
        raise TracksError(
            f"The tracks go on to frame {table['E'].max()}, but {labels.name} ends with frame "
            f"{labels.n_frames - 1}; give the labels that the tracks were made of."
        )
