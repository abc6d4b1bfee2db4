"""Temperature and a bias of each class at once (Alexandari et al. 2020)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cell_events.trust.labelled_logits import LabelledLogits
from cell_events.trust.temperature import HIGHEST, LOWEST, Temperature, check_bounds

LARGEST_BIAS = 40.0
"""Log-odds of a class beyond which no movie goes."""

TOLD_APART = 1e-6
"""A mean negative log-likelihood below this says that every crop is told apart."""


def fit_temperature_and_bias(
    labelled: LabelledLogits, refuse_bounds: bool = True, temperature: float | None = None
) -> tuple[Temperature, NDArray[np.float64]]:
    """Find temperature and biases (K + 1,) with which the crops are most likely.

    Alexandari, Kundaje & Shrikumar 2020 (bias-corrected temperature scaling); for two classes the
    same as Platt 1999. Where crops are as frequent as in the movie, the biases hold what Saerens'
    formula would add, and what training on difficult examples of nothing did to the scores. The
    likelihood is concave in 1 / T and the biases. The bias of "nothing" is 0.

    Parameters
    ----------
    refuse_bounds
        Whether a temperature at the bound is an error, or taken as it is.
    temperature
        Fit the biases at this temperature alone.

    Raises
    ------
    CalibrationError
        If the best temperature lies at the bound of those that are tried.
    """
    outputs = labelled.logits.shape[1]
    truth = np.eye(outputs)[labelled.label]
    weights = (labelled.weights / labelled.weights.sum())[:, None]

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        bias = np.concatenate([[0.0], parameters[1:]])
        logs = labelled.log_probabilities(1 / parameters[0], bias)
        slope = weights * (np.exp(logs) - truth)
        gradient = np.concatenate([[(slope * labelled.logits).sum()], slope.sum(0)[1:]])
        return float(-(weights * truth * logs).sum()), gradient

    start = np.concatenate([[1 / (temperature or 1.0)], np.zeros(outputs - 1)])
    inverse = (1 / HIGHEST, 1 / LOWEST) if temperature is None else (1 / temperature,) * 2
    bounds = [inverse, *[(-LARGEST_BIAS, LARGEST_BIAS)] * (outputs - 1)]
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", tol=1e-12)
    best = found.x if temperature is None else np.array([1 / temperature, *found.x[1:]])
    value = LOWEST if found.fun < TOLD_APART else float(1 / best[0])
    if refuse_bounds:
        check_bounds(value)
    bias = np.concatenate([[0.0], best[1:]])
    return Temperature(value, "likelihood", float(found.fun)), bias
