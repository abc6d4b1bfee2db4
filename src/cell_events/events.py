"""What happened, when, where, and how surely: `Event`, and the CSV that holds a list of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path

from cell_events.csv_columns import PlainTable, csv_lines, number_cells, word_cells
from cell_events.event import (
    COLUMNS,
    KNOWN_COLUMNS,
    NUMBERS,
    REQUIRED_COLUMNS,
    SCALED_COLUMNS,
    STATUSES,
    Event,
    EventsError,
)
from cell_events.whole_files import write_whole

__all__ = [
    "COLUMNS",
    "REQUIRED_COLUMNS",
    "SCALED_COLUMNS",
    "STATUSES",
    "Event",
    "EventsError",
    "by_time",
    "read_events",
    "write_events",
]

_LONG_TEXT = 100_000  # characters; shorter files are read before pandas is imported
_ROWS_AT_ONCE = 4096  # few enough for the memory of one part to serve the next
_DEFAULT = Event(0, 0.0, 0.0)


def write_events(
    path: str | Path,
    events: Iterable[Event],
    pixel_size_um: float | None = None,
    frame_interval_s: float | None = None,
) -> None:
    """Write events to a CSV, whole or not at all.

    The columns are `COLUMNS`, then `t_s` where the frame interval is known, `y_um` and `x_um`
    where the pixel size is known, then every extra column in order of first appearance. Numbers
    are written in full, so that `read_events` returns equal events; line breaks become line
    feeds.
    """
    listed = list(events)
    known = {"t_s": frame_interval_s, "y_um": pixel_size_um, "x_um": pixel_size_um}
    scales = {name: scale for name, scale in known.items() if scale is not None}
    extra = list(dict.fromkeys(name for event in listed for name in event.extra))
    parts = [",".join(word_cells([*COLUMNS, *scales, *extra])) + "\n"]
    for first in range(0, len(listed), _ROWS_AT_ONCE):
        part = listed[first : first + _ROWS_AT_ONCE]
        parts.append(csv_lines(_columns_of_cells(part, scales, extra)))
    try:
        write_whole(Path(path), "".join(parts))
    except OSError as error:
        raise EventsError(f"{path} cannot be written: {error.strerror}.") from error


def read_events(path: str | Path) -> list[Event]:
    """Read the events of a CSV, in the order of the file.

    The columns `t,y,x` are required; every other one may be missing. Missing columns and empty
    cells take the defaults of `Event`. `t_s,y_um,x_um` are derived from the scale and therefore
    ignored; unknown columns become `Event.extra`.

    Raises
    ------
    EventsError
        If the file is missing, is not a CSV with these columns, or holds an impossible value; the
        sentence names the line and the column.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise EventsError(f"{path} does not exist; give the CSV of events to read.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise EventsError(f"{path} cannot be read as a CSV in UTF-8: {error}.") from error
    if len(text) > _LONG_TEXT:
        try:
            return _events_of_columns(PlainTable(text, NUMBERS))
        except (TypeError, ValueError):  # it is not plain, or somebody must be told what is wrong
            pass
    return _events_of_rows(path, text)


def by_time(events: Iterable[Event]) -> list[Event]:
    """Events ordered by t, then y, then x."""
    return sorted(events, key=attrgetter("t", "y", "x"))


def _columns_of_cells(
    events: list[Event], scales: Mapping[str, float], extra: Iterable[str]
) -> dict[str, list[str]]:
    values = {name: [getattr(event, name) for event in events] for name in COLUMNS}
    columns = {
        name: number_cells(column) if name in NUMBERS else word_cells(column)
        for name, column in values.items()
    }
    for name, scale in scales.items():
        columns[name] = number_cells([value * scale for value in values[name[0]]])
    for name in extra:
        columns[name] = word_cells(event.extra.get(name, "") for event in events)
    return columns


def _events_of_columns(table: PlainTable) -> list[Event]:
    """Events as `_events_of_rows` gives them, or an error that does not say where."""
    t, y, x, score, probability = map(table.numbers, NUMBERS)
    kind, status, source = (
        table.words(name, getattr(_DEFAULT, name)) for name in ("kind", "status", "source")
    )
    names = [name for name in table.names if name not in KNOWN_COLUMNS]
    rows = list(zip(*map(table.cells, names), strict=True)) if names else [()] * len(table)
    extra_of = {row: dict(zip(names, row, strict=True)) for row in set(rows)}
    extra = [extra_of[row] for row in rows]  # most are the same, and events never change them
    return list(map(Event, t, y, x, kind, score, probability, status, source, extra))


def _events_of_rows(path: Path, text: str) -> list[Event]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _checked_header(path, [name.strip() for name in next(reader, [])])
        return list(_parsed_rows(path, header, reader))
    except csv.Error as error:
        raise EventsError(f"{path}, line {reader.line_num}: not a CSV: {error}.") from error


def _checked_header(path: Path, header: list[str]) -> list[str]:
    missing = [name for name in REQUIRED_COLUMNS if name not in header]
    if missing:
        hint = " (separate them by commas, not semicolons)" if ";" in "".join(header) else ""
        raise EventsError(
            f"{path}, line 1: the column {missing[0]!r} is missing; found "
            f"{', '.join(header) or 'an empty line'}; expected at least t,y,x{hint}."
        )
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise EventsError(
            f"{path}, line 1: the column {twice[0]!r} stands there twice; rename one."
        )
    return header


def _parsed_rows(path: Path, header: list[str], reader: Iterator[list[str]]) -> Iterator[Event]:
    line = 1
    for cells in reader:
        line = getattr(reader, "line_num", line + 1)
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise EventsError(
                f"{path}, line {line}: found {len(cells)} values, expected {len(header)}, "
                "one for each column of the header."
            )
        yield _parsed_event(f"{path}, line {line}", dict(zip(header, cells, strict=True)))


def _parsed_event(where: str, row: dict[str, str]) -> Event:
    numbers = {name: _number(where, name, row) for name in NUMBERS}
    absent = [name for name in REQUIRED_COLUMNS if numbers[name] is None]
    if absent:
        raise EventsError(f"{where}, column {absent[0]}: empty; expected a number.")
    words = {name: row.get(name, "").strip() for name in ("kind", "status", "source")}
    given = {name: word for name, word in words.items() if word}
    extra = {name: cell for name, cell in row.items() if name not in KNOWN_COLUMNS}
    try:
        return Event(**numbers, **given, extra=extra)  # type: ignore[arg-type]
    except EventsError as error:
        raise EventsError(f"{where}: {error}") from None


def _number(where: str, name: str, row: dict[str, str]) -> float | int | None:
    text = row.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise EventsError(f"{where}, column {name}: {text!r} is not a number.") from None
    return int(value) if name == "t" and value.is_integer() else value
