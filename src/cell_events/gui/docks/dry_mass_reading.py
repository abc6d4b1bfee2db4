"""Reads tracks and flags for the dock 'Dry mass'; called in a thread, since both may be long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from napari.layers import Tracks

from cell_events.dry_mass.cell_table import CellTable, cell_table
from cell_events.dry_mass.flags import CellFlag, read_flags
from cell_events.dry_mass.forecast_table import CellForecast, read_forecasts
from cell_events.gui.layers.cell_tracks_layer import tracks_layer
from cell_events.gui.layers.layer_axes import Placement
from cell_events.jobs.anomalies_curves import frame_interval_s, read_curves
from cell_events.jobs.label_movie import open_labels
from cell_events.movie import Movie

FORECASTS, REPORT_JSON = "forecasts.csv", "report.json"


@dataclass(frozen=True)
class Wanted:
    """Files to read.

    Attributes
    ----------
    column
        Column of the masses in the tracks.
    cells
        Movie of labels whose values are the tracks.
    flags, report
        CSV of flags, and the folder beside it.
    """

    tracks: Path
    column: str
    cells: Path | None
    flags: Path | None
    report: Path | None


@dataclass(frozen=True, eq=False)
class Loaded:
    """What was read: cells, and the flags if there are any."""

    wanted: Wanted
    where: Placement
    table: CellTable
    layer: Tracks
    cells: Movie | None
    flags: tuple[CellFlag, ...]
    forecasts: Mapping[int, CellForecast]
    report: Mapping[str, Any]


def loaded(wanted: Wanted, where: Placement, name: str, before: Loaded | None) -> Loaded:
    """Read what is wanted; cells that are read already are not read again.

    Raises
    ------
    ValueError
        If a file cannot be read; the message is one sentence.
    """
    same = before is not None and _cells(before.wanted) == _cells(wanted)
    if before is not None and same and before.where.same(where):
        table, layer, cells = before.table, before.layer, before.cells
    else:
        table = before.table if before is not None and same else _table(wanted, where.pixel_size_um)
        layer = tracks_layer(table, where, name)
        cells = open_labels(wanted.cells) if wanted.cells is not None else None
    flags = tuple(read_flags(wanted.flags)) if wanted.flags is not None else ()
    forecasts = wanted.report / FORECASTS if wanted.report is not None else None
    return Loaded(
        wanted,
        where,
        table,
        layer,
        cells,
        flags,
        read_forecasts(forecasts) if forecasts is not None and forecasts.exists() else {},
        _report(wanted.report),
    )


def _cells(wanted: Wanted) -> tuple[object, ...]:
    return wanted.tracks, wanted.column, wanted.cells


def _table(wanted: Wanted, pixel_size_um: float | None) -> CellTable:
    tracks, curves = read_curves(wanted.tracks, wanted.column, pixel_size_um)
    return cell_table(tracks, curves, wanted.column, frame_interval_s(tracks))


def _report(folder: Path | None) -> Mapping[str, Any]:
    """What the report says; nothing if it is not there, or damaged."""
    try:
        values = json.loads((folder / REPORT_JSON).read_text("utf-8")) if folder else {}
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
