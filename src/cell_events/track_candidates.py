"""Possible mothers and daughters of a division, and the best choice among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cell_events.events import Event
from cell_events.tracks import track_ends

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer for one event; the smaller the cost, the better."""

    event: int
    mother: int
    daughters: tuple[int, int]
    cost: float


class TrackEnds:
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
    ) -> tuple[list[Candidate], str]:
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
    ) -> Candidate:
        mother, *pair = who
        spots = np.stack([self._last[mother], *self._first[pair]])
        middle = spots[1:, 1:].mean(axis=0)
        steps = np.vstack([spots[:, 1:], middle]) - (event.y, event.x)
        late = np.abs(spots[:, 0] - (event.t - 1, event.t, event.t)).sum() / max(frames, 1)
        first, second = (int(self._tracks[i]) for i in pair)
        return Candidate(
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


def best_choice(candidates: list[Candidate]) -> Iterator[Candidate]:
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


def _uses(candidates: list[Candidate]) -> csr_array:
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
