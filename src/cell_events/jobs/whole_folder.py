"""Folders of results that are complete or say that they are not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cell_events.jobs.checks import JobError

UNFINISHED = ".unfinished"


@contextmanager
def whole_folder(path: Path, last: str) -> Iterator[Path]:
    """Give an empty folder to fill; at the end its entries take their places in `path`.

    The file `last` goes first where an older one is replaced, and comes last: a folder that has it
    is complete. Other files in `path` stay. If filling fails, `path` is as it was before.
    """
    new = make_folder(path) / UNFINISHED
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        yield new
        (path / last).unlink(missing_ok=True)
        for entry in sorted(new.iterdir(), key=lambda entry: entry.name == last):
            _put(entry, path / entry.name)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def make_folder(path: Path) -> Path:
    """Make a folder for results before hours of work, so that a bad path shows at once."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = "there is a file of this name" if path.is_file() else error.strerror
        raise JobError(f"The folder {path} cannot be made: {why}.") from error
    return path


def _put(entry: Path, place: Path) -> None:
    """Put a file or a folder in a place where there may be an older one."""
    if place.is_dir():
        shutil.rmtree(place)
    entry.replace(place)
