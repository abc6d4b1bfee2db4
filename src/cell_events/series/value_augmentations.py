"""Augmentations that change the values of snapshots and leave their times (section 3.4).

All take and give values (B, C, T), labels (B, M, T) and masks (B, T). Sizes are relative to the
standard deviation of a snapshot, which is about 1 after scaling.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]
Snapshots = tuple[Values, Mask, Mask]

LARGEST_JITTER = 0.05
LARGEST_SCALE = 1.5
LARGEST_SLOPE = 0.5
"""Rise from the middle of a snapshot to its end, in standard deviations."""


def jitter(values: Values, labels: Mask, mask: Mask, random: np.random.Generator) -> Snapshots:
    """Add noise, so little that nothing is hidden by it."""
    sizes = _per_curve(0, LARGEST_JITTER, values, random) * _spread(values)
    noise = random.standard_normal(values.shape, np.float32)
    return values + sizes * noise, labels, mask


def scaling(values: Values, labels: Mask, mask: Mask, random: np.random.Generator) -> Snapshots:
    """Multiply each curve, by two thirds to one and a half."""
    farthest = np.log(LARGEST_SCALE)
    return values * np.exp(_per_curve(-farthest, farthest, values, random)), labels, mask


def trend(values: Values, labels: Mask, mask: Mask, random: np.random.Generator) -> Snapshots:
    """Let each curve rise or fall steadily."""
    slopes = _per_curve(-LARGEST_SLOPE, LARGEST_SLOPE, values, random) * _spread(values)
    line = np.linspace(-1, 1, values.shape[2], dtype=np.float32)
    return values + slopes * line, labels, mask


def linear_operation(
    values: Values, labels: Mask, mask: Mask, random: np.random.Generator
) -> Snapshots:
    """Multiply each curve, half of them by a negative number, and shift it."""
    farthest = np.log(LARGEST_SCALE)
    factors = np.exp(_per_curve(-farthest, farthest, values, random))
    factors *= random.choice(np.array([-1, 1], np.float32), factors.shape)
    shifts = _per_curve(-0.5, 0.5, values, random) * _spread(values)
    return values * factors + shifts, labels, mask


def _per_curve(low: float, high: float, values: Values, random: np.random.Generator) -> Values:
    return random.uniform(low, high, (*values.shape[:2], 1)).astype(np.float32)


def _spread(values: Values) -> Values:
    return np.asarray(values.std(axis=2, keepdims=True), np.float32)
