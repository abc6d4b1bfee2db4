"""Which measured cells are the same cell over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cell_events.dry_mass.divisions import rejoined, without_impossible_parents
from cell_events.dry_mass.overlaps import Overlaps, best_partners
from cell_events.track_linking import LinkSettings, linked_tracks
from cell_events.tracks import TracksError

Link = Literal["auto", "labels", "laptrack"]

STABLE = 0.9
"""Labels are tracks if this share of the cells keeps its label, where that can be seen."""


@dataclass(frozen=True, eq=False)
class MeasuredCells:
    """All cells of a movie before they are linked.

    Attributes
    ----------
    cells
        One row for each cell and frame: label, t, y, x, dry_mass_pg and the other columns.
    pairs
        Overlapping cells of consecutive frames, as rows of `cells`.
    """

    cells: pd.DataFrame
    pairs: Overlaps


@dataclass(frozen=True, slots=True)
class LinkedBy:
    """How cells became tracks: `way`, and the share of cells that keep their label (NaN: none)."""

    way: Literal["labels", "laptrack"]
    same_label: float


def kept_label_share(measured: MeasuredCells) -> float:
    """Share of the cells that have the same label as the cell of the next frame they overlap most.

    Where both labels are in one of the two frames only, as at divisions, nothing can be seen; if it
    is so everywhere, the share is 0. It is NaN if no cells overlap.
    """
    partner = best_partners(measured.pairs, len(measured.cells))
    earlier = np.flatnonzero(partner >= 0)
    later = partner[earlier]
    if earlier.size == 0:
        return float("nan")
    labels, frames = measured.cells["label"].to_numpy(), measured.cells["t"].to_numpy()
    there = pd.MultiIndex.from_arrays([frames, labels])
    goes_on = pd.MultiIndex.from_arrays([frames[later], labels[earlier]]).isin(there)
    was_there = pd.MultiIndex.from_arrays([frames[earlier], labels[later]]).isin(there)
    seen = goes_on | was_there
    same = labels[earlier] == labels[later]
    return float(same[seen].mean()) if seen.any() else 0.0


def way_to_link(measured: MeasuredCells, link: Link) -> LinkedBy:
    """Decide on "auto": labels are tracks where a share of `STABLE` of them is kept.

    Raises
    ------
    TracksError
        If nothing tells, as no cell overlaps one of the next frame.
    """
    share = kept_label_share(measured)
    if link != "auto":
        return LinkedBy(link, share)
    if measured.cells["t"].nunique() == 1:
        return LinkedBy("labels", share)
    if np.isnan(share):
        raise TracksError(
            "No cell overlaps one of the next frame, so nothing tells whether labels are kept over "
            "time; say that labels are tracks if they are, or have cells linked by place."
        )
    return LinkedBy("labels" if share >= STABLE else "laptrack", share)


def tracks_by_place(measured: MeasuredCells, max_step_px: float, gap: int) -> pd.DataFrame:
    """Link cells by place; splits that can be no division are undone."""
    settings = LinkSettings(max_step_px, gap)
    return rejoined(linked_tracks(measured.cells, settings), measured.pairs)


def tracks_by_label(
    measured: MeasuredCells, parents: Mapping[int, int] | None = None
) -> pd.DataFrame:
    """Take labels as tracks.

    Without known parents, a track that ends is the parent of two tracks if these begin in the next
    frame, are all that overlaps it there, and mass is shared out as in a division.
    """
    tracks = measured.cells.assign(track_id=measured.cells["label"])
    known = _parents_by_overlap(tracks, measured.pairs) if parents is None else dict(parents)
    tracks = tracks.assign(parent_id=tracks["track_id"].map(known).astype("Int64"))
    return without_impossible_parents(tracks) if parents is None else tracks


def _parents_by_overlap(tracks: pd.DataFrame, pairs: Overlaps) -> dict[int, int]:
    by_track = tracks.groupby("track_id")["t"]
    ends = (tracks["t"] == by_track.transform("max")).to_numpy()
    begins = (tracks["t"] == by_track.transform("min")).to_numpy()
    ids = tracks["track_id"].to_numpy()
    n_after = np.bincount(pairs.earlier, minlength=len(tracks))
    n_begin = np.bincount(pairs.earlier, begins[pairs.later], len(tracks))
    divides = ends & (n_after == 2) & (n_begin == 2)
    chosen = divides[pairs.earlier]
    later, earlier = ids[pairs.later[chosen]], ids[pairs.earlier[chosen]]
    return dict(zip(later.tolist(), earlier.tolist(), strict=True))
