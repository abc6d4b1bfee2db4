"""Spots and links as TrackMate stores them, made into track tables.

The spots of a track of TrackMate can branch. Here a track ends where it splits, and those that
begin have it as parent; where tracks merge, all end, and one without a parent begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cell_events.physical_units import length_um
from cell_events.track_branches import branches
from cell_events.tracks import TracksError, track_table

MARKS = {"ID", "TRACK_ID", "FRAME", "POSITION_X", "POSITION_Y"}
"""Columns that every spot must have; the others are features."""

PIXELS = ("pixel", "pixels", "px")


@dataclass(frozen=True, eq=False)
class Spots:
    """Spots of TrackMate.

    Attributes
    ----------
    path
        File that they come from.
    table
        One row for each spot, with `MARKS` and its features.
    links
        Pairs of `ID`.
    unit
        Unit of places as the file calls it.
    pixel_size_um, frame_interval_s
        Where the file says it.
    """

    path: Path
    table: pd.DataFrame
    links: list[tuple[int, int]]
    unit: str
    pixel_size_um: float | None = None
    frame_interval_s: float | None = None


def tracks_of_spots(spots: Spots, pixel_size_um: float | None = None) -> pd.DataFrame:
    """Make a track table, with places in pixels and features under TrackMate's names.

    Raises
    ------
    TracksError
        If the width of a pixel is needed, or links are impossible.
    """
    table = spots.table
    width = pixel_width(spots.path, spots.unit, pixel_size_um or spots.pixel_size_um)
    frame_of = dict(zip(table["ID"].astype(int), table["FRAME"].astype(int), strict=True))
    track_of, parents = branches(frame_of, spots.links)
    track = table["ID"].astype(int).map(track_of)
    known = {
        "track_id": track,
        "t": table["FRAME"].astype(int),
        "y": table["POSITION_Y"] / width,
        "x": table["POSITION_X"] / width,
        "parent_id": track.map(parents).astype("Int64"),
    }
    features = table.drop(columns=list(MARKS - {"TRACK_ID"}))
    found = pd.concat([pd.DataFrame(known), features], axis=1)
    if spots.frame_interval_s is not None:
        found = found.assign(t_s=found["t"] * spots.frame_interval_s)
    return track_table(found, name=str(spots.path))


def numbers_in(table: pd.DataFrame) -> pd.DataFrame:
    """Turn the columns into numbers that hold nothing else; others stay texts."""
    for name in table:
        numbers = pd.to_numeric(table[name], errors="coerce")
        if numbers.notna().sum() == table[name].notna().sum():
            table = table.assign(**{str(name): numbers})
    return table


def pixel_width(path: Path, unit: str, pixel_size_um: float | None) -> float:
    """Width of a pixel in the unit of places.

    Raises
    ------
    TracksError
        If places are in no pixels, and nothing tells how wide one is.
    """
    if unit.lower() in PIXELS:
        return 1.0
    width = length_um(1, unit)
    if width is None or pixel_size_um is None or not pixel_size_um > 0:
        raise TracksError(
            f"{path} tells places in {unit or 'an unknown unit'} and not how wide a pixel is; save "
            "the model of TrackMate (.xml), which says it, or give the pixel size."
        )
    return pixel_size_um / width
