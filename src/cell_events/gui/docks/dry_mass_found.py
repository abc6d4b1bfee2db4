"""Reads found stretches for the dock 'Dry mass'; called in a thread, since they may be many."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from cell_events.dry_mass.cell_table import CellTable
from cell_events.gui.layers.stretch_rows import stretch_rows, stretches_of_cells
from cell_events.gui.running.stretch_state import Painted, by_cell
from cell_events.series.labelled_series import Segment, kinds_of
from cell_events.series.segment_tables import read_segments
from cell_events.series.series_columns import measurement_columns

FIRST_ROWS = 1000


@dataclass(eq=False)
class FoundStretches:
    """Stretches of the cells on screen.

    Attributes
    ----------
    key
        What was read: the CSV, and the cells.
    rows, told
        Rows of the tracks in stretches, and what is told of each cell.
    shown_in
        Layer whose tracks have their colours already.
    """

    key: tuple[Path, CellTable]
    segments: tuple[Segment, ...]
    kinds: tuple[str, ...]
    by_cell: Painted
    rows: pd.DataFrame
    told: pd.DataFrame
    shown_in: Any = field(default=None)

    @property
    def surest_first(self) -> tuple[int, ...]:
        """Cells with stretches, by the surest stretch of each."""
        surest = {cell: max(one.score for one in listed) for cell, listed in self.by_cell.items()}
        return tuple(sorted(surest, key=lambda cell: (-surest[cell], cell)))


def found_stretches(csv: Path, table: CellTable) -> FoundStretches:
    """Read a CSV of stretches, and look where they are.

    Raises
    ------
    SeriesError
        If it cannot be read.
    """
    segments = read_segments(csv)
    return FoundStretches(
        (csv, table),
        segments,
        kinds_of(segments),
        by_cell(segments),
        stretch_rows(table.tracks, segments),
        stretches_of_cells(segments),
    )


def measured_columns(tracks: pd.DataFrame) -> tuple[str, ...]:
    """Columns of a track table that can be looked at as curves."""
    return tuple(measurement_columns(tracks[:FIRST_ROWS]))
