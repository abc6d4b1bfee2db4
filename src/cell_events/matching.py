"""One-to-one matching of two lists of events, and the scores that follow from it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event

DEFAULT_RADIUS_PX = 10.0


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far apart a found and a true event may lie and still be the same one (inclusive)."""

    radius_px: float = DEFAULT_RADIUS_PX
    frames: int = 3

    def __post_init__(self) -> None:
        if not (math.isfinite(self.radius_px) and self.radius_px > 0):
            raise ValueError(f"The radius must be a positive number, got {self.radius_px}.")
        if self.frames < 0:
            raise ValueError(f"frames must be 0 or more, got {self.frames}.")


@dataclass(frozen=True, slots=True)
class Matching:
    """Which found event is which true event.

    Attributes
    ----------
    found, truth
        The two lists, as given.
    pairs
        (index into `found`, index into `truth`) of each match, ordered by the first.
    tolerance
        What was allowed.
    """

    found: tuple[Event, ...]
    truth: tuple[Event, ...]
    pairs: tuple[tuple[int, int], ...]
    tolerance: Tolerance

    @property
    def true_positives(self) -> int:
        """Number of matches."""
        return len(self.pairs)

    @property
    def false_positives(self) -> int:
        """Number of found events without a true one."""
        return len(self.found) - len(self.pairs)

    @property
    def false_negatives(self) -> int:
        """Number of true events that were not found."""
        return len(self.truth) - len(self.pairs)

    @property
    def precision(self) -> float:
        """Share of found events that are true; if nothing was found: 1 if nothing was there."""
        return self.true_positives / len(self.found) if self.found else float(not self.truth)

    @property
    def recall(self) -> float:
        """Share of true events that were found; if nothing was there: 1 if nothing was found."""
        return self.true_positives / len(self.truth) if self.truth else float(not self.found)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 if nothing was there and nothing found."""
        total = len(self.found) + len(self.truth)
        return 2 * self.true_positives / total if total else 1.0

    @property
    def time_errors(self) -> NDArray[np.int64]:
        """Found t minus true t of each pair, in frames: positive means found too late."""
        errors = [self.found[i].t - self.truth[j].t for i, j in self.pairs]
        return np.array(errors, dtype=np.int64)

    @property
    def distances(self) -> NDArray[np.float64]:
        """Distance in the image of each pair, in pixels."""
        steps = [_distance_px(self.found[i], self.truth[j]) for i, j in self.pairs]
        return np.array(steps, dtype=np.float64)

    @property
    def unmatched_found(self) -> list[Event]:
        """False positives, as events."""
        matched = {i for i, _ in self.pairs}
        return [event for i, event in enumerate(self.found) if i not in matched]

    @property
    def unmatched_truth(self) -> list[Event]:
        """False negatives, as events."""
        matched = {j for _, j in self.pairs}
        return [event for j, event in enumerate(self.truth) if j not in matched]


def match_events(
    found: Sequence[Event],
    truth: Sequence[Event],
    *,
    radius_px: float | None = None,
    radius_um: float | None = None,
    pixel_size_um: float | None = None,
    frames: int = 3,
    kinds: Sequence[str] | None = None,
) -> Matching:
    """Match found to true events of the same kind, one to one.

    Of all matchings within the tolerance this is one with the most pairs and, among those, with
    the smallest sum of sqrt((distance / radius)^2 + (frames apart / frames)^2).

    Parameters
    ----------
    radius_px, radius_um
        Largest distance in the image, inclusive, in pixels or in micrometres; 10 px by default.
        Micrometres need `pixel_size_um`.
    frames
        Largest difference in t, inclusive.
    kinds
        Keep only events of these kinds; all by default.

    Raises
    ------
    ValueError
        If both radii are given, or micrometres without a pixel size, or a value is not positive.
    """
    tolerance = Tolerance(radius_in_px(radius_px, radius_um, pixel_size_um), frames)
    found, truth = (
        [event for event in events if kinds is None or event.kind in kinds]
        for events in (found, truth)
    )
    pairs = sorted(
        pair
        for kind in {event.kind for event in found}
        for pair in _pairs_of_kind(kind, found, truth, tolerance)
    )
    return Matching(tuple(found), tuple(truth), tuple(pairs), tolerance)


def radius_in_px(
    radius_px: float | None, radius_um: float | None, pixel_size_um: float | None
) -> float:
    """Give the radius in pixels, whichever unit it was stated in; 10 px if in none."""
    if radius_um is None:
        return DEFAULT_RADIUS_PX if radius_px is None else radius_px
    if radius_px is not None:
        raise ValueError("Give the radius in pixels or in micrometres, not both.")
    if pixel_size_um is None:
        raise ValueError("A radius in micrometres needs the pixel size; give it, or use pixels.")
    if not (math.isfinite(pixel_size_um) and pixel_size_um > 0):
        raise ValueError(f"The pixel size must be a positive number of um, got {pixel_size_um}.")
    return radius_um / pixel_size_um


def _pairs_of_kind(
    kind: str, found: Sequence[Event], truth: Sequence[Event], tolerance: Tolerance
) -> Iterator[tuple[int, int]]:
    """Yield the best pairs of one kind, group by group of events that compete for each other."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows = [i for i, event in enumerate(found) if event.kind == kind]
    columns = [j for j, event in enumerate(truth) if event.kind == kind]
    close = close_pairs([found[i] for i in rows], [truth[j] for j in columns], tolerance)
    if not close.size:
        return
    size = len(rows) + len(columns)
    links = coo_array(
        (np.ones(len(close)), (close[:, 0], close[:, 1] + len(rows))), shape=(size, size)
    )
    _, group = connected_components(links, directed=False)
    close = close[np.argsort(group[close[:, 0]], kind="stable")]
    starts = np.flatnonzero(np.diff(group[close[:, 0]])) + 1
    for candidates in np.split(close, starts):
        named = [(rows[i], columns[j]) for i, j in candidates]
        yield from _assign(named, found, truth, tolerance)


