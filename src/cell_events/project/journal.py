"""The journal: a file of checked lines that only grows, and is the truth about a project."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from cell_events.engine import atomic
from cell_events.project.checked_lines import checked_body, checked_line
from cell_events.project.edits import ProjectError
from cell_events.project.entry import Entry, entry_from_json, entry_to_json

FORMAT = "napari-cell-events project"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the journal: where it begins and ends, and the entry if it can be read."""

    start: int
    stop: int
    entry: Entry | None


def new_header() -> dict[str, Any]:
    """What the first line of a new journal says."""
    return {"format": FORMAT, "version": VERSION, "journal": uuid.uuid4().hex}


def check_version(header: dict[str, Any] | None, path: Path) -> None:
    """Raise `ProjectError` if a header is of another program or of a newer version."""
    if header is None:
        return
    if header.get("format") != FORMAT:
        raise ProjectError(f"{path} is not part of a project of napari-cell-events.")
    if not isinstance(header.get("version"), int) or header["version"] > VERSION:
        raise ProjectError(
            f"{path.parent.name} has the format version {header.get('version')}, this program "
            f"knows up to {VERSION}; update napari-cell-events."
        )


class Journal:
    """Reads and appends entries; one writer at a time, any number of readers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._end = 0

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self.path.stat().st_size

    @classmethod
    def create(cls, path: Path) -> Journal:
        """Make a journal that holds nothing but its header, whole or not at all."""
        atomic.write_bytes(path, checked_line(new_header()))
        return cls(path)

    def header(self) -> dict[str, Any] | None:
        """What the first line says; None if it cannot be read."""
        with self.path.open("rb") as file:
            return checked_body(file.readline())

    def lines(self, start: int = 0) -> Iterator[Line]:
        """Lines from an offset on, without the header; unreadable ones bear no entry."""
        with self.path.open("rb") as file:
            file.seek(start)
            place = start
            for raw in file:
                begin, place = place, place + len(raw)
                body = checked_body(raw)
                if body is None or body.get("format") != FORMAT:
                    yield Line(begin, place, _entry(body))

    def read(self, start: int) -> Entry:
        """Read the entry at an offset.

        Raises
        ------
        ProjectError
            If it can no longer be read.
        """
        line = next(self.lines(start), None)
        if line is None or line.entry is None:
            raise ProjectError(
                f"{self.path.name} is damaged at byte {start}; the steps before it cannot be "
                "undone, everything else is kept."
            )
        return line.entry

    def bytes_between(self, start: int, stop: int) -> bytes:
        """Bytes as they are, readable or not."""
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(stop - start)

    def append(self, entries: Iterable[Entry]) -> list[tuple[int, int]]:
        """Write entries so that they survive a power cut; return where each begins and ends.

        Raises
        ------
        OSError
            If they cannot be written; what was written of them is cut off by the next call.
        """
        lines = [checked_line(entry_to_json(entry)) for entry in entries]
        descriptor = self._opened()
        begin = self._end
        if os.fstat(descriptor).st_size != begin:  # what an append that failed left behind
            os.ftruncate(descriptor, begin)
        _write_all(descriptor, b"".join(lines))
        os.fsync(descriptor)
        stops = list(accumulate((len(line) for line in lines), initial=begin))
        self._end = stops[-1]
        return list(pairwise(stops))

    def cut(self, size: int) -> None:
        """Shorten the file for good."""
        descriptor = self._opened()
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
        self._end = size

    def close(self) -> None:
        """Close the file; it may be opened again."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _opened(self) -> int:
        if self._descriptor is None:
            flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)
            self._descriptor = os.open(self.path, flags)
            self._end = os.fstat(self._descriptor).st_size
        if os.fstat(self._descriptor).st_nlink == 0:  # written bytes would vanish without a word
            self.close()
            raise FileNotFoundError(f"{self.path} was deleted")
        return self._descriptor


def _entry(body: dict[str, Any] | None) -> Entry | None:
    try:
        return None if body is None else entry_from_json(body)
    except (KeyError, TypeError, ValueError):
        return None


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
