"""Which track divides into which two: division events joined with a track table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from cell_events.events import Event
from cell_events.track_candidates import TrackEnds, best_choice

DIVISION = "division"
DEFAULT_RADIUS_PX = 40.0


@dataclass(frozen=True, slots=True)
class TrackDivision:
    """One division on tracks."""

    event: Event
    mother: int
    daughters: tuple[int, int]


@dataclass(frozen=True, slots=True)
class DivisionsOnTracks:
    """What became of the division events.

    Attributes
    ----------
    divisions
        Events with their mother and daughters, in the order of the events.
    unmatched
        Events without, each with the reason in words.
    """

    divisions: tuple[TrackDivision, ...]
    unmatched: tuple[tuple[Event, str], ...]

    @property
    def parents(self) -> dict[int, int]:
        """Mother of each daughter."""
        return {child: one.mother for one in self.divisions for child in one.daughters}


def divisions_on_tracks(
    events: Iterable[Event],
    tracks: pd.DataFrame,
    radius_px: float = DEFAULT_RADIUS_PX,
    frames: int = 1,
) -> DivisionsOnTracks:
    """Find the mother and the two daughters of each division event.

    A mother ends at about frame t - 1 near the event, two daughters begin at about frame t near
    it, after the mother's end. No track ends or begins in two divisions. Of all such answers this
    is one for the most events and, among those, with the smallest sum of distances and delays.
    Events of other kinds and rejected events are left out.

    Parameters
    ----------
    tracks
        A checked track table (`cell_events.tracks.track_table`).
    radius_px
        Largest distance of the mother's last place, and of the daughters' first, from the event.
    frames
        How many frames earlier or later than expected tracks may end and begin.

    Raises
    ------
    ValueError
        If the radius is not positive or `frames` is negative.
    """
    if not (math.isfinite(radius_px) and radius_px > 0) or frames < 0:
        raise ValueError(
            f"The radius must be positive and frames at least 0; got {radius_px} px and {frames}."
        )
    wanted = [event for event in events if event.kind == DIVISION and event.status != "rejected"]
    ends = TrackEnds(tracks)
    candidates, reasons = [], {}
    for i, event in enumerate(wanted):
        found, reason = ends.candidates(i, event, radius_px, frames)
        candidates += found
        reasons[i] = reason
    chosen = {one.event: one for one in best_choice(candidates)}
    divisions = (
        TrackDivision(wanted[i], one.mother, one.daughters) for i, one in sorted(chosen.items())
    )
    left = ((event, reasons[i]) for i, event in enumerate(wanted) if i not in chosen)
    return DivisionsOnTracks(tuple(divisions), tuple(left))


def with_parents(tracks: pd.DataFrame, parents: Mapping[int, int]) -> pd.DataFrame:
    """Give the track table with these parents; others stay as they are."""
    known = tracks["track_id"].map(dict(parents)).astype("Int64")
    return tracks.assign(parent_id=known.fillna(tracks["parent_id"]))
