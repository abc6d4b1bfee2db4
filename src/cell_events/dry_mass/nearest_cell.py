"""Which cell of a track table is nearest to a place of a frame."""

from __future__ import annotations

import numpy as np
import pandas as pd


class CellsInFrames:
    """Finds cells by frame and place, also among millions of rows.

    Parameters
    ----------
    tracks
        A track table, in any order.
    """

    def __init__(self, tracks: pd.DataFrame) -> None:
        frames = tracks["t"].to_numpy()
        order = np.argsort(frames, kind="stable")
        self._frames = frames[order]
        self._track_ids = tracks["track_id"].to_numpy()[order]
        self._places = tracks[["y", "x"]].to_numpy(float)[order]

    def nearest(self, t: int, y: float, x: float, within_px: float) -> int | None:
        """Track of the cell that is nearest in frame `t`; None if all are farther away."""
        first, end = np.searchsorted(self._frames, [t, t + 1])
        if first == end:
            return None
        distance = np.hypot(*(self._places[first:end] - (y, x)).T)
        row = int(distance.argmin())
        return int(self._track_ids[first + row]) if distance[row] <= within_px else None
