import math

import numpy as np
import pytest

from cell_events.series.affiliation import affiliation, stretches
from cell_events.series.segment_quality import (
    EventShare,
    best_threshold,
    event_shares,
    intersection_over_union,
    segment_quality,
)
from cell_events.series.simple_scores import SIMPLE_SCORES, difference_z_score, moving_z_score
from cell_events.series.volume_under_surface import vus_pr


def mask_of(points: int, *ranges: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(points, bool)
    for first, after in ranges:
        mask[first:after] = True
    return mask


def known_case(seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = mask_of(300, (40, 60), (90, 97), (250, 255 + 10 * seed))
    return truth, np.round(random.random(300) + 0.5 * np.roll(truth, 3), 2)


def test_stretches_are_told_by_their_ends() -> None:
    assert stretches(mask_of(6, (0, 2), (5, 6))).tolist() == [[0, 2], [5, 6]]
    assert stretches(np.zeros(4, bool)).shape == (0, 2)


def test_overlap_is_counted_for_each_kind() -> None:
    truth = np.stack([mask_of(10, (0, 4)), mask_of(10, (2, 4)), mask_of(10)])[None]
    found = np.stack([mask_of(10, (2, 6)), mask_of(10, (2, 4)), mask_of(10)])[None]
    shares = intersection_over_union(truth, found)
    assert shares[:2] == pytest.approx([2 / 6, 1.0])
    assert math.isnan(shares[2])


def test_masked_points_do_not_count() -> None:
    truth, found = mask_of(10, (0, 4))[None, None], mask_of(10, (2, 6))[None, None]
    seen = ~mask_of(10, (4, 10))[None]
    assert intersection_over_union(truth, found, seen)[0] == pytest.approx(0.5)


def test_stretches_are_hit_by_any_that_touches_them() -> None:
    truth = mask_of(100, (10, 20), (30, 40), (60, 70))[None]
    found = mask_of(100, (15, 35), (80, 85))[None]
    precision, recall = event_shares(truth, found)
    assert precision == EventShare(1, 2)
    assert recall == EventShare(2, 3)


def test_neighbours_do_not_touch() -> None:
    precision, recall = event_shares(mask_of(9, (0, 3))[None], mask_of(9, (3, 6))[None])
    assert precision.value == 0
    assert recall.value == 0


def test_shares_of_nothing_are_unknown() -> None:
    assert math.isnan(EventShare(0, 0).value)


def test_what_is_found_exactly_is_perfect() -> None:
    truth = mask_of(200, (50, 60), (120, 150))
    found = segment_quality(truth[None], truth[None].astype(float), 0.5)
    assert found.iou == 1
    assert (found.precision.value, found.recall.value) == (1, 1)
    assert (found.affiliation_precision, found.affiliation_recall) == (1, 1)


def test_all_of_it_is_unknown_where_nothing_is_true() -> None:
    found = segment_quality(np.zeros((2, 50), bool), np.zeros((2, 50)), 0.5)
    assert math.isnan(found.vus_pr)
    assert math.isnan(found.affiliation_recall)
    assert found.recall.total == 0


def test_affiliation_of_a_hand_made_case() -> None:
    # The only stretch is [4, 6) of 10 points; found is the point [7, 8), 1.5 away on average.
    precision, recall = affiliation(mask_of(10, (4, 6)), mask_of(10, (7, 8)))
    assert precision == pytest.approx(1 - (2 + 2 * 1.5) / 10)
    # From 4.5 and 5.5 it is 2.5 and 1.5 to the point found.
    assert recall == pytest.approx(1 - 2 * (2.5 + 1.5) / 2 / 10)


def test_a_stretch_without_anything_found_near_it_has_no_recall() -> None:
    precision, recall = affiliation(mask_of(100, (10, 20), (80, 90)), mask_of(100, (12, 18)))
    assert precision == 1
    assert recall < 0.5 + 0.5
    nothing = affiliation(mask_of(100, (10, 20)), np.zeros(100, bool))
    assert math.isnan(nothing[0])
    assert nothing[1] == 0


@pytest.mark.parametrize(
    ("seed", "expected"),
    [(0, (0.97254, 0.98158)), (1, (0.94187, 0.96519)), (2, (0.98532, 0.65205))],
)
def test_affiliation_is_that_of_the_published_program(
    seed: int, expected: tuple[float, float]
) -> None:
    # Computed once with the authors' program in the package vus 0.0.6, which integrates over time
    # where we sum over points.
    truth, scores = known_case(seed)
    assert affiliation(truth, scores > 1.1) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("seed", "expected"), [(0, 0.5893845964), (1, 0.5767866833), (2, 0.6242938232)]
)
def test_vus_is_that_of_the_published_program(seed: int, expected: float) -> None:
    # Computed once with the package vus 0.0.6 ("opt"), which needs tensorflow to be installed.
    assert vus_pr(*known_case(seed), widest=20) == pytest.approx(expected, abs=1e-9)


def test_vus_prefers_a_near_miss_to_a_far_one() -> None:
    truth = mask_of(500, (200, 230))
    near, far = (mask_of(500, (first, first + 20)).astype(float) for first in (235, 400))
    noise = np.random.default_rng(0).random(500) / 10
    assert vus_pr(truth, near + noise) > vus_pr(truth, far + noise) + 0.05


@pytest.mark.parametrize(
    ("truth", "scores"),
    [(np.zeros(10, bool), np.zeros(10)), (mask_of(10, (0, 2)), np.full(10, np.nan))],
)
def test_vus_is_refused_without_truth_or_scores(truth: np.ndarray, scores: np.ndarray) -> None:
    with pytest.raises(ValueError, match="VUS-PR"):
        vus_pr(truth, scores)


def test_affiliation_is_refused_without_truth() -> None:
    with pytest.raises(ValueError, match="at least one"):
        affiliation(np.zeros(10, bool), np.zeros(10, bool))


def test_the_best_threshold_is_between_what_is_true_and_the_rest() -> None:
    truth = mask_of(100, (20, 30))[None]
    scores = np.where(truth, 3.0, 1.0)
    scores[0, 50] = 2.0
    assert best_threshold(truth, scores) == 3.0
    assert best_threshold(truth, np.ones((1, 100))) == 1.0


def test_baselines_are_highest_at_an_outlier() -> None:
    values = np.random.default_rng(0).normal(size=(3, 2, 500)).astype(np.float32)
    values[:, 1, 300] += 20
    assert (moving_z_score(values).argmax(axis=1) == 300).all()
    assert np.isin(difference_z_score(values).argmax(axis=1), [300, 301]).all()


def test_baselines_have_one_score_for_each_point_and_like_flat_curves() -> None:
    for score in SIMPLE_SCORES.values():
        found = score(np.ones((2, 3, 64), np.float32))
        assert found.shape == (2, 64)
        assert np.isfinite(found).all()
