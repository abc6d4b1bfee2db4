"""Files and folders that are there whole or not at all, for parts that stand above the engine."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write text in UTF-8 through a synced file beside `path`: a crash leaves the old or the new.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def replace_folder(new: Path, path: Path) -> None:
    """Put a finished folder in the place of another one, which is deleted."""
    old = path.with_name(f".{path.name}.{uuid.uuid4().hex}.old")
    if path.exists():
        path.replace(old)
    new.replace(path)
    shutil.rmtree(old, ignore_errors=True)
