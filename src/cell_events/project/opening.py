"""Put a project together again: the newest whole snapshot, and what the journal says since."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cell_events.project.chunks import Chunks
from cell_events.project.damage import keep_aside, move_aside
from cell_events.project.edits import PaintChange, ProjectError
from cell_events.project.history import History, Step
from cell_events.project.journal import Journal, Line, check_version
from cell_events.project.painted_frames import PaintedFrames
from cell_events.project.rebuilding import rebuild_journal
from cell_events.project.snapshot import Body, read_snapshot, restore, snapshot_paths
from cell_events.project.state import State

JOURNAL_FILE = "journal.jsonl"


@dataclass(slots=True)
class Opened:
    """A project as it was found.

    Attributes
    ----------
    last
        The last entry of the journal.
    n_replayed
        Entries since the snapshot.
    warnings
        What was damaged and what became of it, in sentences.
    """

    journal: Journal
    journal_id: str | None
    state: State
    history: History
    last: Step
    n_replayed: int = 0
    warnings: list[str] = field(default_factory=list)


def open_folder(folder: Path, writable: bool) -> Opened:
    """Read a project; where it is damaged, mend what can be mended if it is `writable`.

    Raises
    ------
    ProjectError
        If it is no project, or one of a newer version.
    """
    journal = Journal(folder / JOURNAL_FILE)
    header = _header(journal)
    opened = _from_snapshot(folder, journal, header)
    size = journal.size if journal.path.exists() else 0
    if opened.last.stop > size or (header is None and not _any_entry(journal)):
        opened.warnings.append(
            f"{JOURNAL_FILE} of {folder.name} was lost or cut short; "
            + ("the last snapshot took its place." if opened.last.number else "it begins anew.")
        )
        if writable:
            _begin_anew(opened)
        return opened
    _replay(opened, writable)
    for movie, frames in opened.state.paint.items():
        if frames.mend() and writable:
            opened.warnings.append(f"Lost painted chunks of {movie} were made from the journal.")
    for movie in sorted(set(opened.state.ids()) - set(opened.state.movies)):
        opened.warnings.append(
            f"The journal lost where {movie} lies; its paint and decisions wait."
        )
    return opened


def replayed_paint(journal: Journal, movie: str) -> Chunks:
    """Paint of a movie as the whole journal tells it."""
    frames = PaintedFrames(None)
    for line in journal.lines():
        for change in line.entry.edit.changes if line.entry and line.entry.edit else ():
            if isinstance(change, PaintChange) and change.movie == movie:
                frames.write(change.t, change.top, change.left, change.after)
    return dict(frames.all_chunks())


def _header(journal: Journal) -> dict[str, Any] | None:
    if not journal.path.exists():
        if not snapshot_paths(journal.path.parent):
            raise ProjectError(
                f"{journal.path.parent} is no project of napari-cell-events: it holds no "
                f"{JOURNAL_FILE}; choose a folder NAME.cellevents."
            )
        return None
    header = journal.header()
    check_version(header, journal.path)
    return header


def _any_entry(journal: Journal) -> bool:
    return journal.path.exists() and any(line.entry is not None for line in journal.lines())


def _from_snapshot(folder: Path, journal: Journal, header: Body | None) -> Opened:
    """Begin with the newest snapshot that is whole and belongs to this journal, or with nothing."""
    journal_id = None if header is None else str(header.get("journal"))
    warnings: list[str] = []
    for path in snapshot_paths(folder):
        bodies = read_snapshot(path)
        if bodies is not None:
            check_version(bodies[0], path)
        opened = _empty(folder, journal, journal_id)
        try:
            if bodies is None:
                raise ValueError("it is damaged")
            if journal_id is not None and bodies[0]["journal"] not in (None, journal_id):
                raise ValueError("it belongs to another journal")
            restore(bodies[1:], opened.state, opened.history)
            number, stop = int(bodies[0]["number"]), int(bodies[0]["stop"])
        except (KeyError, TypeError, ValueError) as error:
            warnings.append(f"{path.name} was left out, since {error}; the journal says the same.")
            continue
        opened.last, opened.warnings = Step(number, "", stop, stop), warnings
        return opened
    opened = _empty(folder, journal, journal_id)
    opened.warnings = warnings
    return opened


def _empty(folder: Path, journal: Journal, journal_id: str | None) -> Opened:
    state = State(folder, lambda movie: replayed_paint(journal, movie))
    return Opened(journal, journal_id, state, History(), Step(0, "", 0, 0))


def _replay(opened: Opened, writable: bool) -> None:
    """Apply what the journal says since the snapshot; cut off an end that cannot be read."""
    damaged: list[Line] = []
    tail: list[Line] = []
    for line in opened.journal.lines(opened.last.stop):
        if line.entry is None:
            tail.append(line)
            continue
        damaged.extend(tail)
        tail.clear()
        if line.entry.number > opened.last.number:
            _apply(opened, line)
    if damaged:
        _report_damage(opened, damaged, writable)
    if tail and writable:
        _cut(opened, tail)


def _apply(opened: Opened, line: Line) -> None:
    entry = line.entry
    if entry is None:
        return
    step = Step(entry.number, entry.edit.title if entry.edit else "", line.start, line.stop)
    try:
        opened.state.apply(entry)
    except (KeyError, TypeError, ValueError) as error:
        opened.warnings.append(f"Entry {entry.number} ({entry.do}) was left out: {error}.")
    if entry.not_understood:
        opened.warnings.append(
            f"Entry {entry.number} holds {entry.not_understood} changes that this version does "
            "not know; they are kept in the journal."
        )
    opened.history.record(entry, step)
    opened.last = step
    opened.n_replayed += 1


def _report_damage(opened: Opened, damaged: list[Line], writable: bool) -> None:
    content = b"".join(opened.journal.bytes_between(line.start, line.stop) for line in damaged)
    kept = f" (kept in {keep_aside(opened.state.folder, content).name})" if writable else ""
    opened.warnings.append(
        f"{JOURNAL_FILE} is damaged: {len(damaged)} lines from byte {damaged[0].start} on cannot "
        f"be read{kept}; everything before and after them was taken in."
    )


def _cut(opened: Opened, tail: list[Line]) -> None:
    content = opened.journal.bytes_between(tail[0].start, tail[-1].stop)
    kept = keep_aside(opened.state.folder, content)
    opened.journal.cut(tail[0].start)
    opened.warnings.append(
        f"The last {len(content)} bytes of {JOURNAL_FILE} were not written to the end; they were "
        f"moved to {kept.name}, everything before them is there."
    )


def _begin_anew(opened: Opened) -> None:
    """Keep what is left of the journal aside, and write one that tells the state."""
    path = opened.journal.path
    if path.exists() and path.stat().st_size:
        keep_aside(opened.state.folder, path.read_bytes())
    paint = opened.state.folder / "paint"
    if not opened.last.number and paint.exists():  # all that is left: nothing may overwrite it
        opened.warnings.append(f"The painted masks were moved to {move_aside(paint).name}.")
    opened.journal_id, opened.last = rebuild_journal(opened.journal, opened.state, opened.last)
    opened.history = History()
    for snapshot in snapshot_paths(opened.state.folder):
        snapshot.unlink(missing_ok=True)
