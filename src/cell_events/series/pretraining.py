"""Synthetic snapshots to pretrain on, before anybody has labelled a curve (section 4)."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np

from cell_events.series.example_sources import DrawnSource
from cell_events.series.examples import SeriesExamples
from cell_events.series.mass_mishaps import MASS_KINDS
from cell_events.series.mass_synthetic import synthetic_mass_curves
from cell_events.series.scaling import scaled_by_sample
from cell_events.series.synthetic import KINDS, synthetic_series

SyntheticCurves = Literal["general", "mass", "both"]

SYNTHETIC_KINDS: dict[SyntheticCurves, tuple[str, ...]] = {
    "general": KINDS,
    "mass": MASS_KINDS,
    "both": (*KINDS, *MASS_KINDS),
}
"""Kinds of stretches that a network learns from each sort of synthetic curves."""


def synthetic_examples(curves: SyntheticCurves, count: int, seed: int) -> SeriesExamples:
    """Draw labelled snapshots of synthetic curves; of both sorts, half are of each."""
    if curves == "both":
        return _together(
            synthetic_examples("general", count - count // 2, seed),
            synthetic_examples("mass", count // 2, seed),
        )
    draw = synthetic_series if curves == "general" else synthetic_mass_curves
    values, labels = draw(count, seed)
    masks = np.ones((count, values.shape[2]), bool)
    return SeriesExamples(scaled_by_sample(values, masks), masks, labels, SYNTHETIC_KINDS[curves])


def synthetic_source(curves: SyntheticCurves, size: int, seed: int) -> DrawnSource:
    """Batches of synthetic snapshots, each of them new."""
    classes = len(SYNTHETIC_KINDS[curves])
    draw = partial(synthetic_examples, curves)
    return DrawnSource(draw, size, seed, f"synthetic {curves}", classes=classes)


def _together(first: SeriesExamples, second: SeriesExamples) -> SeriesExamples:
    """Snapshots of both; those of one have no stretch of a kind of the other."""
    n_first, n_second = len(first), len(second)
    points = first.masks.shape[1]
    labels = np.zeros((n_first + n_second, first.classes + second.classes, points), bool)
    labels[:n_first, : first.classes] = first.labels
    labels[n_first:, first.classes :] = second.labels
    return SeriesExamples(
        np.concatenate([first.values, second.values]),
        np.concatenate([first.masks, second.masks]),
        labels,
        first.kinds + second.kinds,
    )
