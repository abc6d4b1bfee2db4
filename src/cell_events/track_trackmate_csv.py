"""Tracks of TrackMate as tables: spots, with their edges beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from cell_events.track_spots import MARKS, Spots, numbers_in, tracks_of_spots
from cell_events.tracks import TracksError


def is_trackmate_csv(path: Path) -> bool:
    """Whether the first line of a CSV names the columns of TrackMate's spots."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            names = {name.strip().strip('"') for name in file.readline().split(",")}
    except OSError:
        return False
    return names >= MARKS


def read_trackmate_csv(path: str | Path, pixel_size_um: float | None = None) -> pd.DataFrame:
    """Read TrackMate's table of spots, with the table of edges beside it, as a track table.

    The edges are looked for under the same name with "edges" instead of "spots"; without them no
    track may branch.

    Parameters
    ----------
    pixel_size_um
        Width of a pixel, needed unless places are in pixels.

    Raises
    ------
    TracksError
        If columns or edges are missing, or the pixel size is needed.
    """
    path = Path(path)
    table, units = _table(path, MARKS)
    edges = path.with_name(re.sub("spot", "edge", path.name, flags=re.IGNORECASE))
    table = table[table["TRACK_ID"].notna()]
    if edges != path and edges.exists():
        pairs = _table(edges, {"SPOT_SOURCE_ID", "SPOT_TARGET_ID"})[0]
        links = list(zip(pairs["SPOT_SOURCE_ID"], pairs["SPOT_TARGET_ID"], strict=True))
    else:
        links = _links_in_order(path, table, edges)
    links = [(int(source), int(target)) for source, target in links]
    spots = Spots(path, table, links, units.get("POSITION_X", ""))
    return tracks_of_spots(spots, pixel_size_um)


def _table(path: Path, needed: set[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Read a table of TrackMate, and the units that the lines below its first one tell."""
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", dtype=str, skipinitialspace=True)
    except (OSError, ValueError) as error:
        sentence = " ".join(str(error).split()).rstrip(".")
        raise TracksError(f"{path} cannot be read as a CSV in UTF-8: {sentence}.") from error
    if missing := sorted(needed - set(table)):
        raise TracksError(f"{path} has no column {missing[0]}; export all columns of the table.")
    is_told = pd.to_numeric(table[min(needed)], errors="coerce").isna()
    told = {
        str(name): str(cell).strip("() ")
        for name, column in table[is_told].items()
        for cell in column
        if str(cell).startswith("(")
    }
    return numbers_in(table[~is_told].reset_index(drop=True)), told


def _links_in_order(path: Path, table: pd.DataFrame, edges: Path) -> list[tuple[int, int]]:
    """Link the spots of each track in order of time, which is right where none branches."""
    if table.duplicated(["TRACK_ID", "FRAME"]).any():
        raise TracksError(
            f"{path} holds tracks that branch, and the edges say how; export them, too, as "
            f"{edges.name} in the same folder."
        )
    ordered = table.sort_values(["TRACK_ID", "FRAME"])
    same = ordered["TRACK_ID"].diff() == 0
    spots = ordered["ID"].to_numpy()
    return [(spots[i - 1], spots[i]) for i in same.to_numpy().nonzero()[0]]
