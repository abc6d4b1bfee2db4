"""One-to-one matching of two lists of events."""

from __future__ import annotations

import math
from itertools import combinations, permutations

import numpy as np
import pytest

from cell_events.events import Event
from cell_events.matching import Matching, match_events


def random_events(random: np.random.Generator, most: int) -> list[Event]:
    """Few events in a small box, so that they compete for each other."""
    return [
        Event(
            int(random.integers(0, 6)),
            *random.uniform(0, 25, 2),
            kind=str(random.choice(["a", "b"])),
        )
        for _ in range(random.integers(0, most + 1))
    ]


def cost(found: Event, truth: Event, radius_px: float, frames: int) -> float:
    """Cost of one pair as documented; infinite outside of the tolerance."""
    distance, late = math.dist((found.y, found.x), (truth.y, truth.x)), abs(found.t - truth.t)
    if found.kind != truth.kind or distance > radius_px or late > frames:
        return math.inf
    return math.hypot(distance / radius_px, late / max(frames, 1))


def best_by_brute_force(
    found: list[Event], truth: list[Event], radius_px: float, frames: int
) -> tuple[int, float]:
    """Most pairs, and the least total cost with that many, over every possible matching."""
    for size in range(min(len(found), len(truth)), 0, -1):
        totals = [
            sum(cost(f, t, radius_px, frames) for f, t in zip(some, others, strict=True))
            for some in combinations(found, size)
            for others in permutations(truth, size)
        ]
        if min(totals) < math.inf:
            return size, min(totals)
    return 0, 0.0


@pytest.mark.parametrize("seed", range(60))
def test_no_other_matching_is_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    found, truth = random_events(random, 5), random_events(random, 5)
    radius_px, frames = float(random.uniform(3, 15)), int(random.integers(0, 4))
    matching = match_events(found, truth, radius_px=radius_px, frames=frames)
    total = sum(cost(found[i], truth[j], radius_px, frames) for i, j in matching.pairs)
    most, least = best_by_brute_force(found, truth, radius_px, frames)
    assert matching.true_positives == most
    assert total == pytest.approx(least)


def test_each_event_is_used_once_even_in_a_crowd() -> None:
    random = np.random.default_rng(0)
    found = [Event(int(t), y, x) for t, y, x in random.uniform(0, 40, (300, 3))]
    truth = [Event(int(t), y, x) for t, y, x in random.uniform(0, 40, (280, 3))]
    matching = match_events(found, truth, radius_px=8, frames=3)
    rows, columns = zip(*matching.pairs, strict=True)
    assert len(set(rows)) == len(rows) > 200
    assert len(set(columns)) == len(columns)


def test_more_matches_win_over_closer_ones() -> None:
    truth = [Event(0, 0, 0), Event(0, 0, 10)]
    found = [Event(0, 0, 1), Event(0, 0, -8)]  # the first is close to 0, but also serves 10
    assert match_events(found, truth, radius_px=9, frames=0).pairs == ((0, 1), (1, 0))


def test_the_tolerance_is_inclusive() -> None:
    truth = [Event(5, 0, 0)]
    assert match_events([Event(8, 6, 8)], truth, radius_px=10, frames=3).true_positives == 1
    assert match_events([Event(9, 6, 8)], truth, radius_px=10, frames=3).true_positives == 0
    assert match_events([Event(8, 6, 8)], truth, radius_px=9.99, frames=3).true_positives == 0


def test_kinds_are_matched_with_their_own_and_can_be_chosen() -> None:
    found = [Event(0, 0, 0, kind="division"), Event(0, 5, 5, kind="death")]
    truth = [Event(0, 0, 0, kind="death")]
    both = match_events(found, truth, radius_px=8)
    assert both.pairs == ((1, 0),)
    divisions = match_events(found, truth, kinds=["division"])
    assert (divisions.false_positives, divisions.false_negatives) == (1, 0)


def test_scores_and_errors_of_a_known_case() -> None:
    truth = [Event(10, 0, 0), Event(20, 50, 50), Event(30, 90, 90)]
    found = [Event(12, 3, 4), Event(19, 50, 50), Event(50, 0, 0), Event(51, 0, 0)]
    matching = match_events(found, truth, radius_px=10, frames=3)
    assert matching.time_errors.tolist() == [2, -1]
    assert matching.distances.tolist() == [5.0, 0.0]
    assert (matching.true_positives, matching.false_positives, matching.false_negatives) == (
        2,
        2,
        1,
    )
    assert matching.precision == 0.5
    assert matching.recall == pytest.approx(2 / 3)
    assert matching.f1 == pytest.approx(4 / 7)
    assert matching.unmatched_found == found[2:]
    assert matching.unmatched_truth == truth[2:]


@pytest.mark.parametrize(
    ("found", "truth", "scores"),
    [([], [], (1, 1, 1)), ([Event(0, 0, 0)], [], (0, 0, 0)), ([], [Event(0, 0, 0)], (0, 0, 0))],
)
def test_empty_lists_have_the_documented_scores(
    found: list[Event], truth: list[Event], scores: tuple[float, float, float]
) -> None:
    matching = match_events(found, truth)
    assert (matching.precision, matching.recall, matching.f1) == scores
    assert matching.time_errors.shape == matching.distances.shape == (0,)


def test_a_radius_in_micrometres_is_scaled() -> None:
    def matches(radius_um: float) -> Matching:
        pair = [Event(0, 0, 4)], [Event(0, 0, 0)]
        return match_events(*pair, radius_um=radius_um, pixel_size_um=0.5)

    assert matches(2.0).true_positives == 1
    assert matches(1.9).true_positives == 0
    assert matches(2.0).tolerance.radius_px == 4


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"radius_px": 0}, "radius must be a positive number"),
        ({"radius_px": math.nan}, "radius must be a positive number"),
        ({"radius_um": 2}, "needs the pixel size"),
        ({"radius_um": 2, "pixel_size_um": 0}, "pixel size must be a positive number"),
        ({"radius_um": 2, "radius_px": 2, "pixel_size_um": 1}, "not both"),
        ({"frames": -1}, "frames must be 0 or more"),
    ],
)
def test_an_impossible_tolerance_is_refused(settings: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        match_events([], [], **settings)
