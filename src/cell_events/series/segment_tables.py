"""CSV of labelled or found stretches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cell_events.csv_columns import word_cells
from cell_events.series.labelled_series import NORMAL, Segment, SeriesError
from cell_events.series.series_columns import numbers_of, plain_names, times_of
from cell_events.whole_files import write_whole

COLUMNS = ("series", "kind", "start", "end", "probability", "score")
NEEDED = ("kind", "start", "end")


def read_segments(path: str | Path) -> tuple[Segment, ...]:
    """Read stretches from a CSV with the columns series, kind, start and end.

    Start and end are numbers or dates, as in the table of the series. Without the column series,
    stretches are of the series "". A stretch of the kind "normal" may be without start and end: it
    says that there is nothing in the whole series. Columns of other names are kept in `extra`.

    Raises
    ------
    SeriesError
        If the file cannot be read, columns are missing, or hold what they should not.
    """
    path = Path(path)
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", skipinitialspace=True, dtype=str)
    except FileNotFoundError:
        raise SeriesError(f"{path} does not exist; give a CSV of stretches to read.") from None
    except (OSError, ValueError) as error:
        sentence = " ".join(str(error).split()).rstrip(".")
        raise SeriesError(f"{path} cannot be read as a CSV in UTF-8: {sentence}.") from error
    try:
        return tuple(_segments(table))
    except SeriesError as error:
        raise SeriesError(f"{path}: {error}") from None


def write_segments(path: str | Path, segments: Iterable[Segment], dates: bool = False) -> None:
    """Write stretches to a CSV, whole or not at all.

    Parameters
    ----------
    dates
        Write start and end, seconds since 1970, as dates.
    """
    try:
        write_whole(Path(path), segments_text(segments, dates))
    except OSError as error:
        raise SeriesError(f"{path} cannot be written: {error.strerror}.") from error


def segments_text(segments: Iterable[Segment], dates: bool = False) -> str:
    """Stretches as the text of a CSV."""
    listed = list(segments)
    further = list(dict.fromkeys(name for segment in listed for name in segment.extra))
    lines = [",".join(word_cells([*COLUMNS, *further]))]
    for one in listed:
        times = (_time(one.start, dates), _time(one.end, dates))
        scores = (_number(one.probability), _number(one.score))
        rest = [one.extra.get(name, "") for name in further]
        lines.append(",".join(word_cells([one.series, one.kind, *times, *scores, *rest])))
    return "\n".join(lines) + "\n"


def _segments(table: pd.DataFrame) -> Iterator[Segment]:
    missing = [name for name in NEEDED if name not in table]
    if missing:
        raise SeriesError(
            f"The column {missing[0]!r} is missing; found {', '.join(map(str, table.columns))}; "
            "expected series, kind, start and end."
        )
    kinds = table["kind"].fillna("").str.strip()
    if (kinds == "").any():
        raise SeriesError(
            f"A stretch has no kind; name what is abnormal, or write {NORMAL} where nothing is."
        )
    names = _names(table)
    bounds = [_bounds(table, name, kinds == NORMAL) for name in ("start", "end")]
    scores = [
        numbers_of(table[name]).tolist() if name in table else [math.nan] * len(table)
        for name in ("probability", "score")
    ]
    extra = _extra(table)
    for row in zip(names, kinds.tolist(), *bounds, *scores, extra, strict=True):
        yield Segment(*row)


def _names(table: pd.DataFrame) -> list[str]:
    if "series" not in table:
        return [""] * len(table)
    return plain_names(table["series"].fillna("")).tolist()


def _bounds(table: pd.DataFrame, name: str, may_be_empty: pd.Series) -> list[float]:
    """Starts or ends; where a normal series has none, before or after everything."""
    column = table[name]
    numbers = pd.to_numeric(column, errors="coerce")
    dates = bool((numbers.isna() & column.notna()).any())
    times = times_of(column, dates)
    empty = ~np.isfinite(times)
    if (empty & ~may_be_empty.to_numpy()).any():
        raise SeriesError(f"A stretch has no {name}; give each a start and an end.")
    bound = -math.inf if name == "start" else math.inf
    return np.where(empty, bound, times).tolist()  # type: ignore[no-any-return]


def _extra(table: pd.DataFrame) -> list[dict[str, str]]:
    further = [name for name in table.columns if name not in COLUMNS]
    rows: Any = table[further].fillna("").astype(str).to_dict("records")
    return list(rows)


def _time(seconds: float, dates: bool) -> str:
    if not math.isfinite(seconds):
        return ""
    if not dates:
        return _number(seconds)
    return pd.Timestamp(seconds, unit="s").round("us").isoformat(sep=" ")


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{float(value):.10g}" if value % 1 else str(int(value))