def close_pairs(
    found: Sequence[Event], truth: Sequence[Event], tolerance: Tolerance
) -> NDArray[np.int64]:
    """Give the (N, 2) indices of all pairs within the tolerance, whatever their kinds."""
    from scipy.spatial import KDTree

    if not found or not truth:
        return np.zeros((0, 2), dtype=np.int64)
    # A slightly larger search, then the exact test: trees round differently at the border.
    tree = KDTree([(event.y, event.x) for event in truth])
    near = tree.query_ball_point(
        [(event.y, event.x) for event in found], tolerance.radius_px * (1 + 1e-9)
    )
    close = [
        (i, j)
        for i, event in enumerate(found)
        for j in near[i]
        if abs(event.t - truth[j].t) <= tolerance.frames
        and _distance_px(event, truth[j]) <= tolerance.radius_px
    ]
    return np.array(close, dtype=np.int64).reshape(-1, 2)


def _assign(
    candidates: Sequence[tuple[int, int]],
    found: Sequence[Event],
    truth: Sequence[Event],
    tolerance: Tolerance,
) -> Iterator[tuple[int, int]]:
    """Yield the best one-to-one choice among candidate pairs."""
    from scipy.optimize import linear_sum_assignment

    rows = sorted({i for i, _ in candidates})
    columns = sorted({j for _, j in candidates})
    # One more match outweighs any sum of costs, each of which is at most sqrt(2).
    reward = 2.0 * (min(len(rows), len(columns)) + 1)
    costs = np.zeros((len(rows), len(columns)))
    row_of = {i: row for row, i in enumerate(rows)}
    column_of = {j: column for column, j in enumerate(columns)}
    for i, j in candidates:
        costs[row_of[i], column_of[j]] = _cost(found[i], truth[j], tolerance) - reward
    for row, column in zip(*linear_sum_assignment(costs), strict=True):
        if costs[row, column] < 0:
            yield rows[row], columns[column]


def _cost(found: Event, truth: Event, tolerance: Tolerance) -> float:
    """Distance in space and time, each in units of its tolerance: 0 to sqrt(2)."""
    late = abs(found.t - truth.t) / max(tolerance.frames, 1)
    return math.hypot(_distance_px(found, truth) / tolerance.radius_px, late)


def _distance_px(found: Event, truth: Event) -> float:
    return math.hypot(found.y - truth.y, found.x - truth.x)
