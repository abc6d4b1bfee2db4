"""Thresholds that are fitted to curves which were not learned from."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.series.thresholds import fitted_thresholds, quiet_threshold


def curves(inside: float, outside: float) -> tuple[np.ndarray, np.ndarray]:
    """Four true stretches of ten points, and what is told inside and outside of them."""
    truth = np.tile(np.repeat([False, True], 10), 4)[None]
    return truth, np.where(truth, inside, outside)


def test_a_network_that_is_never_sure_has_a_low_threshold() -> None:
    assert fitted_thresholds(*curves(inside=0.22, outside=0.12)).tolist() == [0.2]


def test_a_network_that_is_always_sure_has_a_high_threshold() -> None:
    assert fitted_thresholds(*curves(inside=0.99, outside=0.82)).tolist() == [0.85]


def test_where_all_thresholds_are_equally_good_it_is_a_half() -> None:
    assert fitted_thresholds(*curves(inside=0.98, outside=0.01)).tolist() == [0.5]


def test_a_threshold_at_the_edge_that_is_hardly_better_is_not_taken() -> None:
    truth = np.tile(np.repeat([False, True], 100), 4)[None]
    told = np.where(truth, 0.98, 0.01)
    told[0, 100:104] = 0.06  # 400 of 400 points from 0.05 on, 396 (99 %) from 0.1 on
    assert fitted_thresholds(truth, told).tolist() == [0.5]


def test_a_threshold_far_from_a_half_that_is_clearly_better_is_taken() -> None:
    truth = np.tile(np.repeat([False, True], 100), 4)[None]
    told = np.where(truth, 0.98, 0.01)
    told[0, 100:112] = 0.06  # 400 of 400 points from 0.05 on, 388 (97 %) from 0.1 on
    assert fitted_thresholds(truth, told).tolist() == [0.05]


def test_each_kind_has_its_own() -> None:
    low, high = curves(0.22, 0.12), curves(0.99, 0.82)
    both = fitted_thresholds(np.vstack([low[0], high[0]]), np.vstack([low[1], high[1]]))
    assert both.tolist() == [0.2, 0.85]


def test_two_stretches_are_too_few_to_fit_on() -> None:
    truth, told = curves(inside=0.22, outside=0.12)
    truth[0, 40:] = False
    assert fitted_thresholds(truth, told).tolist() == [0.5]


@pytest.mark.parametrize("allowed", [0.0, 0.05, 0.1, 0.5])
def test_no_more_normal_series_than_allowed_reach_the_threshold(allowed: float) -> None:
    highest = np.random.default_rng(0).random(200).astype(np.float32)
    threshold = quiet_threshold(highest, allowed)
    assert (highest >= threshold).sum() == round(allowed * 200)


def test_normal_series_are_needed_to_stay_quiet_in() -> None:
    with pytest.raises(ValueError, match="no normal series"):
        quiet_threshold(np.zeros(0), 0.05)
