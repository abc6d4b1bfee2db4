"""From scores to probabilities, step by step, each of which can be judged by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cell_events.trust.bias import fit_temperature_and_bias
from cell_events.trust.calibration import Calibration
from cell_events.trust.evidence import Evidence
from cell_events.trust.labelled_logits import LabelledLogits
from cell_events.trust.prior import prior_shift
from cell_events.trust.temperature import By, fit_temperature

Step = Literal["scores", "raw", "temperature", "prior", "bias"]

MEANING: Mapping[Step, str] = {
    "scores": "scores as the model gives them, with 0.5 as the threshold",
    "raw": "as training left them, before the threshold was moved to 0.5",
    "temperature": "divided by one temperature",
    "prior": "temperature, then corrected by formula for how frequent events are",
    "bias": "temperature and bias fitted together, with events as frequent as in the movie",
}
"""What each step does, for people."""


@dataclass(frozen=True)
class StepSettings:
    """How the steps are learned.

    Attributes
    ----------
    by
        What the temperature is fitted by.
    head_shift
        What training added to the K + 1 logits at its end, to make 0.5 the threshold with the best
        F1. It says nothing about probabilities, so it is taken off again first.
    prior
        How frequent classes are in movies to come, (K + 1,); None: as in the evidence.
    as_they_come
        Whether crops are as frequent as in use, like detections of a movie, and not drawn evenly
        from the classes as in training.
    """

    by: By = "likelihood"
    head_shift: tuple[float, ...] = ()
    prior: NDArray[np.float64] | None = None
    as_they_come: bool = False


def steps_allowed(evidence: Evidence, settings: StepSettings) -> list[Step]:
    """The steps that can be taken, in order; the last one gives the probabilities."""
    frequent = evidence.prior is not None
    steps: dict[Step, bool] = {
        "scores": True,
        "raw": any(settings.head_shift),
        "temperature": True,
        "prior": frequent or settings.prior is not None,
        "bias": frequent or settings.as_they_come,
    }
    return [step for step, allowed in steps.items() if allowed]


def calibration_of(
    step: Step, evidence: Evidence, settings: StepSettings, refuse_bounds: bool = True
) -> Calibration:
    """Learn what one step does.

    Raises
    ------
    CalibrationError
        If the best temperature lies at the bound of those that are tried.
    """
    outputs = len(evidence.crops.names)
    if step == "scores":
        return Calibration(1.0, (0.0,) * outputs)
    temperature, shift = 1.0, np.zeros(outputs)
    if step in ("temperature", "prior") or (step == "bias" and settings.by != "likelihood"):
        crops = evidence.crops if settings.as_they_come else evidence.even
        fitted = fit_temperature(_unshifted(crops, settings), settings.by, refuse_bounds)
        temperature = fitted.value
    if step == "prior":
        shift = _prior_shift(evidence, settings, np.full(outputs, 1 / outputs))
    elif step == "bias":
        given = None if settings.by == "likelihood" else temperature
        temperature, shift = _with_bias(evidence, settings, refuse_bounds, given)
    return _for_scores(temperature, shift, settings)


def _with_bias(
    evidence: Evidence, settings: StepSettings, refuse_bounds: bool, temperature: float | None
) -> tuple[float, NDArray[np.float64]]:
    """Temperature and bias where crops come as often as in use."""
    natural, frequency = evidence.natural, evidence.prior
    crops = _unshifted(evidence.crops if natural is None else natural, settings)
    fitted, bias = fit_temperature_and_bias(crops, refuse_bounds, temperature)
    if frequency is not None:
        bias = bias + _prior_shift(evidence, settings, frequency)
    return fitted.value, bias


def _prior_shift(
    evidence: Evidence, settings: StepSettings, given: NDArray[np.float64]
) -> NDArray[np.float64]:
    """From frequencies that are given to those that are wanted."""
    wanted = evidence.prior if settings.prior is None else settings.prior
    return prior_shift(given if wanted is None else wanted, given)


def _unshifted(labelled: LabelledLogits, settings: StepSettings) -> LabelledLogits:
    """The logits as training left them."""
    if not settings.head_shift:
        return labelled
    return labelled.moved(-np.array(settings.head_shift))


def _for_scores(
    temperature: float, shift: NDArray[np.float64], settings: StepSettings
) -> Calibration:
    """Fold the shift that was taken off into what is added after the division."""
    off = np.array(settings.head_shift) if settings.head_shift else np.zeros(len(shift))
    return Calibration(temperature, tuple((shift - off / temperature).tolist()))
