"""Where a movie's models, painted masks and events are kept: never over an earlier file."""

from __future__ import annotations

import os
import re
from pathlib import Path

FOLDER_SUFFIX = ".cellevents"

AT_HOME = Path.home() / "cell-events"
"""Where projects go whose movie lies in no file, or in a folder that cannot be written."""


def default_folder(movie_name: str, movie_path: Path | None) -> Path:
    """Folder beside the movie's file; in the home folder if it has none or that is read-only."""
    name = re.sub(r"[^\w.-]+", "-", movie_path.stem if movie_path else movie_name).strip("-.")
    beside = movie_path.parent if movie_path and os.access(movie_path.parent, os.W_OK) else None
    return (beside or AT_HOME) / f"{name or 'movie'}{FOLDER_SUFFIX}"


def next_free_path(folder: Path, name: str, suffix: str) -> Path:
    """First of `name-1`, `name-2`, ... in `folder` that does not exist yet."""
    number = 1
    while (path := folder / f"{name}-{number}{suffix}").exists():
        number += 1
    return path


def latest_path(folder: Path, name: str, suffix: str) -> Path | None:
    """Newest of the files that `next_free_path` has numbered; None without one."""
    pattern = re.compile(rf"{re.escape(name)}-(\d+){re.escape(suffix)}")
    found = [
        (int(match[1]), path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (match := pattern.fullmatch(path.name))
    ]
    return max(found)[1] if found else None
