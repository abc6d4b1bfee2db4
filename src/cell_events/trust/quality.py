"""Precision, recall, F1 and average precision, and how sure they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cell_events.trust.intervals import Interval, block_bootstrap
from cell_events.trust.outcomes import Blocks, Outcomes
from cell_events.trust.precision_recall import PrecisionRecallCurve

FIGURES = "precision", "recall", "f1", "average_precision"
Statistic = Callable[[NDArray[np.int64]], NDArray[np.float64]]

RECALLS = np.linspace(0.0, 1.0, 101)
"""Recalls at which the band around the curve is known."""


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made.

    Attributes
    ----------
    blocks
        What is drawn.
    repeats
        How often; 0 for no intervals.
    """

    blocks: Blocks = field(default_factory=Blocks)
    repeats: int = 1000
    seed: int = 0
    level: float = 0.95

    def __post_init__(self) -> None:
        if self.repeats < 0 or not 0 < self.level < 1:
            raise ValueError(
                "repeats must be at least 0 and level between 0 and 1, got "
                f"{self.repeats} and {self.level}."
            )


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a list of found events is.

    Attributes
    ----------
    curve
        Precision and recall at every threshold.
    figures
        `FIGURES` at the chosen threshold, with the ends of their intervals; NaN where unknown. A
        figure that is 0 or 1 in every repeat has no ends: however often blocks are drawn, an error
        that never occurred does not appear, and "1 to 1" would promise too much.
    band
        Precision at `RECALLS`, in the same way.
    """

    curve: PrecisionRecallCurve
    figures: dict[str, Interval]
    band: Interval


def quality(
    found: Outcomes, threshold: float | None = None, resampling: Resampling | None = None
) -> Quality:
    """Measure what was found, with intervals from a bootstrap over blocks.

    Parameters
    ----------
    threshold
        Events below it do not count in precision, recall and F1; None: all count.
    """
    resampling = resampling or Resampling()

    def statistic(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        curve = found.curve(rows)
        return np.concatenate([figures_of(curve, threshold), curve.precision_at(RECALLS)])

    interval = resampled(statistic, found.places, resampling)
    split = [np.split(np.asarray(part, np.float64), [len(FIGURES)]) for part in interval]
    figures = {
        name: _told(*(float(part[0][number]) for part in split))
        for number, name in enumerate(FIGURES)
    }
    return Quality(found.curve(), figures, Interval(*(part[1] for part in split)))


def _told(value: float, low: float, high: float) -> Interval:
    """Give no interval where no repeat could show the error that never occurred."""
    if value in (0.0, 1.0) and low == high:
        return Interval(value, float("nan"), float("nan"))
    return Interval(value, low, high)


def figures_of(curve: PrecisionRecallCurve, threshold: float | None) -> NDArray[np.float64]:
    """`FIGURES` of a curve at a threshold; NaN where they are not defined."""
    index = curve.at(threshold)
    if index is None:
        recall, f1 = (0.0, 0.0) if curve.true else (np.nan, np.nan)
        return np.array([np.nan, recall, f1, curve.average_precision])
    point = curve.precision[index], curve.recall[index], curve.f1[index]
    return np.array([*point, curve.average_precision])


def resampled(
    statistic: Statistic, places: NDArray[np.float64], resampling: Resampling
) -> Interval:
    """Give a statistic with its interval; NaN as both ends where none can be had."""
    if not len(places) or not resampling.repeats:
        value = statistic(np.arange(len(places)))
        return Interval(value, np.full_like(value, np.nan), np.full_like(value, np.nan))
    numbers = resampling.blocks.numbers(places)
    return block_bootstrap(
        numbers, statistic, resampling.repeats, resampling.seed, resampling.level
    )
