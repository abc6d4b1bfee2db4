"""Track files of every kind that can be read, told apart by their names and first lines."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cell_events.movie import MovieError, open_movie
from cell_events.track_ctc import check_against_labels, read_ctc
from cell_events.track_sources import tracks_from_labels
from cell_events.track_trackmate import read_trackmate_xml
from cell_events.track_trackmate_csv import is_trackmate_csv, read_trackmate_csv
from cell_events.tracks import TracksError, read_tracks


def read_any_tracks(path: str | Path, pixel_size_um: float | None = None) -> pd.DataFrame:
    """Read a track table from a CSV, a file of TrackMate, or a track file of the CTC.

    Parameters
    ----------
    path
        A CSV of tracks; TrackMate's model or export of tracks (.xml) or table of spots (.csv); or
        a track file of the Cell Tracking Challenge (.txt) in the folder of its masks.
    pixel_size_um
        Width of a pixel, needed where TrackMate tells places in micrometres and not that.

    Raises
    ------
    TracksError
        If the file is none of them, or does not hold what it should.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".xml":
        return read_trackmate_xml(path, pixel_size_um)
    if suffix == ".txt":
        return _ctc_tracks(path)
    if is_trackmate_csv(path):
        return read_trackmate_csv(path, pixel_size_um)
    return read_tracks(path)


def _ctc_tracks(path: Path) -> pd.DataFrame:
    """Places and areas from the masks beside a track file, parents from the file."""
    table = read_ctc(path)
    try:
        masks = open_movie(path.parent)
    except MovieError as error:
        raise TracksError(
            f"{path} tells when tracks begin and end, and their masks, which tell where, are not "
            f"in its folder: {error}"
        ) from error
    check_against_labels(table, masks)
    daughters = table[table["P"] > 0]
    parents = dict(zip(daughters["L"].tolist(), daughters["P"].tolist(), strict=True))
    return tracks_from_labels(masks, parents)
