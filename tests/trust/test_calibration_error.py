"""Calibration errors and scores of probabilities, by hand and by other formulas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from cell_events.trust.calibration_error import (
    bin_edges,
    bin_of,
    brier_score,
    calibration_error,
    classwise_calibration_error,
    negative_log_likelihood,
)
from tests.trust.known_logits import known_logits


def two(event: list[float]) -> np.ndarray:
    column = np.array(event)
    return np.stack([1 - column, column], axis=1)


def test_the_calibration_error_of_four_crops_by_hand() -> None:
    probabilities = two([0.9, 0.9, 0.3, 0.4])  # sure of the likelier class: .9, .9, .7, .6
    label = np.array([1, 0, 0, 0])
    # Bins of a tenth: {.9, .9} half right, {.7} right, {.6} right.
    expected = (2 * abs(0.9 - 0.5) + abs(0.7 - 1) + abs(0.6 - 1)) / 4
    assert calibration_error(probabilities, label, bins=10) == pytest.approx(expected)


def test_classwise_errors_look_at_one_class_each() -> None:
    probabilities = np.array([[0.2, 0.5, 0.3], [0.2, 0.5, 0.3]])
    found = classwise_calibration_error(probabilities, np.array([1, 2]), bins=5)
    assert found == pytest.approx([0.2, 0.0, 0.2])


def test_right_probabilities_have_almost_no_error_and_sharpened_ones_have() -> None:
    labelled = known_logits(50_000, classes=("division", "death"))
    right = softmax(labelled.logits, axis=1)
    sharp = softmax(3 * labelled.logits, axis=1)
    for binning in ("equal width", "equal mass"):
        assert calibration_error(right, labelled.label, binning=binning) < 0.01
        assert calibration_error(sharp, labelled.label, binning=binning) > 0.08
        errors = classwise_calibration_error(sharp, labelled.label, binning=binning)
        assert errors.shape == (3,)
        assert errors.min() > 0.03


def test_likelihood_and_brier_score_by_hand() -> None:
    probabilities, label = two([0.8, 0.4]), np.array([1, 0])
    assert negative_log_likelihood(probabilities, label) == pytest.approx(
        -(np.log(0.8) + np.log(0.6)) / 2
    )
    assert brier_score(probabilities, label) == pytest.approx((2 * 0.2**2 + 2 * 0.4**2) / 2)


def test_a_probability_of_zero_that_happens_stays_finite() -> None:
    assert negative_log_likelihood(two([0.0]), np.array([1])) == pytest.approx(-np.log(1e-12))


@pytest.mark.parametrize(
    "figure", [calibration_error, classwise_calibration_error, negative_log_likelihood, brier_score]
)
def test_weights_count_like_copies(figure) -> None:
    random = np.random.default_rng(0)
    probabilities, label = two(random.random(60).tolist()), random.integers(2, size=60)
    copies = random.integers(1, 5, size=60)
    rows = np.repeat(np.arange(60), copies)
    weighted = figure(probabilities, label, copies.astype(float))
    np.testing.assert_allclose(weighted, figure(probabilities[rows], label[rows]))


def test_bins_of_equal_mass_hold_equally_many() -> None:
    values = np.random.default_rng(0).random(900) ** 4
    edges = bin_edges(values, np.ones(900), "equal mass", 9)
    np.testing.assert_allclose(np.bincount(bin_of(values, edges)), 100, atol=1)
    assert (edges[0], edges[-1]) == (0.0, 1.0)


def test_equal_values_stay_in_one_bin() -> None:
    values = np.array([0.2] * 50 + [0.9])
    edges = bin_edges(values, np.ones(51), "equal mass", 15)
    assert len(set(bin_of(values[:50], edges).tolist())) == 1


def test_a_bin_holds_its_upper_border() -> None:
    edges = np.linspace(0, 1, 6)
    assert bin_of(np.array([0.0, 0.2, 0.21, 1.0]), edges).tolist() == [0, 0, 1, 4]
