"""Synthetic curves of many shapes, with labelled anomalies, to pretrain on (section 4).

A network that has learned from them knows what an outlier, a change of volatility and a broken
cycle are before anybody has labelled a curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.series.synthetic_anomalies import (
    Curves,
    Cycles,
    Mask,
    additive_outliers,
    changed_volatility,
    violated_cycles,
)
from cell_events.series.synthetic_shapes import SHAPES, drawn_tables

KINDS = ("additive outlier", "volatility change", "cyclic violation")
"""The kinds of anomalies, in the order of the labels."""

POINTS = 1024

AT_ONCE = 256
"""Curves that are made at once: few enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class SyntheticSettings:
    """Which curves, and how much goes wrong in them.

    Attributes
    ----------
    shapes
        Families of shapes, each as frequent as the others.
    cyclic
        Share of curves that repeat themselves.
    abnormal
        Share of curves with each kind of anomaly; only cyclic ones can violate their cycle.
    periods
        Shortest and longest cycle, in points of 1,024.
    noise
        Smallest and largest noise, relative to the standard deviation of the curve.
    """

    shapes: tuple[str, ...] = tuple(SHAPES)
    cyclic: float = 0.6
    abnormal: float = 0.4
    periods: tuple[float, float] = (24.0, 250.0)
    noise: tuple[float, float] = (0.01, 0.2)

    def __post_init__(self) -> None:
        unknown = [shape for shape in self.shapes if shape not in SHAPES]
        if unknown or not self.shapes:
            raise ValueError(f"shapes are {self.shapes}; expected some of {tuple(SHAPES)}.")
        for name in ("cyclic", "abnormal"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}; expected a share of 0 to 1.")
        for name, largest in (("periods", POINTS / 4), ("noise", 1.0)):
            low, high = getattr(self, name)
            if not 0 < low <= high <= largest:
                raise ValueError(
                    f"{name} go from {low} to {high}; expected them to rise, from above 0 to at "
                    f"most {largest:g}."
                )


def synthetic_series(
    count: int, seed: int, settings: SyntheticSettings | None = None
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Make curves of different shapes, scales and noise; equal seeds give equal curves.

    Returns
    -------
    values
        (count, 1, 1024) float32, in arbitrary units: bring them to one scale as any other series.
    labels
        (count, 3, 1024) bool, one row for each of `KINDS`.
    """
    settings = settings or SyntheticSettings()
    random = np.random.default_rng(seed)
    values = np.empty((count, 1, POINTS), np.float32)
    labels = np.empty((count, len(KINDS), POINTS), bool)
    for begin in range(0, count, AT_ONCE):
        some = slice(begin, min(begin + AT_ONCE, count))
        values[some, 0], labels[some] = _some_curves(some.stop - some.start, settings, random)
    return values, labels


def _some_curves(
    count: int, settings: SyntheticSettings, random: np.random.Generator
) -> tuple[Curves, Mask]:
    is_cyclic = random.random(count) < settings.cyclic
    has = random.random((len(KINDS), count)) < settings.abnormal
    values, violated = _shapes(is_cyclic, has[2] & is_cyclic, settings, random)
    noise = _log_uniform(*settings.noise, count, random)
    sizes, volatile = changed_volatility(noise, POINTS, random)
    volatile &= has[1][:, None]
    sizes = np.where(has[1][:, None], sizes, noise[:, None].astype(np.float32))
    values += sizes * random.standard_normal((count, POINTS), np.float32)
    added, outlying = additive_outliers(5.0 * sizes.max(axis=1), POINTS, random)
    values += np.where(has[0][:, None], added, 0)
    labels = np.stack([outlying & has[0][:, None], volatile, violated], axis=1)
    return _in_other_units(values, random), labels


def _shapes(
    is_cyclic: NDArray[np.bool_],
    is_violated: NDArray[np.bool_],
    settings: SyntheticSettings,
    random: np.random.Generator,
) -> tuple[Curves, Mask]:
    """Curves (N, 1024) without noise, and where a cycle is broken."""
    count = len(is_cyclic)
    names, others = random.choice(np.array(settings.shapes), (2, count))
    # A curve that does not repeat itself goes through its table once, and not quite.
    periods = np.where(is_cyclic, _log_uniform(*settings.periods, count, random), 1.02 * POINTS)
    cycles = Cycles(
        drawn_tables(names, is_cyclic, random),
        drawn_tables(others, is_cyclic, random),
        periods,
        np.where(is_cyclic, random.random(count), 0.0),
    )
    values, violated = cycles.values(), np.zeros((count, POINTS), bool)
    rows = np.flatnonzero(is_violated)
    values[rows], violated[rows] = violated_cycles(cycles.only(rows), random)
    return values, violated


def _in_other_units(values: Curves, random: np.random.Generator) -> Curves:
    """Curves with a trend, half of them, in units of their own."""
    count = len(values)
    slopes = random.normal(size=count) * (random.random(count) < 0.5)
    values += (slopes[:, None] * np.linspace(-1, 1, POINTS)).astype(np.float32)
    scales, offsets = random.lognormal(0, 1, (count, 1)), random.normal(0, 3, (count, 1))
    return ((values + offsets) * scales).astype(np.float32)


def _log_uniform(
    low: float, high: float, count: int, random: np.random.Generator
) -> NDArray[np.float64]:
    return np.exp(random.uniform(np.log(low), np.log(high), count))
