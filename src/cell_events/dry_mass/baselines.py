"""Simple ways to find abnormal cells, which every better way has to beat.

Three of them forecast the last frames of a window in one line of arithmetic and score a cell by the
error, as the network does; the isolation forest looks for cells whose curves have an unusual shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import IsolationForest

from cell_events.dry_mass.cell_scores import CellScore, Scorer, not_assessed, too_short
from cell_events.dry_mass.curve_features import FEWEST_FRAMES, SMALLEST_PG, curve_features
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.windows import Windows, WindowShape, windows_of

TREES = 200

AT_ONCE = 4096
"""Windows that are forecast together."""

Extrapolation = Callable[[NDArray[np.float64], int], NDArray[np.float64]]
"""Masses (windows, past) and a number of frames give forecasts (windows, future)."""


def persistence(past_pg: NDArray[np.float64], future: int) -> NDArray[np.float64]:
    """Forecast that the mass stays what it was."""
    return np.repeat(past_pg[:, -1:], future, axis=1)


def linear(past_pg: NDArray[np.float64], future: int) -> NDArray[np.float64]:
    """Forecast by the line that fits the past best."""
    times = np.arange(past_pg.shape[1])
    line: NDArray[np.float64] = np.polyfit(times, past_pg.T, 1)
    slope, start = line[:, :, None]
    ahead = past_pg.shape[1] + np.arange(future)
    forecast: NDArray[np.float64] = start + slope * ahead
    return forecast


def exponential(past_pg: NDArray[np.float64], future: int) -> NDArray[np.float64]:
    """Forecast by the exponential that fits the past best, at most a hundred times its largest."""
    log_forecast = linear(np.log(np.maximum(past_pg, SMALLEST_PG)), future)
    highest = past_pg.max(axis=1, keepdims=True) * 100
    forecast: NDArray[np.float64] = np.minimum(np.exp(np.minimum(log_forecast, 50)), highest)
    return forecast


@dataclass(frozen=True)
class ExtrapolationScorer:
    """Scores cells by the error of an extrapolation, in the worst of their windows."""

    extrapolation: Extrapolation
    shape: WindowShape

    def __call__(self, curves: Sequence[MassCurve]) -> tuple[CellScore, ...]:
        """Score each curve by its largest RMSE in pg."""
        windows = windows_of(curves, self.shape, stride=max(1, self.shape.future // 4))
        windows = windows.only(windows.complete(backwards=False))
        errors = window_errors_pg(windows, self.extrapolation)
        worst = worst_windows(windows, errors, len(curves))
        begins = np.cumsum([0, *(len(curve.mass_pg) for curve in curves)])[:-1]
        return tuple(
            _windowless(curve, self.shape)
            if window < 0
            else _forecast_score(curve, windows.starts[window] - begin, self.shape, errors[window])
            for curve, window, begin in zip(curves, worst, begins, strict=True)
        )


def window_errors_pg(windows: Windows, extrapolation: Extrapolation) -> NDArray[np.float64]:
    """RMSE (W,) in pg of the forecast of each window; it must be complete."""
    errors = np.zeros(len(windows))
    for begin in range(0, len(windows), AT_ONCE):
        past, future, seen = windows.cut(slice(begin, begin + AT_ONCE))
        forecast = extrapolation(past.astype(float), windows.shape.future)
        squares = np.where(seen, (forecast - future) ** 2, 0)
        errors[begin : begin + AT_ONCE] = np.sqrt(squares.sum(axis=1) / seen.sum(axis=1))
    return errors


def worst_windows(windows: Windows, errors: NDArray[np.float64], n_curves: int) -> NDArray[np.intp]:
    """Index (n_curves,) of the window with the largest error of each curve; -1 without one."""
    worst = np.full(n_curves, -1, np.intp)
    order = np.argsort(errors, kind="stable")
    worst[windows.curves[order]] = order
    return worst


@dataclass(frozen=True)
class IsolationForestScorer:
    """Scores cells by how few random cuts single out their `curve_features`."""

    seed: int = 0

    def __call__(self, curves: Sequence[MassCurve]) -> tuple[CellScore, ...]:
        """Score each curve that is long enough, in comparison with the others."""
        long_enough = [np.isfinite(c.mass_pg).sum() >= FEWEST_FRAMES for c in curves]
        judged = [curve for curve, enough in zip(curves, long_enough, strict=True) if enough]
        if not judged:
            return tuple(too_short(curve, FEWEST_FRAMES) for curve in curves)
        features = np.array([curve_features(curve) for curve in judged])
        forest = IsolationForest(n_estimators=TREES, random_state=self.seed).fit(features)
        scores = iter(-forest.score_samples(features))
        return tuple(
            CellScore(c.track_id, True, float(next(scores)), nan, c.first, c.last)
            if enough
            else too_short(c, FEWEST_FRAMES)
            for c, enough in zip(curves, long_enough, strict=True)
        )


BASELINES: Mapping[str, Callable[[WindowShape, int], Scorer]] = MappingProxyType(
    {
        "persistence": lambda shape, _: ExtrapolationScorer(persistence, shape),
        "linear": lambda shape, _: ExtrapolationScorer(linear, shape),
        "exponential": lambda shape, _: ExtrapolationScorer(exponential, shape),
        "isolation forest": lambda _, seed: IsolationForestScorer(seed),
    }
)
"""Ways to make a scorer from the length of its windows and a seed, by name."""


def _windowless(curve: MassCurve, shape: WindowShape) -> CellScore:
    if len(curve.mass_pg) < shape.frames:
        return too_short(curve, shape.frames)
    return not_assessed(curve, f"no {shape} without a long gap")


def _forecast_score(
    curve: MassCurve, offset: int, shape: WindowShape, error_pg: float
) -> CellScore:
    first, error = curve.first + int(offset), float(error_pg)
    return CellScore(curve.track_id, True, error, error, first, first + shape.frames - 1)
