"""How far probabilities are from what happens (Guo et al. 2017, section 2)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

BINS = 15
"""Of Guo et al. 2017."""

SMALLEST = 1e-12
"""Probabilities below count as this, so that logarithms stay finite."""

Binning = Literal["equal width", "equal mass"]

Probabilities = NDArray[np.float64]
"""(N, K + 1), rows that sum to 1; column 0 is "nothing"."""


def calibration_error(
    probabilities: Probabilities,
    label: NDArray[np.int64],
    weight: NDArray[np.float64] | None = None,
    binning: Binning = "equal width",
    bins: int = BINS,
) -> float:
    """Expected calibration error (ECE) of the class that is thought most likely.

    Guo et al. 2017, equation 3: the mean gap between how sure the model is and how often it is
    right, over bins of how sure it is.

    Parameters
    ----------
    label
        True class 0..K of each row.
    weight
        How much each row counts; None: all the same.
    binning
        Bins of ``equal width``, or with equally many crops each (``equal mass``, which does not
        depend on a few crops in empty bins).
    """
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == label
    return _mean_gap(sure, right, _weights(weight, label), binning, bins)


def classwise_calibration_error(
    probabilities: Probabilities,
    label: NDArray[np.int64],
    weight: NDArray[np.float64] | None = None,
    binning: Binning = "equal width",
    bins: int = BINS,
) -> NDArray[np.float64]:
    """Calibration error of the probability of each class, (K + 1,).

    Kull et al. 2019 (classwise ECE); the mean of these is the figure that they report.
    """
    weights = _weights(weight, label)
    columns = enumerate(probabilities.T)
    errors = [_mean_gap(column, label == k, weights, binning, bins) for k, column in columns]
    return np.array(errors)


def negative_log_likelihood(
    probabilities: Probabilities,
    label: NDArray[np.int64],
    weight: NDArray[np.float64] | None = None,
) -> float:
    """Mean negative logarithm of the probability of what is true (Guo et al. 2017, equation 6)."""
    own = np.maximum(probabilities[np.arange(len(label)), label], SMALLEST)
    return float(np.average(-np.log(own), weights=_weights(weight, label)))


def brier_score(
    probabilities: Probabilities,
    label: NDArray[np.int64],
    weight: NDArray[np.float64] | None = None,
) -> float:
    """Mean squared distance from the truth, summed over the classes (Brier 1950); 0 to 2."""
    truth = np.eye(probabilities.shape[1])[label]
    squared = ((probabilities - truth) ** 2).sum(axis=1)
    return float(np.average(squared, weights=_weights(weight, label)))


def bin_edges(
    values: NDArray[np.float64],
    weight: NDArray[np.float64],
    binning: Binning = "equal width",
    bins: int = BINS,
) -> NDArray[np.float64]:
    """Borders (bins + 1,) from 0 to 1; bins of equal mass may be fewer where values are equal."""
    if binning == "equal width":
        return np.linspace(0, 1, bins + 1)
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weight[order]) / weight.sum()
    wanted = np.searchsorted(mass, np.arange(1, bins) / bins)
    inner = np.unique(values[order][np.minimum(wanted, len(values) - 1)])
    return np.concatenate([[0.0], inner[(inner > 0) & (inner < 1)], [1.0]])


def bin_of(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number of the bin of each value; as in the paper, a bin holds its upper border."""
    return np.clip(np.searchsorted(edges, values, side="left") - 1, 0, len(edges) - 2)


def _mean_gap(
    values: NDArray[np.float64],
    happened: NDArray[np.bool_],
    weight: NDArray[np.float64],
    binning: Binning,
    bins: int,
) -> float:
    """Mean distance, over bins, of the mean value and the share that happened."""
    edges = bin_edges(values, weight, binning, bins)
    place, count = bin_of(values, edges), len(edges) - 1
    # The mass of a bin times its gap is the distance of these two sums.
    said = np.bincount(place, weight * values, count)
    true = np.bincount(place, weight * happened, count)
    return float(abs(said - true).sum() / weight.sum())


def _weights(weight: NDArray[np.float64] | None, label: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.ones(len(label)) if weight is None else weight
