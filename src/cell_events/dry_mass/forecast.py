"""Forecasts of curves, and how far the cells are from them (sections 2.1 and 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.dry_mass.cell_scores import CellScore, not_assessed, too_short
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.forecast_table import CellForecast
from cell_events.dry_mass.forecast_task import window_errors
from cell_events.dry_mass.network import MassForecast
from cell_events.dry_mass.windows import Windows, WindowShape, windows_of
from cell_events.engine.device import one_thread

STRIDES = 4
"""Windows begin this often in the length of a future."""

AT_ONCE = 4096
"""Windows that are forecast together."""


@dataclass(frozen=True)
class Forecaster:
    """A trained network and what it needs beside its weights.

    Attributes
    ----------
    gap
        Missing frames in a row that are bridged in the past.
    band
        (W, 2, F): lowest and highest usual error, for each way and frame, as a share of the level.
    """

    network: MassForecast
    gap: int
    band: NDArray[np.float64]

    @property
    def shape(self) -> WindowShape:
        """How long its windows are."""
        return WindowShape(self.network.past, self.network.future, self.gap)


class _Windows(NamedTuple):
    """Some windows: (B,) which they are, whether they are read backwards, and their scores."""

    chosen: NDArray[np.intp]
    backwards: NDArray[np.bool_]
    scores: NDArray[np.float64]


def forecast_scores(
    curves: Sequence[MassCurve], forecaster: Forecaster, device: torch.device | str = "cpu"
) -> tuple[CellScore, ...]:
    """Score each cell by the largest error of its forecasts, in the order of the curves.

    It is the root mean squared error in pg as in the paper, or of logarithms if the forecaster has
    learned those. If it has learned both ways, the larger of both counts.
    """
    return tuple(score for score, _ in judged_cells(curves, forecaster, device))


def judged_cells(
    curves: Sequence[MassCurve], forecaster: Forecaster, device: torch.device | str = "cpu"
) -> list[tuple[CellScore, CellForecast | None]]:
    """Score of each cell, and the forecast that decides; None where the cell is not assessed."""
    shape = forecaster.shape
    windows = windows_of(curves, shape, max(1, shape.future // STRIDES))
    with one_thread(), torch.inference_mode():
        worst = _worst_windows(forecaster.network, windows, device)
        forecasts, errors_pg, levels = _told(forecaster.network, windows, worst, device)
    begins = np.cumsum([0, *(len(curve.mass_pg) for curve in curves)])
    judged = [(_without_window(curve, shape), None) for curve in curves]
    told: list[tuple[CellScore, CellForecast | None]] = list(judged)
    for row, window in enumerate(worst.chosen):
        index = int(windows.curves[window])
        curve, backwards = curves[index], bool(worst.backwards[row])
        offset = int(windows.starts[window] - begins[index])
        first = curve.first + offset + (0 if backwards else shape.past)
        band = np.vstack([np.zeros(shape.future), forecaster.band[int(backwards)] * levels[row]])
        sides = forecasts[row] + band
        in_time = np.maximum(sides[:, ::-1] if backwards else sides, 0)
        rmse_pg = float(errors_pg[row])
        score = float(worst.scores[row]) if forecaster.network.logarithm else rmse_pg
        told[index] = (
            CellScore(curve.track_id, True, score, rmse_pg, first, first + shape.future - 1),
            CellForecast(np.arange(first, first + shape.future), *in_time),
        )
    return told


def _worst_windows(network: MassForecast, windows: Windows, device: torch.device | str) -> _Windows:
    """The window of each curve that is furthest from its forecast, for curves that have one."""
    ways = []
    for backwards in (False, True) if network.both_ways else (False,):
        chosen = np.flatnonzero(windows.complete(backwards))
        errors = [
            window_errors(network, windows, part, backwards, device).cpu().double().numpy()
            for part in _parts(chosen)
        ]
        ways.append(_Windows(chosen, np.full(len(chosen), backwards), np.concatenate(errors)))
    every = _Windows(*map(np.concatenate, zip(*ways, strict=True)))
    order = np.lexsort((every.scores, windows.curves[every.chosen]))
    is_worst = np.diff(windows.curves[every.chosen[order]], append=-1) != 0
    return _Windows(*(column[order[is_worst]] for column in every))


def _told(
    network: MassForecast, windows: Windows, worst: _Windows, device: torch.device | str
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Forecasts (B, F), their errors (B,) and the levels (B,) of windows, all in pg."""
    forecasts = np.empty((len(worst.chosen), windows.shape.future))
    errors, levels = np.empty(len(worst.chosen)), np.empty(len(worst.chosen))
    for backwards in (False, True):
        for rows in _parts(np.flatnonzero(worst.backwards == backwards)):
            if not len(rows):
                continue
            past, future, seen = windows.cut(worst.chosen[rows], backwards)
            told = network(torch.from_numpy(past).to(device), backwards)
            forecasts[rows] = told.cpu().numpy()
            squares = np.where(seen, (forecasts[rows] - future) ** 2, 0)
            errors[rows] = np.sqrt(squares.sum(axis=1) / np.maximum(seen.sum(axis=1), 1))
            levels[rows] = past.mean(axis=1)
    return forecasts, errors, levels


def _parts(chosen: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """So many at once that memory does not grow with the number of cells; at least one part."""
    return np.split(chosen, range(AT_ONCE, len(chosen), AT_ONCE))


def _without_window(curve: MassCurve, shape: WindowShape) -> CellScore:
    """Why a curve without a complete window is not assessed."""
    if len(curve.mass_pg) < shape.frames:
        return too_short(curve, shape.frames)
    return not_assessed(curve, f"gaps leave no window of {shape}")
