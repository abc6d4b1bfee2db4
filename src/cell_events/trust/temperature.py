"""The temperature that makes softmax outputs probabilities (Guo et al. 2017, section 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.optimize import minimize_scalar

from cell_events.trust.calibration_error import calibration_error
from cell_events.trust.labelled_logits import CalibrationError, LabelledLogits

By = Literal["likelihood", "calibration error"]

LOWEST, HIGHEST = 0.05, 20.0
"""Temperatures that are tried. One at the bound means that no temperature is right."""

AT_THE_BOUND = 0.01
"""Relative distance from a bound that counts as being there."""

AS_GOOD = 1e-9
"""Differences of the mean negative log-likelihood below this do not count."""

STEPS = 401
"""Temperatures on the logarithmic grid on which the calibration error is tried."""


@dataclass(frozen=True, slots=True)
class Temperature:
    """What logits are divided by, and how it was found.

    Attributes
    ----------
    value
        Above 1 the network was too sure, below 1 not sure enough.
    loss
        Mean negative log-likelihood, or calibration error, at this temperature.
    """

    value: float
    by: By
    loss: float


def fit_temperature(
    labelled: LabelledLogits, by: By = "likelihood", refuse_bounds: bool = True
) -> Temperature:
    """Find the temperature with which the crops are most likely, or best calibrated.

    The likelihood is concave in 1 / T, so that it has one maximum; it is searched along log T.
    The calibration error (15 bins of equal width) jumps from bin to bin, so that temperatures on a
    grid are tried; of equally good ones the nearest to 1 is taken.

    Parameters
    ----------
    refuse_bounds
        Whether a temperature at the bound is an error, or taken as it is.

    Raises
    ------
    CalibrationError
        If the best temperature lies at the bound of those that are tried.
    """
    if by not in get_args(By):
        raise ValueError(f"by must be one of {', '.join(get_args(By))}; got {by!r}.")
    fit = _most_likely if by == "likelihood" else _best_calibrated
    value, loss = fit(labelled)
    if refuse_bounds:
        check_bounds(value)
    return Temperature(value, by, loss)


def _most_likely(labelled: LabelledLogits) -> tuple[float, float]:
    """Temperature with the smallest mean negative log-likelihood, and that."""
    rows, weights = np.arange(len(labelled)), labelled.weights / labelled.weights.sum()

    def loss(log_temperature: float) -> float:
        found = labelled.log_probabilities(float(np.exp(log_temperature)))
        return float(-(weights * found[rows, labelled.label]).sum())

    bounds = (np.log(LOWEST), np.log(HIGHEST))
    best = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-6})
    # Where all crops are told apart the likelihood is flat long before the bound.
    edge = min(bounds, key=loss)
    chosen = edge if loss(edge) <= best.fun + AS_GOOD else best.x
    return float(np.exp(chosen)), loss(float(chosen))


def _best_calibrated(labelled: LabelledLogits) -> tuple[float, float]:
    """Temperature with the smallest calibration error, and that."""
    tried = np.exp(np.linspace(np.log(LOWEST), np.log(HIGHEST), STEPS))
    tried = tried[np.argsort(abs(np.log(tried)), kind="stable")]
    errors = [
        calibration_error(np.exp(labelled.log_probabilities(t)), labelled.label, labelled.weights)
        for t in tried
    ]
    best = int(np.argmin(errors))
    return float(tried[best]), float(errors[best])


def check_bounds(value: float) -> None:
    """Raise `CalibrationError` if a temperature is one of the extremes."""
    if value <= LOWEST * (1 + AT_THE_BOUND):
        raise CalibrationError(
            f"The temperature ran to its lower bound, {LOWEST:g}: the model tells all crops apart, "
            "so that these cannot say how sure it may be; annotate more crops, difficult ones "
            "among them."
        )
    if value >= HIGHEST * (1 - AT_THE_BOUND):
        raise CalibrationError(
            f"The temperature ran to its upper bound, {HIGHEST:g}: the model's scores say nothing "
            "about these crops; check that the annotation belongs to the movie, or train the model "
            "anew."
        )
