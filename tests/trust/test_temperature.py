"""The temperature, and the temperature with biases, of logits with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brute
from scipy.special import softmax

from cell_events.trust.bias import fit_temperature_and_bias
from cell_events.trust.labelled_logits import CalibrationError, LabelledLogits
from cell_events.trust.temperature import fit_temperature
from tests.trust.known_logits import gaussian_classes, known_logits

TWO = ("division", "death")


@pytest.mark.parametrize("classes", [("division",), TWO])
@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_the_temperature_of_known_logits_is_found(temperature, classes) -> None:
    found = fit_temperature(known_logits(temperature=temperature, classes=classes))
    assert found.value == pytest.approx(temperature, rel=0.04)


@pytest.mark.parametrize("temperature", [0.4, 3.0])
def test_the_calibration_error_finds_it_too(temperature) -> None:
    found = fit_temperature(known_logits(temperature=temperature), "calibration error")
    assert found.value == pytest.approx(temperature, rel=0.15)
    assert found.loss < 0.01


def test_the_likelihood_is_that_of_an_independent_formula() -> None:
    labelled = known_logits(200, temperature=2.0)
    found = fit_temperature(labelled)

    def loss(parameters: np.ndarray) -> float:
        own = softmax(labelled.logits / parameters[0], axis=1)[np.arange(200), labelled.label]
        return float(-np.log(own).mean())

    (best,) = np.atleast_1d(brute(loss, ((0.5, 6.0),), Ns=400))
    assert found.value == pytest.approx(float(best), rel=1e-3)
    assert found.loss == pytest.approx(loss(np.array([found.value])), rel=1e-9)


def test_weights_count_like_copies() -> None:
    labelled = known_logits(300, temperature=2.0)
    copies = np.random.default_rng(1).integers(1, 4, size=300)
    rows = np.repeat(np.arange(300), copies)
    columns = (labelled.logits, labelled.label, labelled.group)
    weighted = LabelledLogits(labelled.classes, *columns, weight=copies.astype(float))
    repeated = LabelledLogits(labelled.classes, *(column[rows] for column in columns))
    assert fit_temperature(weighted).value == pytest.approx(fit_temperature(repeated).value)


def test_crops_that_are_all_told_apart_have_no_temperature() -> None:
    logits = np.array([[2.0, 0.0]] * 20 + [[0.0, 2.0]] * 20)
    labelled = LabelledLogits(("division",), logits, np.repeat([0, 1], 20), np.arange(40))
    for fit in (fit_temperature, fit_temperature_and_bias):
        with pytest.raises(CalibrationError, match=r"ran to its lower bound, 0.05"):
            fit(labelled)
    assert fit_temperature(labelled, refuse_bounds=False).value == pytest.approx(0.05, rel=1e-3)


def test_scores_that_say_the_opposite_have_no_temperature() -> None:
    labelled = known_logits(2000)
    wrong = LabelledLogits(labelled.classes, -labelled.logits, labelled.label, labelled.group)
    for fit in (fit_temperature, fit_temperature_and_bias):
        with pytest.raises(CalibrationError, match=r"ran to its upper bound, 20"):
            fit(wrong)


def test_an_unknown_way_to_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="by must be one of likelihood, calibration error"):
        fit_temperature(known_logits(50), "guess")


def test_bias_holds_the_frequency_that_training_did_not_know() -> None:
    labelled = gaussian_classes((40_000, 2_000))
    temperature, bias = fit_temperature_and_bias(labelled)
    assert temperature.value == pytest.approx(1.0, rel=0.05)
    assert bias == pytest.approx([0.0, np.log(2_000 / 40_000)], abs=0.1)


def test_temperature_and_biases_of_three_classes_are_found() -> None:
    right = known_logits(60_000, classes=TWO, prior=(0.7, 0.2, 0.1), seed=3)
    moved = LabelledLogits(
        TWO, 2.5 * (right.logits - np.array([0.0, 1.0, -0.5])), right.label, right.group
    )
    temperature, bias = fit_temperature_and_bias(moved)
    assert temperature.value == pytest.approx(2.5, rel=0.03)
    assert bias == pytest.approx([0.0, 1.0, -0.5], abs=0.05)


def test_biases_can_be_fitted_at_a_given_temperature() -> None:
    labelled = gaussian_classes((4_000, 400))
    temperature, bias = fit_temperature_and_bias(labelled, temperature=2.0)
    assert temperature.value == 2.0
    mean = softmax(labelled.logits / 2.0 + bias, axis=1)[:, 1].mean()
    assert mean == pytest.approx(400 / 4_400, rel=1e-3)  # what a free bias always reaches
