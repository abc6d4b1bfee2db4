"""Training the forecaster on curves without labels (section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.dry_mass.curve_checks import CurvesError
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.forecast_task import ForecastTask, some_windows, ways_of, window_errors
from cell_events.dry_mass.network import MassForecast
from cell_events.dry_mass.train_settings import ForecastSettings
from cell_events.dry_mass.windows import Windows, fitting_shape
from cell_events.engine.model_file import network_digest
from cell_events.engine.seeds import numpy_generator
from cell_events.engine.training import TrainReport, train

FEWEST = 10
"""Curves that hold a window, below which there is nothing to learn from."""

OUTSIDE = 0.025
"""Share of the errors below, and above, the band of a forecast."""


@dataclass(frozen=True)
class TrainedForecaster:
    """The end of a training run.

    Attributes
    ----------
    band
        (W, 2, F): lowest and highest error that is usual, for each way and frame of the future, as
        a share of the level of a window.
    curves, windows
        How many were learned from.
    validation, test
        Error in pg on cells that were not learned from, ``rmse_pg``, beside that of the simplest
        forecast, that nothing changes: ``persistence_rmse_pg``. Empty if there were none.
    """

    network: MassForecast
    settings: ForecastSettings
    band: NDArray[np.float64]
    curves: int
    windows: int
    validation: dict[str, float]
    test: dict[str, float]


def train_forecaster(
    curves: Sequence[MassCurve],
    settings: ForecastSettings,
    device: torch.device | str = "cpu",
    checkpoint: str | Path | None = None,
) -> Iterator[TrainReport | TrainedForecaster]:
    """Learn to forecast; yields a report after each step, at last the forecaster.

    Curves are split into parts by cell first; only then windows are cut, so that no part of a cell
    that is validated or tested on has been learned from.

    Parameters
    ----------
    checkpoint
        File that keeps the state of the run, which goes on from it bit by bit.

    Raises
    ------
    CurvesError
        If fewer than 10 curves hold a window.
    """
    long_enough = [curve for curve in curves if len(curve.mass_pg) >= settings.shape.frames]
    if len(long_enough) < FEWEST:
        raise CurvesError(_too_few(curves, len(long_enough), settings))
    learned, validated, tested = split_by_cell(long_enough, settings)
    if not all(len(some_windows(learned, settings, way)) for way in ways_of(settings)):
        raise CurvesError(
            f"Gaps leave no window of {settings.shape} to learn from; allow a longer "
            "gap, or choose a shorter past."
        )
    task = ForecastTask(learned, validated, settings, device)
    run = {
        **asdict(settings),
        "learns from": _digest(long_enough),
        "start": network_digest(task.network),
    }
    yield from train(task, settings.training(), checkpoint, run)
    yield TrainedForecaster(
        task.network,
        settings,
        np.stack([_band(task, (validated, learned), way) for way in task.ways]),
        len(learned),
        len(task.learned[False]),
        judged(task.network, task.held, task.device),
        judged(task.network, some_windows(tested, settings), task.device),
    )


def split_by_cell(
    curves: Sequence[MassCurve], settings: ForecastSettings
) -> tuple[list[MassCurve], list[MassCurve], list[MassCurve]]:
    """Curves to learn from, to validate on and to test on, drawn at random."""
    order = numpy_generator(settings.seed, 0, "split").permutation(len(curves))
    n_validated, n_tested = (
        int(share * len(curves)) for share in (settings.validation, settings.test)
    )
    parts = np.split(order, [n_validated, n_validated + n_tested])
    validated, tested, learned = ([curves[index] for index in sorted(part)] for part in parts)
    return learned, validated, tested


@torch.no_grad()
def judged(
    network: MassForecast, windows: Windows, device: torch.device | str = "cpu"
) -> dict[str, float]:
    """Mean error in pg of the forecast, and of one by which nothing changes; empty without any."""
    if not len(windows):
        return {}
    every = np.arange(len(windows))
    errors = window_errors(network, windows, every, False, device, in_pg=True)
    past, future, seen = windows.cut(every)
    squares = np.where(seen, (future - past[:, -1:]) ** 2, 0)
    unchanged = np.sqrt(squares.sum(axis=1) / seen.sum(axis=1))
    return {"rmse_pg": float(errors.mean()), "persistence_rmse_pg": float(unchanged.mean())}


@torch.no_grad()
def _band(
    task: ForecastTask, parts: Sequence[Sequence[MassCurve]], backwards: bool
) -> NDArray[np.float64]:
    """Errors (2, F) that most windows stay between, in the first part of the curves with any."""
    found = (some_windows(curves, task.settings, backwards) for curves in parts)
    windows = next(windows for windows in found if len(windows))
    past, future, seen = windows.cut(slice(None), backwards)
    told = task.network(torch.from_numpy(past).to(task.device), backwards)
    forecast = told.cpu().numpy()
    level = np.maximum(past.mean(axis=1, keepdims=True), 1e-6)
    errors = np.where(seen, (future - forecast) / level, np.nan)
    band: NDArray[np.float64] = np.nanquantile(errors, [OUTSIDE, 1 - OUTSIDE], axis=0)
    return np.nan_to_num(band)


def _too_few(curves: Sequence[MassCurve], n_long: int, settings: ForecastSettings) -> str:
    median = int(np.median([len(curve.mass_pg) for curve in curves])) if curves else 0
    shape = fitting_shape(curves, settings.gap) if curves else settings.shape
    return (
        f"{n_long} of {len(curves)} curves are as long as a window of {settings.shape}, and at "
        f"least {FEWEST} are needed; the median length is {median}: try a past of {shape.past} and "
        f"a future of {shape.future}, or a past of auto."
    )


def _digest(curves: Sequence[MassCurve]) -> str:
    """What is learned from, by which a checkpoint knows its run."""
    digest = hashlib.blake2b(digest_size=16)
    for curve in curves:
        digest.update(f"{curve.track_id}|{curve.first}|".encode() + curve.mass_pg.tobytes())
    return digest.hexdigest()
