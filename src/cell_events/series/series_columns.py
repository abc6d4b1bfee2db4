"""Which columns of a table name the series, tell the time, and hold values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.series.labelled_series import SeriesError

AUTO = "auto"
NAMES = ("series", "track_id", "lineage", "lineage_id", "cell_id", "id")
TIMES = ("t", "time", "timestamp", "datetime", "date", "frame", "t_s")

NO_MEASUREMENTS = re.compile(
    r"(?:[tzyx]|time|frame|position|centroid|pos)(?:[_ -](?:[tzyxsh0-2]|px|pixels?|um|min))*"
    r"|(?:.*[_ -])?id|index|label|timestamp|datetime|date|series|lineage"
    r"|background|touches_border|n_before|n_after|unnamed: .*"
)
"""Columns that are numbers but measure nothing: names, times, places, and what comes with them."""

PLACES = {"y", "x"}
"""Columns that every table of tracks has."""

MASS = "dry_mass_pg"
"""What is read of a table of tracks that has it, unless something else is asked for."""

TOLD = 3


@dataclass(frozen=True)
class SeriesColumns:
    """Columns of a table of series.

    Attributes
    ----------
    series
        Column that names the series; None: the table is one series.
    time
        Column of times.
    channels
        Columns of values.
    dates
        Whether times are dates.
    """

    series: str | None
    time: str
    channels: tuple[str, ...]
    dates: bool = False


def series_columns(
    rows: pd.DataFrame,
    series: str | None = AUTO,
    time: str = AUTO,
    channels: Sequence[str] | None = None,
) -> SeriesColumns:
    """Find the columns by their names, and by the first rows.

    Parameters
    ----------
    channels
        Columns of values; None: all columns of numbers that measure something. Of a table of
        tracks, which has places, that is `dry_mass_pg` or the only one.

    Raises
    ------
    SeriesError
        If there is no such column, none of numbers, or it is not clear which one is meant.
    """
    columns = [str(name) for name in rows.columns]
    name = _found(columns, NAMES) if series == AUTO else _named(columns, series)
    instant = _found(columns, TIMES) if time == AUTO else _named(columns, time)
    if instant is None:
        raise SeriesError(
            f"There is no column of times ({', '.join(TIMES[:TOLD])}); found {', '.join(columns)}; "
            "name the column of times."
        )
    if channels:
        chosen = [str(_named(columns, channel)) for channel in channels]
    else:
        chosen = _unasked(rows, (name, instant))
    return SeriesColumns(name, instant, tuple(chosen), _are_dates(rows[instant]))


def number_columns(rows: pd.DataFrame) -> list[str]:
    """Columns that hold numbers, whatever they mean."""
    return [str(one) for one in rows.columns if pd.api.types.is_numeric_dtype(rows[one])]


def measurement_columns(rows: pd.DataFrame) -> list[str]:
    """Columns of numbers that measure something: no names, times or places."""
    return [one for one in number_columns(rows) if not NO_MEASUREMENTS.fullmatch(one.lower())]


def _unasked(rows: pd.DataFrame, taken: Sequence[str | None]) -> list[str]:
    """Columns to read where nothing is said: all that measure something.

    Of a table of tracks one alone, since its measurements are too different to be read together
    unasked.
    """
    columns = [str(one) for one in rows.columns]
    chosen = [one for one in measurement_columns(rows) if one not in taken]
    if not chosen:
        raise SeriesError(
            f"No column of numbers is left beside names, times and places; found "
            f"{', '.join(columns)}; name the channels to read."
        )
    if len(chosen) == 1 or not PLACES.issubset(one.lower() for one in columns):
        return chosen
    if MASS in chosen:
        return [MASS]
    raise SeriesError(
        f"This is a table of tracks with several measurements ({', '.join(chosen)}); name the "
        "channels to read."
    )


def plain_names(names: pd.Series) -> pd.Series:
    """Names of series as texts; "3.0", as other programs write the number 3, becomes "3"."""
    return names.astype(str).str.strip().str.replace(r"^(\d+)\.0+$", r"\1", regex=True)


def times_of(column: pd.Series, dates: bool) -> NDArray[np.float64]:
    """Times as numbers; dates as seconds since 1970.

    Raises
    ------
    SeriesError
        If something else stands there.
    """
    if not dates:
        return numbers_of(column, "a number or a date")
    try:
        instants = pd.to_datetime(column, utc=True, format="mixed")
    except (ValueError, TypeError) as error:
        raise SeriesError(
            f"The column {column.name!r} holds what is no date: {' '.join(str(error).split())}"
        ) from error
    return np.asarray((instants - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1), np.float64)


def numbers_of(column: pd.Series, expected: str = "a number, or nothing") -> NDArray[np.float64]:
    """Values as numbers, NaN where nothing was measured.

    Raises
    ------
    SeriesError
        If something else stands there.
    """
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    if not pd.api.types.is_numeric_dtype(column):
        texts = column.astype("string").str.strip().fillna("")
        wrong = np.flatnonzero(np.isnan(numbers) & ~texts.str.lower().isin(["", "nan", "na"]))
        if len(wrong):
            raise SeriesError(
                f"The column {column.name!r} holds {texts.iloc[wrong[0]]!r}; expected {expected}."
            )
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _are_dates(column: pd.Series) -> bool:
    """Whether times are dates rather than numbers."""
    if pd.api.types.is_numeric_dtype(column):
        return False
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    first = column.dropna()[:1]
    return bool(pd.to_numeric(first, errors="coerce").isna().any())


def _found(columns: Sequence[str], known: Sequence[str]) -> str | None:
    """First of the known names that a column has, in capitals or not."""
    by_lower = {column.lower(): column for column in reversed(columns)}
    return next((by_lower[name] for name in known if name in by_lower), None)


def _named(columns: Sequence[str], name: str | None) -> str | None:
    if name is not None and name not in columns:
        raise SeriesError(f"There is no column {name!r}; found {', '.join(columns)}.")
    return name
