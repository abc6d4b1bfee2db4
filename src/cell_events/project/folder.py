"""What lies where in a project folder, and which folders are projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cell_events.events import Event, EventsError, write_events
from cell_events.project.edits import ProjectError
from cell_events.project.journal import Journal
from cell_events.project.lock import LOCK_FILE, OWNER_FILE, ProjectLock
from cell_events.project.opening import JOURNAL_FILE
from cell_events.project.snapshot import snapshot_paths

SUFFIX = ".cellevents"


def is_project(folder: Path) -> bool:
    """Whether there is a project, or what is left of one."""
    return (folder / JOURNAL_FILE).is_file() or bool(snapshot_paths(folder))


def lock_existing(folder: Path) -> ProjectLock:
    """Try to lock a project.

    Raises
    ------
    ProjectError
        If there is none.
    """
    if not is_project(folder):
        raise ProjectError(
            f"{folder} is no project of napari-cell-events: it holds no {JOURNAL_FILE}; choose a "
            f"folder NAME{SUFFIX}, or create a project."
        )
    return ProjectLock(folder)


def lock_new(folder: Path) -> ProjectLock:
    """Make a folder with an empty journal, and lock it.

    Raises
    ------
    ProjectError
        If there is a project already, the folder holds other things, or it cannot be written.
    """
    if is_project(folder):
        raise ProjectError(f"{folder} holds a project already; open it, or choose another name.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = [path.name for path in folder.iterdir() if not _is_ours(path.name)]
        if foreign:
            raise ProjectError(
                f"{folder} holds other files, such as {foreign[0]}; choose a new folder."
            )
        lock = ProjectLock(folder)
        if lock.refused is not None:
            raise ProjectError(lock.refused)
        Journal.create(folder / JOURNAL_FILE)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be made a project: {error.strerror}.") from error
    return lock


def first_free_number(folder: Path, name: str, highest_known: int) -> int:
    """Number after every one that is in use: known to the journal, or in a file's name."""
    tails = (path.name.removeprefix(f"{name}-") for path in folder.glob(f"{name}-*"))
    numbers = [int(number) for tail in tails if (number := tail.partition(".")[0]).isdecimal()]
    return max([highest_known, *numbers]) + 1


def write_decisions(path: Path, events: Mapping[str, Event]) -> Path:
    """Write decisions as a CSV of events, ordered by time, with their ids as a column."""
    rows = sorted(events.items(), key=lambda item: (item[1].t, item[1].y, item[1].x, item[0]))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_events(path, (_with_id(name, event) for name, event in rows))
    except (OSError, EventsError) as error:
        raise ProjectError(f"The decisions cannot be written to {path}: {error}") from error
    return path


def _with_id(name: str, event: Event) -> Event:
    return replace(event, extra={**event.extra, "event_id": name})


def _is_ours(name: str) -> bool:
    """Whether a crash while a project was made may have left this file."""
    return name in (LOCK_FILE, OWNER_FILE) or name.startswith(".")
