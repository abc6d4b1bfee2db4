"""Cells of single frames linked to tracks by their place, with laptrack.

laptrack (Fukai & Kawaguchi 2023) solves the linear assignment problem of Jaqaman et al. (2008):
cells of consecutive frames first, then gaps, then tracks that begin beside another one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

PLACE = ("y", "x")


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """How far and how long a cell can be followed.

    Attributes
    ----------
    max_step_px
        Farthest that a cell moves from one frame to the next, or over a gap.
    gap
        Frames in a row in which a cell may be missing.
    splits
        Whether a track that begins beside another one may be a daughter of it.
    """

    max_step_px: float
    gap: int = 2
    splits: bool = True

    def __post_init__(self) -> None:
        if not (math.isfinite(self.max_step_px) and self.max_step_px > 0) or self.gap < 0:
            raise ValueError(
                f"The farthest step must be positive and the gap at least 0; got "
                f"{self.max_step_px} px and {self.gap} frames."
            )


def linked_tracks(cells: pd.DataFrame, settings: LinkSettings) -> pd.DataFrame:
    """Give cells (columns t, y, x) with a `track_id`, from 1, and a `parent_id`, in their order.

    Where a track splits, it ends, and two tracks begin whose parent it is.
    """
    if cells.empty:
        none = pd.Series(dtype="Int64")
        return cells.assign(track_id=pd.Series(dtype=np.int64), parent_id=none)
    places = cells[["t", *PLACE]].reset_index(drop=True).rename(columns={"t": "frame"})
    linked, splits = _laptrack(places.assign(row=np.arange(len(places))), settings)
    ids = linked.set_index("row")["track_id"].sort_index().to_numpy() + 1
    parents = dict(zip(splits["child_track_id"] + 1, splits["parent_track_id"] + 1, strict=True))
    tracks = cells.assign(track_id=ids.astype(np.int64))
    return tracks.assign(parent_id=tracks["track_id"].map(parents).astype("Int64"))


def _laptrack(places: pd.DataFrame, settings: LinkSettings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows with their track, and which track splits into which."""
    from laptrack import LapTrack

    cutoff = settings.max_step_px**2  # distances are squared
    options: dict[str, Any] = {
        "cutoff": cutoff,
        "gap_closing_cutoff": cutoff if settings.gap else False,
        "gap_closing_max_frame_count": settings.gap + 1,  # it counts steps, not missing frames
        "splitting_cutoff": cutoff if settings.splits else False,
    }
    tracker = LapTrack(**options)
    linked, splits, _ = tracker.predict_dataframe(places, list(PLACE), only_coordinate_cols=False)
    if splits.empty:
        splits = pd.DataFrame({"child_track_id": [], "parent_track_id": []}, dtype=np.int64)
    return linked, splits
