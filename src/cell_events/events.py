"""What happened, when, where, and how surely: `Event`, and the CSV that holds a list of them."""

from __future__ import annotations

import csv
import io
import math
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

STATUSES = ("proposed", "accepted", "rejected", "added")
"""What a person made of an event: a detector proposes, a person accepts, rejects or adds."""

COLUMNS = ("t", "y", "x", "kind", "score", "probability", "status", "source")
SCALED_COLUMNS = ("t_s", "y_um", "x_um")
REQUIRED_COLUMNS = ("t", "y", "x")


class EventsError(ValueError):
    """Events that cannot be read or written; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a cell, at one place and time.

    Attributes
    ----------
    t
        Frame index, 0-based: the first frame that shows the outcome. For a division, the first
        frame in which the daughters are separate.
    y, x
        Place in pixels, 0-based, at the centres of pixels; for a division the midpoint between
        the daughters.
    kind
        Class of the event, such as "division" or "death".
    score
        Raw output of the network after softmax; None where no network was asked.
    probability
        Calibrated probability in [0, 1]; None where the model was never calibrated.
    status
        One of `STATUSES`.
    source
        What found it: the name of a model file, a person, or empty.
    extra
        Further columns of the CSV, by name, as text.

    Raises
    ------
    EventsError
        If a value is out of range.
    """

    t: int
    y: float
    x: float
    kind: str = "division"
    score: float | None = None
    probability: float | None = None
    status: str = "proposed"
    source: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for name in ("t", "y", "x", "score", "probability"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                raise EventsError(f"{name} must be a finite number, got {value}.")
        if self.t < 0 or self.t != int(self.t):
            raise EventsError(f"t must be a frame index (0, 1, 2, ...), got {self.t}.")
        object.__setattr__(self, "t", int(self.t))
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise EventsError(f"probability must lie between 0 and 1, got {self.probability}.")
        if not self.kind:
            raise EventsError("kind must name the class of the event, got an empty text.")
        if self.status not in STATUSES:
            raise EventsError(f"status must be one of {', '.join(STATUSES)}, got {self.status!r}.")
        taken = [name for name in self.extra if name in COLUMNS + SCALED_COLUMNS]
        if taken:
            raise EventsError(f"extra must not repeat the column {taken[0]!r}; set the field.")


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
    rows = list(events)
    scales = {"t_s": frame_interval_s, "y_um": pixel_size_um, "x_um": pixel_size_um}
    scales = {name: scale for name, scale in scales.items() if scale is not None}
    extra = dict.fromkeys(name for event in rows for name in event.extra)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*COLUMNS, *scales, *extra], restval="", lineterminator="\n")
    writer.writeheader()
    for event in rows:
        cells = {name: _as_text(getattr(event, name)) for name in COLUMNS}
        for name, scale in scales.items():
            cells[name] = _as_text(getattr(event, name[0]) * scale)
        cells |= {name: _as_text(value) for name, value in event.extra.items()}
        writer.writerow(cells)
    _write_whole(Path(path), text.getvalue())


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
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _checked_header(path, [name.strip() for name in next(reader, [])])
        return list(_parsed_rows(path, header, reader))
    except csv.Error as error:
        raise EventsError(f"{path}, line {reader.line_num}: not a CSV: {error}.") from error


def by_time(events: Iterable[Event]) -> list[Event]:
    """Events ordered by t, then y, then x."""
    return sorted(events, key=attrgetter("t", "y", "x"))


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
    numbers = {name: _number(where, name, row) for name in ("t", "y", "x", "score", "probability")}
    absent = [name for name in REQUIRED_COLUMNS if numbers[name] is None]
    if absent:
        raise EventsError(f"{where}, column {absent[0]}: empty; expected a number.")
    words = {name: row.get(name, "").strip() for name in ("kind", "status", "source")}
    given = {name: word for name, word in words.items() if word}
    extra = {name: cell for name, cell in row.items() if name not in COLUMNS + SCALED_COLUMNS}
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


def _as_text(value: float | str | None) -> str:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return "" if value is None else repr(value if isinstance(value, int) else float(value))


def _write_whole(path: Path, text: str) -> None:
    """Write through a temporary file beside `path`, so that a crash leaves the old or the new."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise EventsError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)
