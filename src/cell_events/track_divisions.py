"""Which track divides into which two: division events joined with a track table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cell_events.events import Event
from cell_events.tracks import track_ends

if TYPE_CHECKING:
    from scipy.sparse import csr_array

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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A possible answer for one event; the smaller the cost, the better."""

    event: int
    mother: int
    daughters: tuple[int, int]
    cost: float


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
    ends = _Ends(tracks)
    candidates, reasons = [], {}
    for i, event in enumerate(wanted):
        found, reason = ends.candidates(i, event, radius_px, frames)
        candidates += found
        reasons[i] = reason
    chosen = {one.event: one for one in _best_choice(candidates)}
    divisions = (
        TrackDivision(wanted[i], one.mother, one.daughters) for i, one in sorted(chosen.items())
    )
    left = ((event, reasons[i]) for i, event in enumerate(wanted) if i not in chosen)
    return DivisionsOnTracks(tuple(divisions), tuple(left))


def with_parents(tracks: pd.DataFrame, parents: Mapping[int, int]) -> pd.DataFrame:
    """Give the track table with these parents; others stay as they are."""
    known = tracks["track_id"].map(dict(parents)).astype("Int64")
    return tracks.assign(parent_id=known.fillna(tracks["parent_id"]))


class _Ends:
    """Where and when tracks begin and end, to be searched by place."""

    def __init__(self, tracks: pd.DataFrame) -> None:
        from scipy.spatial import KDTree

        ends = track_ends(tracks)
        self._tracks = ends.index.to_numpy()
        self._first, self._last = (
            ends[[f"{name}_{which}" for name in "tyx"]].to_numpy(float)
            for which in ("first", "last")
        )
        self._begin, self._end = KDTree(self._first[:, 1:]), KDTree(self._last[:, 1:])

    def candidates(
        self, index: int, event: Event, radius_px: float, frames: int
    ) -> tuple[list[_Candidate], str]:
        """All possible answers for one event, and the reason if it gets none."""
        place = (event.y, event.x)
        mothers, daughters = (
            [
                i
                for i in sorted(tree.query_ball_point(place, radius_px))
                if abs(ends[i, 0] - expected) <= frames
            ]
            for tree, ends, expected in (
                (self._end, self._last, event.t - 1),
                (self._begin, self._first, event.t),
            )
        )
        found = [
            self._candidate(index, event, (mother, *pair), radius_px, frames)
            for mother in mothers
            for pair in combinations([i for i in daughters if i != mother], 2)
            if min(self._first[list(pair), 0]) > self._last[mother, 0]
        ]
        return found, _reason(len(mothers), len(daughters), bool(found))

    def _candidate(
        self, index: int, event: Event, who: tuple[int, int, int], radius_px: float, frames: int
    ) -> _Candidate:
        mother, *pair = who
        spots = np.stack([self._last[mother], *self._first[pair]])
        middle = spots[1:, 1:].mean(axis=0)
        steps = np.vstack([spots[:, 1:], middle]) - (event.y, event.x)
        late = np.abs(spots[:, 0] - (event.t - 1, event.t, event.t)).sum() / max(frames, 1)
        first, second = (int(self._tracks[i]) for i in pair)
        return _Candidate(
            index,
            int(self._tracks[mother]),
            (first, second),
            float(np.linalg.norm(steps, axis=1).sum() / radius_px + late),
        )


def _reason(mothers: int, daughters: int, fit: bool) -> str:
    if fit:
        return "another division has its tracks"
    if not mothers:
        return "no track ends near it"
    if daughters < 2:
        return f"{'only one track begins' if daughters else 'no track begins'} near it"
    return "tracks begin near it before the one that ends there has ended"


def _best_choice(candidates: list[_Candidate]) -> Iterator[_Candidate]:
    """Yield the best choice in which no event, end or beginning of a track is used twice."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not candidates:
        return
    # One more division outweighs any sum of costs, as each is at most 4 radii and 3 delays.
    reward = 8.0 * (len({one.event for one in candidates}) + 1)
    answer = milp(
        np.array([one.cost - reward for one in candidates]),
        integrality=np.ones(len(candidates)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(_uses(candidates), ub=1),
        options={"mip_rel_gap": 0.0},
    )
    if answer.x is None:
        raise RuntimeError(f"The divisions could not be assigned: {answer.message}")
    yield from (one for one, take in zip(candidates, answer.x, strict=True) if take > 0.5)


def _uses(candidates: list[_Candidate]) -> csr_array:
    """Sparse matrix that says which candidate uses which event, end and beginning."""
    from scipy.sparse import csr_array

    row_of: dict[tuple[str, int], int] = {}
    rows, columns = [], []
    for column, one in enumerate(candidates):
        uses = [("event", one.event), ("end", one.mother)]
        uses += [("begin", daughter) for daughter in one.daughters]
        for use in uses:
            rows.append(row_of.setdefault(use, len(row_of)))
            columns.append(column)
    shape = (len(row_of), len(candidates))
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
