"""Augmentations that change the times of snapshots; labels and masks go along (section 3.4).

All take and give values (B, C, T), labels (B, M, T) and masks (B, T).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.series.value_augmentations import Mask, Snapshots, Values

LEAST_KEPT = 0.5
"""Share of a snapshot that is left of it, at least."""

MOST_ABNORMAL = 0.7
"""No crop and no zoom leaves a snapshot of which more is abnormal: nothing would say what is
normal."""

FASTEST = 1.4
WARP_KNOTS = 6

LONGEST_MUTATION = 0.25
"""Share of a snapshot that comes from another one, at most."""


def cropping(values: Values, labels: Mask, mask: Mask, random: np.random.Generator) -> Snapshots:
    """Mask what lies outside a random part; the curves go on flat there."""
    count, points = mask.shape
    kept = random.uniform(LEAST_KEPT, 1, (count, 1)) * points
    first = random.random((count, 1)) * (points - kept)
    at = np.clip(np.arange(points, dtype=float), first, first + kept - 1)
    outside = at != np.arange(points)
    return _unless_abnormal((values, labels, mask), _moved(values, labels, mask, at, outside))


def zoom(values: Values, labels: Mask, mask: Mask, random: np.random.Generator) -> Snapshots:
    """Magnify the snapshot in time about a random moment, or shrink it, by up to a half."""
    count, points = mask.shape
    step = np.exp(random.uniform(np.log(LEAST_KEPT), -np.log(LEAST_KEPT), (count, 1)))
    centre = random.random((count, 1)) * (points - 1)
    at = centre + step * (np.arange(points) - centre)
    outside = (at < 0) | (at > points - 1)
    return _unless_abnormal((values, labels, mask), _moved(values, labels, mask, at, outside))


def time_warp(values: Values, labels: Mask, mask: Mask, random: np.random.Generator) -> Snapshots:
    """Let time run faster here and slower there; begin and end stay where they are."""
    count, points = mask.shape
    farthest = np.log(FASTEST)
    knots = random.uniform(-farthest, farthest, (count, WARP_KNOTS))
    at = np.linspace(0, WARP_KNOTS - 1, points)
    low = np.minimum(at.astype(int), WARP_KNOTS - 2)
    part = at - low
    passed = np.cumsum(np.exp(knots[:, low] * (1 - part) + knots[:, low + 1] * part), axis=1)
    passed -= passed[:, :1]
    return _moved(values, labels, mask, passed / passed[:, -1:] * (points - 1))


def reversal(values: Values, labels: Mask, mask: Mask, random: np.random.Generator) -> Snapshots:
    """Let time run backwards."""
    del random
    backwards = slice(None, None, -1)
    return values[..., backwards].copy(), labels[..., backwards].copy(), mask[:, backwards].copy()


def mutation(values: Values, labels: Mask, mask: Mask, random: np.random.Generator) -> Snapshots:
    """Put a stretch of another snapshot into each, with what is labelled in it.

    It is shifted, and its ends faded in, so that no curve jumps.
    """
    count, points = mask.shape
    partner = np.roll(np.arange(count), int(random.integers(1, max(2, count))))
    length = (random.uniform(0.05, LONGEST_MUTATION, count) * points).astype(int)
    first = (random.random(count) * (points - length)).astype(int)
    since = np.arange(points) - first[:, None]
    inside = (since >= 0) & (since < length[:, None])
    ramp = np.minimum(since + 1, length[:, None] - since) / np.maximum(length[:, None] / 5, 1)
    part = (np.clip(ramp, 0, 1) * inside).astype(np.float32)[:, None]
    weight = inside[:, None] / length[:, None, None]
    shift = ((values - values[partner]) * weight).sum(axis=2, keepdims=True)
    mixed = values + part * (values[partner] + shift - values)
    return (
        mixed.astype(np.float32),
        np.where(inside[:, None], labels[partner], labels),
        np.where(inside, mask[partner], mask),
    )


def _moved(
    values: Values,
    labels: Mask,
    mask: Mask,
    at: NDArray[np.float64],
    outside: Mask | None = None,
) -> Snapshots:
    """Snapshots whose points come from the moments `at` (B, T); what lies outside is masked."""
    points = mask.shape[1]
    at = np.clip(at, 0, points - 1)
    before = np.minimum(at.astype(int), points - 2)
    part = (at - before).astype(np.float32)[:, None]
    nearest = np.rint(at).astype(int)
    low = np.take_along_axis(values, before[:, None], axis=2)
    high = np.take_along_axis(values, before[:, None] + 1, axis=2)
    inside = np.ones_like(mask) if outside is None else ~outside
    return (
        low + part * (high - low),
        np.take_along_axis(labels, nearest[:, None], axis=2) & inside[:, None],
        np.take_along_axis(mask, nearest, axis=1) & inside,
    )


def _unless_abnormal(before: Snapshots, after: Snapshots) -> Snapshots:
    """Changed snapshots, but for those that would show hardly anything that is normal."""
    _, labels, mask = after
    abnormal = (labels.any(axis=1) & mask).sum(axis=1) > MOST_ABNORMAL * mask.sum(axis=1)
    return (
        np.where(abnormal[:, None, None], before[0], after[0]),
        np.where(abnormal[:, None, None], before[1], after[1]),
        np.where(abnormal[:, None], before[2], after[2]),
    )
