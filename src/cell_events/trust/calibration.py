"""How a model's logits become probabilities: what a calibrated model file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_expit, logit, softmax

LEAST_SHARE = 1e-4
"""Share of what is left for all other classes that "nothing" has at least, against rounding."""

NEARLY = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """A temperature and what is added to the logits of each class.

    Attributes
    ----------
    temperature
        Divides the logits (Guo et al. 2017).
    shift
        Added to the K + 1 logits afterwards: how frequent classes are in the movie, less what was
        added in training to make 0.5 the threshold.

    Raises
    ------
    ValueError
        If the temperature is not positive, or a number is not finite.
    """

    temperature: float
    shift: tuple[float, ...]

    def __post_init__(self) -> None:
        numbers = (self.temperature, *self.shift)
        if not np.isfinite(numbers).all() or self.temperature <= 0 or len(self.shift) < 2:
            raise ValueError(
                "A calibration needs a positive temperature and a finite shift of each class; got "
                f"{self.temperature} and {self.shift}."
            )

    def probabilities(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """Probabilities (..., K + 1) of logits (..., K + 1) as the model gives them."""
        moved = np.asarray(logits, np.float64) / self.temperature + np.array(self.shift)
        return np.asarray(softmax(moved, axis=-1))

    def of_log_odds(self, log_odds: NDArray[np.floating]) -> NDArray[np.float64]:
        """Probabilities (..., K) of the event classes.

        Parameters
        ----------
        log_odds
            Of each class 1..K against all else, (..., K): what dense detection computes.
        """
        return self.probabilities(logits_of_log_odds(np.asarray(log_odds, np.float64)))[..., 1:]

    def of_scores(self, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        """Probabilities (N,) of the scores (N,) of a model with one class."""
        return self.of_log_odds(log_odds_of_scores(scores)[:, None])[:, 0]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values for a header."""
        return {"temperature": self.temperature, "shift": list(self.shift)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Calibration:
        """Make what `to_json` wrote; further values are ignored.

        Raises
        ------
        ValueError
            If the values are not those of a calibration.
        """
        try:
            return cls(float(values["temperature"]), tuple(map(float, values["shift"])))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"The model's calibration cannot be read ({error}); calibrate it anew."
            ) from error


def log_odds_of_scores(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Log-odds (N,) of scores (N,), which are kept a millionth away from 0 and 1."""
    nearly = np.clip(np.asarray(scores, np.float64), NEARLY, 1 - NEARLY)
    return np.asarray(logit(nearly))


def logits_of_log_odds(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-probabilities (..., K + 1) of the softmax that has these log-odds (..., K).

    What is left for "nothing" is taken from the odds against the likeliest class, which are exact
    even where that class is all but sure.
    """
    events = log_expit(log_odds)
    if log_odds.shape[-1] == 1:
        return np.concatenate([log_expit(-log_odds), events], axis=-1)
    likeliest = log_odds.argmax(axis=-1, keepdims=True)
    others = log_expit(-np.take_along_axis(log_odds, likeliest, axis=-1))
    shares = np.exp(np.minimum(events - others, 0.0))  # of the others; that of the likeliest: none
    np.put_along_axis(shares, likeliest, 0.0, axis=-1)
    nothing = np.maximum(1 - shares.sum(axis=-1, keepdims=True), LEAST_SHARE)
    return np.concatenate([others + np.log(nothing), events], axis=-1)
