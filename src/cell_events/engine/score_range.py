"""Does a model tell anything apart? How far the scores lie apart that it gives to a movie."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

NEARLY = 1e-5
"""Scores that differ by a smaller share of the highest one are the same."""


class ScoreRange:
    """Lowest and highest value of each class, over all maps that were seen.

    Parameters
    ----------
    log_odds
        Whether values are log-odds of scores, and not scores.
    """

    def __init__(self, log_odds: bool = False) -> None:
        self._is_odds = log_odds
        self._lowest: NDArray[Any] = np.array(np.inf)
        self._highest: NDArray[Any] = np.array(-np.inf)

    def see(self, maps: NDArray[np.floating]) -> None:
        """Take maps (K, y, x) into account."""
        values = maps.reshape(len(maps), -1)
        self._lowest = np.minimum(self._lowest, values.min(1))
        self._highest = np.maximum(self._highest, values.max(1))

    @property
    def same_scores(self) -> tuple[float, ...]:
        """The score of each class if it is the same everywhere for all of them; else nothing."""
        if not np.isfinite(self._lowest).all():
            return ()
        low, high = self._lowest, self._highest
        if self._is_odds:
            low, high = expit(np.float64(low)), expit(np.float64(high))
        if (high - low > NEARLY * high).any():
            return ()
        return tuple(float(score) for score in high)
