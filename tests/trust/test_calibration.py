"""From logits to probabilities, and the evidence for it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.special import expit, logit, softmax

from cell_events.trust.calibration import Calibration
from cell_events.trust.labelled_logits import CalibrationError, LabelledLogits
from cell_events.trust.prior import prior_of_counts, prior_shift
from tests.trust.known_logits import known_logits


def test_probabilities_are_those_of_scaled_and_shifted_logits() -> None:
    found = Calibration(2.0, (0.0, -1.0)).probabilities(np.array([[0.0, 3.0]]))
    assert found == pytest.approx(np.array([[1 - expit(0.5), expit(0.5)]]))


def log_odds_of(logits: np.ndarray) -> np.ndarray:
    probabilities = softmax(logits.astype(np.longdouble), axis=1)[:, 1:].astype(float)
    return logit(probabilities)


@pytest.mark.parametrize("outputs", [2, 3, 5])
def test_log_odds_hold_all_that_is_needed(outputs) -> None:
    logits = np.random.default_rng(outputs).normal(scale=3, size=(200, outputs))
    calibration = Calibration(1.7, tuple(np.linspace(0, -2, outputs)))
    np.testing.assert_allclose(
        calibration.of_log_odds(log_odds_of(logits)),
        calibration.probabilities(logits)[:, 1:],
        atol=1e-8,
    )


def test_log_odds_that_leave_nothing_over_stay_finite() -> None:
    odds = np.array([[30.0, -31.0], [30.0, -30.0], [800.0, -800.0]], np.float32)
    found = Calibration(3.0, (0.0, 0.0, 0.0)).of_log_odds(odds)
    assert np.isfinite(found).all()
    assert (found.sum(axis=1) <= 1).all()
    assert (found[:, 0] > 0.99).all()


def test_maps_are_calibrated_place_by_place() -> None:
    odds = np.random.default_rng(0).normal(size=(4, 5, 1))
    assert Calibration(2.0, (0.0, 1.0)).of_log_odds(odds) == pytest.approx(expit(odds / 2 + 1))


def test_calibrations_travel_as_json() -> None:
    calibration = Calibration(1.25, (0.0, -3.5))
    again = Calibration.from_json(json.loads(json.dumps({**calibration.to_json(), "by": "x"})))
    assert again == calibration


@pytest.mark.parametrize("values", [{}, {"temperature": 0.0, "shift": [0, 0]}, {"temperature": 1}])
def test_damaged_calibrations_are_refused(values) -> None:
    with pytest.raises(ValueError, match="calibration cannot be read"):
        Calibration.from_json(values)


def test_the_prior_correction_is_that_of_bayes() -> None:
    even, movie = np.array([0.5, 0.5]), np.array([0.98, 0.02])
    posterior = np.array([0.3, 0.7])  # at even frequencies
    expected = posterior * movie / (posterior @ movie)
    moved = softmax(np.log(posterior) + prior_shift(movie, even))
    assert moved == pytest.approx(expected)


def test_a_class_that_was_not_seen_is_rare_and_not_impossible() -> None:
    assert prior_of_counts(np.array([999, 0])) == pytest.approx([999.5 / 1000, 0.5 / 1000])


@pytest.mark.parametrize("prior", [[1.0, 0.0], [0.5, 0.6]])
def test_impossible_frequencies_are_refused(prior) -> None:
    with pytest.raises(ValueError, match="class frequencies of the movie must be above 0"):
        prior_shift(np.array(prior), np.array([0.5, 0.5]))


def labelled(**changes) -> LabelledLogits:
    columns = {
        "classes": ("division",),
        "logits": np.random.default_rng(0).normal(size=(6, 2)),
        "label": np.array([0, 1, 0, 1, 0, 1]),
        "group": np.zeros(6, int),
    }
    return LabelledLogits(**{**columns, **changes})


def test_logits_that_cannot_be_calibrated_are_told_in_a_sentence() -> None:
    holed = np.random.default_rng(0).normal(size=(6, 2))
    holed[3, 1] = np.nan
    with pytest.raises(CalibrationError, match=r"NaN or infinite logits for 1 of 6 crops"):
        labelled(logits=holed)
    with pytest.raises(CalibrationError, match=r"All 6 crops .* show 'nothing'"):
        labelled(label=np.zeros(6, int))
    with pytest.raises(CalibrationError, match=r"the same logits for all 6 crops"):
        labelled(logits=np.tile([1.0, -2.0], (6, 1)))
    with pytest.raises(CalibrationError, match=r"same logits"):
        labelled(logits=np.repeat(np.arange(6.0)[:, None], 2, axis=1))  # softmax does not change
    with pytest.raises(CalibrationError, match=r"need logits of the shape \(6, 2\)"):
        labelled(logits=np.zeros((6, 3)))
    with pytest.raises(CalibrationError, match=r"Labels must lie between 0 and 1"):
        labelled(label=np.array([0, 1, 2, 1, 0, 1]))


def test_weights_make_classes_as_frequent_as_wanted() -> None:
    crops = known_logits(1000, prior=(0.9, 0.1))
    for weighted, share in (
        (crops.balanced(), 0.5),
        (crops.as_frequent_as(np.array([0.99, 0.01])), 0.01),
    ):
        assert weighted.weights[weighted.label == 1].sum() / 1000 == pytest.approx(share)
        assert weighted.weights.sum() == pytest.approx(1000)
