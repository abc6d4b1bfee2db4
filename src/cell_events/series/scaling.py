"""Bringing series to one scale before a network sees them (section 3.3)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

QUANTILES = (0.05, 0.95)
"""Between them lie the values that tell the spread; a few outliers lie beyond."""

LEAST_SHARE = 0.1
"""The spread is at least this share of the standard deviation: pulses are rare, too."""

FARTHEST = 20.0
"""Values this many spreads away look like any that are farther still."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale that the user gives, such as that of an instrument.

    Attributes
    ----------
    center
        Value that becomes 0.
    spread
        Difference that becomes 1.
    """

    center: float
    spread: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.center) and math.isfinite(self.spread) and self.spread > 0):
            raise ValueError(
                f"A scale has a center of {self.center} and a spread of {self.spread}; expected "
                "numbers, the spread above zero."
            )


def scaled(
    values: NDArray[np.floating], masks: NDArray[np.bool_], scale: Scale | None = None
) -> NDArray[np.float32]:
    """Bring snapshots (N, C, T) to the scale that is given, or each by itself."""
    if scale is None:
        return scaled_by_sample(values, masks)
    return np.asarray((values - scale.center) / scale.spread, np.float32)


def scaled_by_sample(values: NDArray[np.floating], masks: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Bring each channel of each snapshot to a median of 0 and a usual spread of 1.

    Parameters
    ----------
    values
        (N, C, T), nothing missing.
    masks
        (N, T), True where a point was measured; the others do not count.
    """
    known = np.any(masks, axis=1, keepdims=True)[:, None]
    values = np.where(known, values, 0).astype(np.float32)
    measured = np.where(masks[:, None] | ~known, values, np.nan)
    low, middle, high = np.nanquantile(
        measured, (QUANTILES[0], 0.5, QUANTILES[1]), axis=2, keepdims=True
    )
    deviation = np.nanstd(measured, axis=2, keepdims=True)
    spread = np.maximum((high - low) / 3.29, LEAST_SHARE * deviation)
    spread = np.where(spread > 0, spread, 1)
    return np.asarray(np.clip((values - middle) / spread, -FARTHEST, FARTHEST), np.float32)
