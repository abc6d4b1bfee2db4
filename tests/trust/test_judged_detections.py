"""Detections of which it is known whether they are right."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from cell_events.events import Event
from cell_events.matching import Tolerance
from cell_events.trust.calibration_steps import StepSettings, calibration_of
from cell_events.trust.cross_fit import cross_fitted
from cell_events.trust.judged_detections import (
    JudgedDetections,
    amid_known_frames,
    beside_a_missed_event,
    evidence_of_detections,
    what_is_there,
)
from cell_events.trust.labelled_logits import CalibrationError

CLASSES = ("division", "death")
SAME, BESIDE = Tolerance(10, 1), Tolerance(24, 3)


def known_detections(
    count: int, sharp: float, moved: tuple[float, ...], seed: int = 0
) -> JudgedDetections:
    """Detections whose log-odds are `sharp` times too large, then moved; truth is drawn."""
    random = np.random.default_rng(seed)
    right = random.normal(scale=2, size=(count, len(moved)))
    label = (random.random((count, 1)) > softmax(right, axis=1).cumsum(1)).sum(1)
    logits = sharp * right + np.array(moved)
    classes = range(1, len(moved))
    others = [logsumexp(np.delete(logits, k, axis=1), axis=1) for k in classes]
    log_odds = np.stack([logits[:, k] - other for k, other in zip(classes, others, strict=True)], 1)
    events = [Event(0, 0, 0)] * count
    return JudgedDetections(events, log_odds, label, random.integers(20, size=count), 20)


@pytest.mark.parametrize("moved", [(0.0, 1.5), (0.0, 1.5, -1.0)])
def test_temperature_and_bias_of_each_class_are_recovered(moved: tuple[float, ...]) -> None:
    classes = CLASSES[: len(moved) - 1]
    found = [known_detections(4000, 1.6, moved, seed) for seed in (0, 1)]
    evidence = evidence_of_detections(found, classes)
    assert len(np.unique(evidence.crops.group)) == 40  # blocks of two movies are different ones
    calibration = calibration_of("bias", evidence, StepSettings(as_they_come=True))
    assert calibration.temperature == pytest.approx(1.6, rel=0.06)
    bias = np.array(calibration.shift) - calibration.shift[0]
    np.testing.assert_allclose(bias, -np.array(moved) / 1.6, atol=0.12)


def test_as_many_are_right_as_the_probabilities_promise() -> None:
    """Scores promise half as many again as there are, or more."""
    evidence = evidence_of_detections([known_detections(6000, 1.0, (0.0, 3.0))], ("division",))
    settings = StepSettings(as_they_come=True)
    right = (evidence.crops.label == 1).sum()
    scores = softmax(evidence.crops.logits, axis=1)[:, 1]
    told = cross_fitted("bias", evidence, evidence.crops, settings)[:, 1]
    assert scores.sum() > 1.5 * right
    assert told.sum() == pytest.approx(right, rel=0.01)


def test_of_two_detections_of_one_event_one_is_right() -> None:
    found = [Event(5, 50, 50), Event(5, 50, 56), Event(5, 90, 90)]
    assert what_is_there(found, [Event(5, 51, 50)], CLASSES, SAME).tolist() == [1, 0, 0]


def test_a_division_detected_at_a_death_shows_a_death() -> None:
    found = [Event(5, 50, 50, "death"), Event(5, 50, 50, "division"), Event(9, 50, 50, "division")]
    truth = [Event(5, 52, 50, "death")]
    assert what_is_there(found, truth, CLASSES, SAME).tolist() == [2, 2, 0]


def test_detections_beside_a_missed_event_are_unclear_those_beside_a_found_one_are_not() -> None:
    found = [Event(5, 50, 65), Event(5, 150, 150), Event(5, 150, 165), Event(5, 80, 50)]
    truth = [Event(5, 50, 50), Event(5, 150, 150)]
    unclear = beside_a_missed_event(found, truth, SAME, BESIDE)
    assert unclear.tolist() == [True, False, False, False]


def test_detections_at_the_end_of_a_known_stretch_do_not_count() -> None:
    found = [Event(t, 0, 0) for t in (0, 3, 4, 5, 9)]
    known = frozenset([0, 1, 3, 4, 5, 8, 9])
    assert amid_known_frames(found, known, 10).tolist() == [True, False, True, False, True]


def test_too_few_right_detections_are_told_with_what_else_may_help() -> None:
    few = known_detections(40, 1.0, (0.0, -6.0))
    few.label[:] = np.arange(40) < 4
    told = r"Only 4 detections .* show 'division', but at least 10 .* seen, or choose all crops\."
    with pytest.raises(CalibrationError, match=told):
        evidence_of_detections([few], ("division",), ", or choose all crops")
    few.label[:] = 1
    with pytest.raises(CalibrationError, match=r"Only 0 detections in 0 blocks .* show 'nothing'"):
        evidence_of_detections([few], ("division",))
