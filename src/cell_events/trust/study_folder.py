"""The folder of a study: what was asked, and each finished row in a file of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cell_events.engine import atomic

SETTINGS = "study.json"
ROWS = "rows"


class StudyError(ValueError):
    """A study that cannot go on; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class StudyPlace:
    """Where a measurement belongs: a row of a table, and the seed it was made with."""

    table: str
    row: str
    seed: int

    @property
    def words(self) -> str:
        """As people read it."""
        return f"{self.table}: {self.row}, seed {self.seed}"

    @property
    def file_name(self) -> str:
        """Name of its file."""
        slug = re.sub(r"[^A-Za-z0-9.]+", "-", f"{self.table} {self.row}").strip("-")
        return f"{slug}-seed{self.seed}.json"


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """Finished rows of one study; a file that is there is whole."""

    path: Path

    def known(self, place: StudyPlace) -> dict[str, float] | None:
        """What was measured, or None if it was not yet.

        Raises
        ------
        StudyError
            If its file cannot be understood.
        """
        file = self.path / ROWS / place.file_name
        if not file.exists():
            return None
        try:
            stored = json.loads(file.read_text("utf-8"))
            return {str(name): float(value) for name, value in stored["values"].items()}
        except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise StudyError(
                f"{file} is no finished row of a study; delete it, and it is measured anew."
            ) from error

    def keep(self, place: StudyPlace, values: Mapping[str, float]) -> None:
        """Store a finished row."""
        text = json.dumps({**asdict(place), "values": dict(values)}, indent=1)
        atomic.write_text(self.path / ROWS / place.file_name, text + "\n")


def open_study(path: Path, settings: Mapping[str, Any]) -> StudyFolder:
    """Begin a study in a folder, or go on with the one that is there.

    Raises
    ------
    StudyError
        If the folder holds a study with other settings, or cannot be used.
    """
    file = path / SETTINGS
    wanted = json.loads(json.dumps(settings))
    if file.exists():
        _check_same(path, _read(file), wanted)
        return StudyFolder(path)
    try:
        atomic.write_text(file, json.dumps(wanted, indent=1) + "\n")
    except OSError as error:
        raise StudyError(f"The folder {path} cannot be written: {error.strerror}.") from error
    return StudyFolder(path)


def _read(file: Path) -> dict[str, Any]:
    try:
        stored = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StudyError(f"{file} cannot be read; choose another folder.") from error
    return stored if isinstance(stored, dict) else {}


def _check_same(path: Path, stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    for name in sorted({*stored, *wanted}, key=lambda name: (name != "study", name)):
        if stored.get(name) != wanted.get(name):
            raise StudyError(
                f"{path} holds a study with other settings ({name} is {stored.get(name)!r} there, "
                f"{wanted.get(name)!r} here); repeat its settings or choose another folder."
            )
