"""Bytes that can no longer be read are kept aside before anything else happens to them."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from cell_events.engine import atomic


def keep_aside(folder: Path, content: bytes) -> Path:
    """Copy damaged bytes to `journal.damaged-1`, or the next free number; once for equal bytes."""
    for number in count(1):
        path = folder / f"journal.damaged-{number}"
        if not path.exists():
            return atomic.write_bytes(path, content)
        if path.read_bytes() == content:
            return path
    raise AssertionError("counting never ends")


def move_aside(folder: Path) -> Path:
    """Rename a folder to `NAME.damaged-1`, or the next free number."""
    names = (folder.with_name(f"{folder.name}.damaged-{number}") for number in count(1))
    return folder.rename(next(name for name in names if not name.exists()))
