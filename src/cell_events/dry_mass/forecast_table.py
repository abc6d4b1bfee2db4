"""Forecasts of single cells, as `anomalies detect` writes them to `forecasts.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.whole_files import write_whole

COLUMNS = ("track_id", "t", "forecast_pg", "low_pg", "high_pg")


class ForecastTableError(ValueError):
    """Forecasts that cannot be read or written; the message is one sentence for the user."""


@dataclass(frozen=True, eq=False)
class CellForecast:
    """What was expected of one cell: mass and band in pg, one value for each frame."""

    frames: NDArray[np.int64]
    mass_pg: NDArray[np.float64]
    low_pg: NDArray[np.float64]
    high_pg: NDArray[np.float64]


def read_forecasts(path: str | Path) -> dict[int, CellForecast]:
    """Read `forecasts.csv`; the forecasts of each cell, by its track.

    Raises
    ------
    ForecastTableError
        If the file cannot be read, or a column is missing.
    """
    try:
        table = pd.read_csv(path, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ForecastTableError(
            f"{path} cannot be read as a CSV: {' '.join(str(error).split())}."
        ) from error
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise ForecastTableError(
            f"{path}: the column {missing[0]!r} is missing; expected {','.join(COLUMNS)}, as "
            "anomalies detect writes them."
        )
    table = table.sort_values(["track_id", "t"], kind="stable")
    ends = np.flatnonzero(np.diff(table["track_id"])) + 1
    frames = np.split(table["t"].to_numpy(np.int64), ends)
    masses = [np.split(table[name].to_numpy(np.float64), ends) for name in COLUMNS[2:]]
    tracks = table["track_id"].to_numpy(int)[np.append(0, ends)] if len(table) else ()
    return {
        int(track_id): CellForecast(frames[i], *(columns[i] for columns in masses))
        for i, track_id in enumerate(tracks)
    }


def write_forecasts(path: str | Path, forecasts: Mapping[int, CellForecast]) -> None:
    """Write `forecasts.csv`, whole or not at all; masses keep six digits.

    Raises
    ------
    ForecastTableError
        If the file cannot be written.
    """
    lengths = [len(forecast.frames) for forecast in forecasts.values()]
    columns = [
        np.concatenate([getattr(forecast, name) for forecast in forecasts.values()])
        for name in ("frames", "mass_pg", "low_pg", "high_pg")
    ]
    values = [np.repeat(list(forecasts), lengths), *columns]
    table = pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    try:
        write_whole(Path(path), text)
    except OSError as error:
        raise ForecastTableError(f"{path} cannot be written: {error.strerror}.") from error
