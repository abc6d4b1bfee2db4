"""Rows of a CSV of series, so many at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cell_events.series.labelled_series import SeriesError
from cell_events.series.series_columns import AUTO, NAMES

BLOCK = 1 << 20


def csv_rows(path: Path, series: str | None, at_once: int) -> Iterator[pd.DataFrame]:
    """Rows of a CSV, so many at a time; names of series stay texts.

    Raises
    ------
    SeriesError
        If it cannot be read as a CSV.
    """
    names = NAMES if series == AUTO else (series,)
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    options = {"encoding": "utf-8-sig", "skipinitialspace": True, "sep": separator}
    try:
        columns = pd.read_csv(path, nrows=0, **options).columns  # type: ignore[call-overload]
        texts = {column: str for column in columns if str(column) in names}
        with pd.read_csv(path, dtype=texts, chunksize=at_once, **options) as chunks:  # type: ignore[call-overload]
            yield from chunks
    except FileNotFoundError:
        raise SeriesError(f"{path} does not exist; give a table of series to read.") from None
    except SeriesError:
        raise
    except (OSError, ValueError) as error:  # pandas' own errors are ValueErrors
        sentence = " ".join(str(error).split()).rstrip(".")
        raise SeriesError(f"{path} cannot be read as a CSV in UTF-8: {sentence}.") from error


def line_count(path: Path) -> int:
    """Lines of a file; 1 if it cannot be read, which reading it will say better."""
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    except OSError:
        return 1
