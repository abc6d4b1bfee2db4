"""Which cells are flagged: one row of `flags.csv` for each cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from math import isnan, nan
from pathlib import Path
from typing import Any

from cell_events.csv_columns import csv_lines, number_cells, word_cells
from cell_events.whole_files import write_whole

FLAGGED, NORMAL, NOT_ASSESSED = FLAGS = ("flagged", "normal", "not assessed")
UNEXPECTED = "unexpected mass"
"""Reason of a flagged cell of which nothing else is known."""

EXPERT_CATEGORIES = ("CA", "MA", "CMA", "PA")
"""What an expert may answer about a cell; see the paper, table 1."""


class FlagsError(ValueError):
    """Flags that cannot be read or written; the message is one sentence for the user."""


@dataclass(frozen=True)
class CellFlag:
    """What is known of one cell after detection.

    Attributes
    ----------
    track_id
        Track of the cell.
    flag
        "flagged", "normal" or "not assessed".
    score, threshold
        Cells with a larger score than the threshold are flagged; NaN if not assessed.
    rmse_pg
        Error of the forecast in pg; NaN without a forecast.
    reason, cause
        What it looks like, and whether that is "cellular" or of the "measurement", also for a
        normal cell that a lower threshold would flag; why it was not assessed.
    first, last
        Frames of the stretch that decides.
    t, y, x
        Where the cell is in the middle of that stretch, in frames and pixels.
    n_frames
        In how many frames it was measured.
    category
        The expert's answer: "CA", "MA", "CMA", "PA", or "" if there is none yet.
    """

    track_id: int
    flag: str
    score: float = nan
    threshold: float = nan
    rmse_pg: float = nan
    reason: str = ""
    cause: str = ""
    first: int = 0
    last: int = 0
    t: int = 0
    y: float = 0.0
    x: float = 0.0
    n_frames: int = 0
    category: str = ""

    def __post_init__(self) -> None:
        if self.flag not in FLAGS:
            raise FlagsError(f"flag must be one of {', '.join(FLAGS)}; got {self.flag!r}.")
        if self.category and self.category not in EXPERT_CATEGORIES:
            raise FlagsError(
                f"category must be empty or one of {', '.join(EXPERT_CATEGORIES)}; got "
                f"{self.category!r}."
            )


COLUMNS = tuple(field.name for field in fields(CellFlag))
WHOLE = ("track_id", "first", "last", "t", "n_frames")
DECIMAL = ("score", "threshold", "rmse_pg", "y", "x")


def write_flags(path: str | Path, flags: Iterable[CellFlag]) -> None:
    """Write flags to a CSV, whole or not at all; what is NaN becomes an empty cell.

    Raises
    ------
    FlagsError
        If the file cannot be written.
    """
    listed = list(flags)
    columns = {name: _cells(name, [getattr(flag, name) for flag in listed]) for name in COLUMNS}
    try:
        write_whole(Path(path), ",".join(COLUMNS) + "\n" + csv_lines(columns))
    except OSError as error:
        raise FlagsError(f"{path} cannot be written: {error.strerror}.") from error


def read_flags(path: str | Path) -> list[CellFlag]:
    """Read what `write_flags` wrote, in the order of the file; other columns are ignored.

    Raises
    ------
    FlagsError
        If the file is missing, is no CSV of flags, or holds an impossible value.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FlagsError(f"{path} does not exist; give the CSV of flags to read.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FlagsError(f"{path} cannot be read as a CSV in UTF-8: {error}.") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in ("track_id", "flag") if name not in (rows.fieldnames or ())]
    if missing:
        found = ", ".join(rows.fieldnames or ()) or "an empty line"
        raise FlagsError(
            f"{path}, line 1: the column {missing[0]!r} is missing; found {found}; expected a CSV "
            "that anomalies detect has written."
        )
    return [_parsed(f"{path}, line {number}", row) for number, row in enumerate(rows, 2)]


def _cells(name: str, values: list[Any]) -> list[str]:
    if name in DECIMAL:
        return number_cells([None if isnan(value) else float(value) for value in values])
    return word_cells(values)


def _parsed(where: str, row: dict[str, str | None]) -> CellFlag:
    values: dict[str, Any] = {}
    for name in COLUMNS:
        cell = (row.get(name) or "").strip()
        if cell:
            values[name] = _value(f"{where}, column {name}", name, cell)
    if "track_id" not in values or "flag" not in values:
        raise FlagsError(f"{where}: track_id or flag is empty; expected both in every row.")
    try:
        return CellFlag(**values)
    except FlagsError as error:
        raise FlagsError(f"{where}: {error}") from None


def _value(where: str, name: str, cell: str) -> int | float | str:
    try:
        if name in WHOLE:
            return int(cell)
        return float(cell) if name in DECIMAL else cell
    except ValueError:
        kind = "whole number" if name in WHOLE else "number"
        raise FlagsError(f"{where}: {cell!r} is no {kind}.") from None
