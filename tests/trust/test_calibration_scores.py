"""Steps of a calibration, judged on crops that it did not learn from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax

from cell_events.trust.calibration_scores import judged_steps
from cell_events.trust.calibration_steps import StepSettings, calibration_of, steps_allowed
from cell_events.trust.cross_fit import cross_fitted
from cell_events.trust.evidence import Evidence, check_evidence
from cell_events.trust.labelled_logits import CalibrationError, LabelledLogits
from cell_events.trust.reliability import reliability
from cell_events.trust.reliability_figure import reliability_png
from tests.trust.known_logits import gaussian_classes, known_logits

RARE = 0.02


def with_places(temperature: float = 2.0, head_shift: float = 0.0) -> Evidence:
    """Classes as they should be for even frequencies, then sharpened and moved; events are rare."""
    crops = gaussian_classes((3000, 3000), seed=1)
    places = gaussian_classes((20_000, 400), seed=2)
    frequency = np.tile([980, 20], (40, 1))
    moved = [
        replace(each, logits=temperature * each.logits + np.array([0.0, head_shift]))
        for each in (crops, places)
    ]
    return Evidence(moved[0], moved[1], frequency)


def test_each_step_undoes_what_it_is_for() -> None:
    evidence = with_places(temperature=2.0, head_shift=-3.0)
    settings = StepSettings(head_shift=(0.0, -3.0))
    assert steps_allowed(evidence, settings) == ["scores", "raw", "temperature", "prior", "bias"]
    expected = {
        "scores": (1.0, 0.0),
        "raw": (1.0, 3.0),
        "temperature": (2.0, 1.5),
        "prior": (2.0, 1.5 + np.log(RARE / (1 - RARE))),
        "bias": (2.0, 1.5 + np.log(RARE / (1 - RARE))),
    }
    for step, (temperature, shift) in expected.items():
        found = calibration_of(step, evidence, settings)
        assert found.temperature == pytest.approx(temperature, rel=0.08), step
        assert found.shift[1] - found.shift[0] == pytest.approx(shift, abs=0.25), step


def test_a_prior_that_is_given_takes_the_place_of_that_of_the_movie() -> None:
    evidence, wanted = with_places(), np.array([0.999, 0.001])
    there = calibration_of("bias", evidence, StepSettings())
    elsewhere = calibration_of("bias", evidence, StepSettings(prior=wanted))
    odds = np.log(0.001 / 0.999) - np.log(evidence.prior[1] / evidence.prior[0])
    moved = np.subtract(elsewhere.shift, there.shift)
    assert moved[1] - moved[0] == pytest.approx(odds)


def test_without_known_frequencies_only_the_temperature_is_fitted() -> None:
    evidence = Evidence(gaussian_classes((300, 300)))
    assert steps_allowed(evidence, StepSettings()) == ["scores", "temperature"]
    given = StepSettings(prior=np.array([0.9, 0.1]))
    assert steps_allowed(evidence, given) == ["scores", "temperature", "prior"]
    assert steps_allowed(evidence, StepSettings(as_they_come=True))[-1] == "bias"


def test_fits_by_calibration_error_keep_that_temperature_for_the_bias() -> None:
    evidence, settings = with_places(), StepSettings(by="calibration error")
    by_error = calibration_of("temperature", evidence, settings)
    assert calibration_of("bias", evidence, settings).temperature == by_error.temperature
    assert calibration_of("scores", evidence, settings).temperature == 1.0


def test_probabilities_do_not_depend_on_the_labels_of_their_own_block() -> None:
    crops = known_logits(400, temperature=2.0, blocks=8)
    flipped = np.where(crops.group == 3, 1 - crops.label, crops.label)
    settings = StepSettings()
    before, after = (
        cross_fitted("temperature", Evidence(each), each, settings)
        for each in (crops, replace(crops, label=flipped))
    )
    own = crops.group == 3
    # Weights of classes count all labels, but the block's own are left out with it.
    np.testing.assert_allclose(before[own], after[own])
    assert not np.allclose(before[~own], after[~own])


def test_the_calibration_error_falls_and_its_interval_holds_it() -> None:
    evidence = with_places(temperature=3.0)
    found = {(s.population, s.step): s for s in judged_steps(evidence, StepSettings(), repeats=100)}
    even = [found["drawn evenly", step].figures["ECE"] for step in ("scores", "temperature")]
    assert even[1].high < even[0].low
    movie = [found["as in the movie", step].figures for step in ("temperature", "prior", "bias")]
    assert movie[0]["promised per event division"].value > 2
    for figures in movie[1:]:
        assert figures["promised per event division"].value == pytest.approx(1, abs=0.25)
        assert figures["NLL"].high < movie[0]["NLL"].low
    assert ("drawn evenly", "prior") not in found
    assert found["drawn evenly", "scores"].to_json()["figures"]["NLL"]["value"] > 0


@pytest.mark.parametrize(
    ("counts", "blocks", "told"),
    [((50, 9), 10, r"Only 9 crops in \d blocks .* 'division'"), ((50, 40), 2, r"in 2 blocks")],
)
def test_too_few_crops_or_blocks_are_refused_with_what_is_needed(counts, blocks, told) -> None:
    with pytest.raises(CalibrationError, match=told + r".* at least 10 in 3 blocks are needed"):
        check_evidence(Evidence(gaussian_classes(counts, blocks=blocks)))


def test_enough_is_enough() -> None:
    check_evidence(Evidence(gaussian_classes((10, 10), blocks=3, seed=4)))


def test_reliability_counts_crops_and_shares() -> None:
    logits = np.log([[0.75, 0.25]] * 4 + [[0.05, 0.95]] * 2)
    crops = LabelledLogits(("division",), logits, np.array([1, 0, 0, 0, 1, 1]), np.arange(6))
    table = reliability(crops, softmax(logits, axis=1), bins=10)
    assert table["crops"].tolist() == [0, 0, 4, 0, 0, 0, 0, 0, 0, 2]
    assert table["share"][2] == 0.25
    assert table["probability"][9] == pytest.approx(0.95)
    assert table["share"].isna().sum() == 8
    assert table["share_low"][2] < 0.25 < table["share_high"][2]


def test_weighted_crops_stand_for_more() -> None:
    logits = np.log([[0.75, 0.25]] * 4)
    crops = LabelledLogits(
        ("division",),
        logits + 0.01 * np.eye(4, 2),
        np.array([1, 0, 0, 0]),
        np.arange(4),
        weight=np.array([1.0, 3.0, 3.0, 3.0]),
    )
    table = reliability(crops, softmax(logits, axis=1), bins=5)
    assert table["share"][1] == 0.1
    assert table["crops"][1] == 4


def test_diagrams_are_drawn_for_several_classes() -> None:
    crops = known_logits(500, classes=("division", "death"))
    table = reliability(crops, softmax(crops.logits, axis=1))
    png = reliability_png({"before": table, "after": table}, "drawn evenly")
    assert png.startswith(b"\x89PNG")
    assert len(png) > 10_000
