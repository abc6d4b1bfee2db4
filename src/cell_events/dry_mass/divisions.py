"""Which splits of tracks are divisions: those in which mass is shared out, and fairly.

Outlines that touch in one frame and not in the next look like a division to a tracker. A division
must leave two daughters, each with a fair part of the mother, that together weigh about as much.
Two cells whose outlines came together do the same when they part, so what had come together and
parts again is no division, either; nor is what lasts for a moment only.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cell_events.dry_mass.conservation import division_masses
from cell_events.dry_mass.overlaps import Overlaps
from cell_events.dry_mass.partings import last_merges, partners, told_apart

DAUGHTER = (0.25, 0.75)
"""Least and largest share of the mother that a daughter may hold."""

BOTH = (0.6, 1.4)
"""Least and largest share of the mother that both daughters may hold together."""


MOMENT = 3
"""Mother and daughters must be seen in so many frames, unless the movie begins or ends there."""


def without_impossible_parents(tracks: pd.DataFrame) -> pd.DataFrame:
    """Take its parent from each track that came from no division; identities stay."""
    wrong = _impossible(tracks)
    children = tracks["track_id"].isin([*wrong["first"], *wrong["second"]])
    return tracks.assign(parent_id=tracks["parent_id"].mask(children))


def rejoined(tracks: pd.DataFrame, pairs: Overlaps | None = None) -> pd.DataFrame:
    """Undo the splits of linked tracks that are no divisions; rows stay in their order.

    Of two cells that had come together shortly before, each goes on as what it was by mass and
    place, if `pairs` tell who it was. Otherwise the heavier part goes on as the track that had
    split, and the other one has no parent.
    """
    wrong = _impossible(tracks)
    heavier = wrong["first"].where(wrong["first_pg"] >= wrong["second_pg"], wrong["second"])
    goes_on_as = dict(zip(heavier, wrong["mother"], strict=True))
    if pairs is not None:
        goes_on_as.update(told_apart(tracks, partners(tracks, pairs), wrong))
    orphaned = without_impossible_parents(tracks)["parent_id"]
    ids = tracks["track_id"].map(lambda track: _last(goes_on_as, track))
    parents = orphaned.map(lambda track: _last(goes_on_as, track), na_action="ignore")
    return tracks.assign(
        track_id=ids, parent_id=parents.astype("Int64").groupby(ids).transform("first")
    )


def _impossible(tracks: pd.DataFrame) -> pd.DataFrame:
    """Rows of `division_masses` that are no divisions."""
    masses = division_masses(tracks)
    shares = masses[["first_pg", "second_pg"]].div(masses["mother_pg"], axis=0)
    fair = (shares.min(axis=1) >= DAUGHTER[0]) & (shares.max(axis=1) <= DAUGHTER[1])
    possible = fair & masses["share"].between(*BOTH)
    parting = masses["mother"].isin(last_merges(tracks).index)
    moment = _seen_for_a_moment(tracks)
    passing = masses[["mother", "first", "second"]].isin(moment).any(axis=1)
    return masses[~possible | parting | passing]


def _seen_for_a_moment(tracks: pd.DataFrame) -> set[int]:
    """Tracks of a few frames that neither begin nor end with the movie."""
    spans = tracks.groupby("track_id")["t"].agg(["size", "min", "max"])
    within = (spans["min"] > tracks["t"].min()) & (spans["max"] < tracks["t"].max())
    return set(spans.index[(spans["size"] < MOMENT) & within])


def _last(goes_on_as: Mapping[int, int], track: int) -> int:
    """The track as which a track goes on, over as many splits as were undone."""
    while track in goes_on_as:
        track = goes_on_as[track]
    return track
