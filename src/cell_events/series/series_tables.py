"""Series read from tables, whole or piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.series.labelled_series import Series, SeriesError, check_ascending
from cell_events.series.series_columns import (
    AUTO,
    SeriesColumns,
    number_columns,
    numbers_of,
    plain_names,
    series_columns,
    times_of,
)
from cell_events.series.series_rows import csv_rows, line_count
from cell_events.track_files import read_any_tracks
from cell_events.track_trackmate_csv import is_trackmate_csv
from cell_events.tracks import TracksError

ROWS_AT_ONCE = 200_000
FIRST_ROWS = 1000
ANY_PIXEL_UM = 1.0
"""Files of TrackMate need the width of a pixel for places, which series do without."""

TABLE_SUFFIXES = (".csv", ".tsv")


@dataclass(frozen=True)
class SeriesTable:
    """A table of series, and which of its columns to read.

    Attributes
    ----------
    source
        CSV, track file, or a table in memory.
    series
        Column that names the series; "auto" looks for one, None: the table is one series.
    time
        Column of times; "auto" looks for one.
    channels
        Columns of values; none: those that `series_columns` takes.
    """

    source: Path | pd.DataFrame = field(repr=False)
    series: str | None = AUTO
    time: str = AUTO
    channels: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the series where a table is one."""
        return self.source.stem if isinstance(self.source, Path) else "series"

    def columns(self) -> SeriesColumns:
        """Find the columns."""
        try:
            rows = next(iter(self._rows(FIRST_ROWS)))
            return series_columns(rows, self.series, self.time, self.channels)
        except SeriesError as error:
            raise self._named(error) from None

    def numbers(self) -> list[str]:
        """Names of all columns that hold numbers, whatever they mean."""
        return number_columns(next(iter(self._rows(FIRST_ROWS))))

    def row_count(self) -> int:
        """Rows of the table, about: lines of a CSV."""
        if isinstance(self.source, pd.DataFrame):
            return len(self.source)
        return line_count(self.source) - 1

    def parts(self, rows_at_once: int = ROWS_AT_ONCE) -> Iterator[Series]:
        """Read piece by piece; parts of one name continue each other.

        Raises
        ------
        SeriesError
            If the file cannot be read, columns are missing, or hold what they should not.
        """
        columns = self.columns()
        last: dict[str, float] = {}
        measured: set[str] = set()
        for rows in self._rows(rows_at_once):
            try:
                yield from self._parts(rows, columns, last, measured)
            except SeriesError as error:
                raise self._named(error) from None
        empty = set(columns.channels) - measured
        if not last or empty == set(columns.channels):
            what = "no value in " + ", ".join(columns.channels) if last else "no rows"
            raise self._named(SeriesError(f"The table has {what}; there is nothing to look at."))

    def _parts(
        self, rows: pd.DataFrame, columns: SeriesColumns, last: dict[str, float], seen: set[str]
    ) -> Iterator[Series]:
        """Series of some rows, each after what came before."""
        times = times_of(rows[columns.time], columns.dates)
        values = np.stack([numbers_of(rows[one]) for one in columns.channels]).astype(np.float32)
        seen.update(
            one for one, row in zip(columns.channels, values, strict=True) if np.isfinite(row).any()
        )
        for name, places in self._places(rows, columns.series):
            check_ascending(name, times[places], last.get(name, -np.inf))
            last[name] = float(times[places][-1])
            yield Series(name, times[places], values[:, places], columns.channels, columns.dates)

    def _places(
        self, rows: pd.DataFrame, column: str | None
    ) -> Iterator[tuple[str, NDArray[np.intp] | slice]]:
        """Name of each series, and its rows."""
        if column is None:
            yield self.name, slice(None)
            return
        numbers, found = pd.factorize(rows[column])
        if (numbers < 0).any():
            raise SeriesError(f"A row has no name of a series in {column!r}; give each row one.")
        names = plain_names(pd.Series(found))
        order = np.argsort(numbers, kind="stable")
        ends = np.cumsum(np.bincount(numbers, minlength=len(names)))
        for name, begin, end in zip(names, [0, *ends[:-1]], ends, strict=True):
            yield name, order[begin:end]

    def _rows(self, at_once: int) -> Iterator[pd.DataFrame]:
        """Rows of the table, so many at a time."""
        if isinstance(self.source, pd.DataFrame):
            yield self.source
            return
        if self.source.suffix.lower() not in TABLE_SUFFIXES or is_trackmate_csv(self.source):
            try:
                yield read_any_tracks(self.source, ANY_PIXEL_UM)
            except TracksError as error:
                raise SeriesError(str(error)) from error
            return
        yield from csv_rows(self.source, self.series, at_once)

    def _named(self, error: SeriesError) -> SeriesError:
        """Say which file an error is about."""
        about = str(self.source) if isinstance(self.source, Path) else ""
        said = str(error)
        return error if not about or said.startswith(about) else SeriesError(f"{about}: {said}")


def read_series(
    source: str | Path | pd.DataFrame,
    series: str | None = AUTO,
    time: str = AUTO,
    channels: Sequence[str] | None = None,
) -> tuple[Series, ...]:
    """Read all series of a table, in order of first appearance.

    Parameters
    ----------
    source
        CSV, track file, or a table in memory.
    series
        Column that names the series; "auto" looks for one, None: the table is one series.
    time
        Column of times, numbers or dates; "auto" looks for one.
    channels
        Columns of values; None: those that `series_columns` takes.

    Raises
    ------
    SeriesError
        If the file cannot be read, columns are missing, or hold what they should not.
    """
    source = Path(source) if isinstance(source, str) else source
    table = SeriesTable(source, series, time, tuple(channels or ()))
    parts: dict[str, list[Series]] = {}
    for part in table.parts():
        parts.setdefault(part.name, []).append(part)
    return tuple(joined_series(some) for some in parts.values())


def joined_series(parts: Sequence[Series]) -> Series:
    """One series of parts that continue each other."""
    first = parts[0]
    if len(parts) == 1:
        return first
    times = np.concatenate([part.times for part in parts])
    values = np.concatenate([part.values for part in parts], axis=1)
    return Series(first.name, times, values, first.channels, first.dates)
