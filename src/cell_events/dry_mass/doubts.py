"""Which measurements are to be doubted, from outlines alone: cut off, merged, split."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.dry_mass.overlaps import Overlaps
from cell_events.dry_mass.partings import TOGETHER

BORDER, MERGE, SPLIT = "border", "merge", "split"
"""What `doubt` can hold; several are joined by "; "."""


def with_overlaps(cells: pd.DataFrame, pairs: Overlaps) -> pd.DataFrame:
    """Add n_before and n_after: with how many cells of the frames beside it each one overlaps.

    Parameters
    ----------
    cells
        One row for each cell and frame.
    pairs
        Overlapping cells of consecutive frames, as rows of `cells`.
    """
    return cells.assign(
        n_before=np.bincount(pairs.later, minlength=len(cells)),
        n_after=np.bincount(pairs.earlier, minlength=len(cells)),
    )


def with_doubts(tracks: pd.DataFrame) -> pd.DataFrame:
    """Add doubt to linked cells, from their overlaps and whether they touch the border.

    Two or more cells of the frame before are a merge, two or more of the next one a split, unless
    they are the daughters. From a merge to the split that follows soon, all is a merge.
    """
    n_before, n_after = tracks["n_before"].to_numpy(), tracks["n_after"].to_numpy()
    signs = {
        BORDER: tracks["touches_border"].to_numpy() > 0,
        MERGE: (n_before >= 2) | _together(tracks),
        SPLIT: (n_after > 2) | ((n_after == 2) & ~_divides(tracks)),
    }
    words = [[word for word in signs if signs[word][row]] for row in range(len(tracks))]
    return tracks.assign(doubt=["; ".join(found) for found in words])


def kept_rows(tracks: pd.DataFrame, keep: NDArray[np.bool_]) -> pd.DataFrame:
    """Leave rows out, and forget the parents of which no row is left."""
    kept = tracks[keep]
    lost = set(tracks["track_id"]) - set(kept["track_id"])
    return kept.assign(parent_id=kept["parent_id"].mask(kept["parent_id"].isin(lost)))


def _divides(tracks: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each row is the last one of a track with daughters."""
    is_last = tracks["t"] == tracks.groupby("track_id")["t"].transform("max")
    return (is_last & tracks["track_id"].isin(tracks["parent_id"].dropna())).to_numpy()


def _together(tracks: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each row lies between a merge and a split of its track, at most `TOGETHER` apart."""
    ordered = tracks.sort_values(["track_id", "t"])
    ids, t = ordered["track_id"], ordered["t"]
    parts = t.where(ordered["n_after"] >= 2)
    merged = t.where(ordered["n_before"] >= 2).groupby(ids).ffill()
    parted_before = parts.groupby(ids).ffill().groupby(ids).shift().fillna(-1)
    lasts = parts.groupby(ids).bfill() - merged < TOGETHER
    return ((merged > parted_before) & lasts).reindex(tracks.index).to_numpy()
