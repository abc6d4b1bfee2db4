"""Where each cell is in each frame, quickly found in a long track table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

USUAL_SIDE, SMALLEST_SIDE, LARGEST_SIDE = 64, 16, 400
"""Sides of squares around cells, in pixels."""

TYPICAL, SURROUNDINGS = 0.75, 2.0
"""A cell larger than three in four is half as wide as its square."""


class CellPlaces:
    """Frames and places of cells by their track.

    Parameters
    ----------
    tracks
        A track table, ordered by track and time as `track_table` gives it.
    """

    def __init__(self, tracks: pd.DataFrame) -> None:
        self._track_ids = tracks["track_id"].to_numpy()
        self._frames = tracks["t"].to_numpy()
        self._places = tracks[["y", "x"]].to_numpy(float)
        self.side_px = usual_side_px(tracks)

    def __contains__(self, track_id: int) -> bool:
        rows = self._rows(track_id)
        return bool(rows.stop > rows.start)

    def frames(self, track_id: int) -> NDArray[np.int64]:
        """Frames in which a cell is, in order; none if it is not in the table."""
        return self._frames[self._rows(track_id)]

    def place(self, track_id: int, t: int) -> tuple[float, float]:
        """Its (y, x) in that frame, or in the nearest one in which it is; KeyError if in none."""
        rows = self._rows(track_id)
        if rows.start == rows.stop:
            raise KeyError(track_id)
        nearest = int(np.argmin(np.abs(self._frames[rows] - t)))
        y, x = self._places[rows.start + nearest]
        return float(y), float(x)

    def _rows(self, track_id: int) -> slice:
        first, end = np.searchsorted(self._track_ids, [track_id, track_id + 1])
        return slice(int(first), int(end))


def usual_side_px(tracks: pd.DataFrame) -> int:
    """Side of a square in pixels in which most cells have some room, from their areas."""
    area_px = _areas_px(tracks).quantile(TYPICAL)
    if not np.isfinite(area_px):
        return USUAL_SIDE
    diameter = np.sqrt(4 * area_px / np.pi)
    return int(np.clip(2 * round(SURROUNDINGS * diameter / 2), SMALLEST_SIDE, LARGEST_SIDE))


def _areas_px(tracks: pd.DataFrame) -> pd.Series:
    """Areas in pixels; those in square micrometres by the scale that the places tell."""
    if "area_px" in tracks:
        return tracks["area_px"].astype(float)
    if not {"area_um2", "y_um"} <= set(tracks) or not tracks["y"].abs().sum():
        return pd.Series(dtype=float)
    pixel_size_um = tracks["y_um"].abs().sum() / tracks["y"].abs().sum()
    return tracks["area_um2"].astype(float) / pixel_size_um**2
