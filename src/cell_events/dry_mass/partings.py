"""Two cells whose outlines come together and part again: who is who afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cell_events.dry_mass.overlaps import Overlaps

TOGETHER = 10
"""After more frames together, place and mass no longer tell who is who."""

FRAMES = 3
"""Frames before and after over which place and mass are averaged."""

LIGHTEST_PG = 1e-6
"""What weighs less, or less than nothing, counts as so heavy: it has a logarithm."""


class Merge(NamedTuple):
    """A track that ended as its outline came together with that of another one, in frame `t`."""

    partner: int
    t: int


class Cell(NamedTuple):
    """Mean place and mass of a cell over a few frames."""

    y: float
    x: float
    mass: float


def last_merges(tracks: pd.DataFrame) -> pd.Series:
    """Frame in which two outlines became each track, if they did not part within it again."""
    if "n_before" not in tracks:
        return pd.Series(dtype=np.int64)
    inner = tracks[tracks["t"] < tracks.groupby("track_id")["t"].transform("max")]
    merged = tracks[tracks["n_before"] >= 2].groupby("track_id")["t"].max()
    parted = inner[inner["n_after"] >= 2].groupby("track_id")["t"].max()
    return merged[merged > parted.reindex(merged.index, fill_value=-1)]


def partners(tracks: pd.DataFrame, pairs: Overlaps) -> dict[int, Merge]:
    """Which other track ended in the last merge of each track.

    Parameters
    ----------
    pairs
        Overlapping cells of consecutive frames, as rows of `tracks`, whose index counts them.
    """
    merged = last_merges(tracks)
    ids, times = tracks["track_id"].to_numpy(), tracks["t"].to_numpy()
    ends = times == tracks.groupby("track_id")["t"].transform("max").to_numpy()
    found: dict[int, Merge] = {}
    taken: set[int] = set()
    for pair in np.argsort(-pairs.pixels, kind="stable"):
        earlier, later = pairs.earlier[pair], pairs.later[pair]
        track, partner = int(ids[later]), int(ids[earlier])
        is_merge = track in merged.index and merged[track] == times[later]
        if is_merge and partner != track and ends[earlier] and not {track, partner} & taken:
            found[track] = Merge(partner, int(times[later]))
            taken |= {track, partner}
    return found


def told_apart(
    tracks: pd.DataFrame, merges: dict[int, Merge], parting: pd.DataFrame
) -> Iterator[tuple[int, int]]:
    """Yield who goes on as whom: pairs of a track that begins and one that had ended.

    Parameters
    ----------
    parting
        Splits that are no divisions, with mother, first, second and t.
    """
    by_track: dict[Any, pd.DataFrame] = dict(iter(tracks.groupby("track_id")))
    columns = (parting[name].tolist() for name in ("mother", "first", "second", "t"))
    for track, first, second, t in zip(*columns, strict=True):
        merge = merges.get(track)
        if merge is None or t - merge.t > TOGETHER:
            continue
        before = by_track[track][by_track[track]["t"] < merge.t].tail(FRAMES)
        if before.empty:
            continue
        cells = [_cell(before), _cell(by_track[merge.partner].tail(FRAMES))]
        parts = [_cell(by_track[part].head(FRAMES)) for part in (first, second)]
        crossed = _unlike(cells, parts[::-1]) < _unlike(cells, parts)
        names = (second, first) if crossed else (first, second)
        yield from zip(names, (track, merge.partner), strict=True)


def _cell(rows: pd.DataFrame) -> Cell:
    return Cell(*(float(rows[name].mean()) for name in ("y", "x", "dry_mass_pg")))


def _unlike(cells: list[Cell], parts: list[Cell]) -> float:
    """How much mass and place change if the parts are the cells in this order."""
    apart = np.hypot(parts[0].y - parts[1].y, parts[0].x - parts[1].x) or 1.0
    change = 0.0
    for one, other in zip(cells, parts, strict=True):
        lighter, heavier = sorted(max(each.mass, LIGHTEST_PG) for each in (one, other))
        moved = np.hypot(one.y - other.y, one.x - other.x)
        change += float(np.log(heavier / lighter) + moved / apart)
    return change
