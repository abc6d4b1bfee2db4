"""Snapshots: the state of a project at one place of its journal, so that opening is quick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from cell_events.engine import atomic
from cell_events.project.checked_lines import checked_body, checked_line
from cell_events.project.entry import event_from_json, event_to_json
from cell_events.project.history import History, Step
from cell_events.project.journal import FORMAT, VERSION
from cell_events.project.movie_reference import reference_from_json, reference_to_json
from cell_events.project.painted_frames import ChangedChunks, PaintedFrames
from cell_events.project.state import State

KEPT = 2
ITEMS_PER_LINE = 200

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Capture:
    """Copies of everything a snapshot holds, taken in one moment; writing may take its time."""

    state: State
    frames: dict[str, PaintedFrames]
    paint: dict[str, ChangedChunks]
    undo: tuple[Step, ...]
    redo: tuple[Step, ...]
    last: Step

    @classmethod
    def of(cls, state: State, history: History, last: Step) -> Capture:
        """Copy what may change while the snapshot is written; `last` is the last entry in it."""
        copied = State(
            folder=state.folder,
            replay_paint=state.replay_paint,
            movies=dict(state.movies),
            events={movie: dict(events) for movie, events in state.events.items()},
            values=dict(state.values),
            numbers=dict(state.numbers),
        )
        paint = {movie: frames.changed() for movie, frames in state.paint.items()}
        return cls(copied, dict(state.paint), paint, tuple(history.undo), tuple(history.redo), last)


def write_snapshot(capture: Capture, journal_id: str | None) -> Iterator[None]:
    """Write paint, then a snapshot, in small steps; delete snapshots that are too old."""
    for movie, changed in capture.paint.items():
        yield from capture.frames[movie].save(changed)
    header = {"format": FORMAT, "version": VERSION, "journal": journal_id}
    lines = [
        checked_line(header | {"stop": capture.last.stop, "number": capture.last.number}),
    ]
    for body in _bodies(capture):
        lines.append(checked_line(body))
        yield
    lines.append(checked_line({"lines": len(lines)}))
    folder = capture.state.folder / "snapshots"
    atomic.write_bytes(folder / f"snapshot-{capture.last.number:09}.jsonl", b"".join(lines))
    for path in snapshot_paths(capture.state.folder)[KEPT:]:
        path.unlink(missing_ok=True)


def snapshot_paths(folder: Path) -> list[Path]:
    """Snapshots of a project, the newest first."""
    return sorted((folder / "snapshots").glob("snapshot-*.jsonl"), reverse=True)


def read_snapshot(path: Path) -> list[Body] | None:
    """The header of a snapshot and everything after it; None if any of it is damaged."""
    try:
        bodies = [checked_body(line) for line in path.read_bytes().splitlines(keepends=True)]
    except OSError:
        return None
    whole = [body for body in bodies if body is not None]
    if len(whole) < len(bodies) or len(whole) < 2 or whole[-1].get("lines") != len(whole) - 1:
        return None
    return whole[:-1]


def restore(bodies: list[Body], state: State, history: History) -> None:
    """Fill an empty state and history from what `read_snapshot` returned.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is no snapshot of ours.
    """
    for body in bodies:
        if "reference" in body:
            state.movies[body["movie"]] = reference_from_json(body["reference"], state.folder)
        elif "value" in body:
            state.values[body["value"]] = body["is"]
        elif "number_of" in body:
            state.numbers[body["number_of"]] = int(body["is"])
        elif "events" in body:
            events = {name: event_from_json(event) for name, event in body["events"].items()}
            known = {name: event for name, event in events.items() if event is not None}
            state.events.setdefault(body["movie"], {}).update(known)
        elif "chunks" in body:
            painted = {(t, row, column): frozenset(v) for t, row, column, v in body["chunks"]}
            state.paint_of(body["movie"]).painted_on_disk(painted)
        elif "steps" in body:
            stack = history.undo if body["stack"] == "undo" else history.redo
            stack.extend(
                Step(number, title, start, stop) for number, title, start, stop in body["steps"]
            )
    for movie, reference in state.movies.items():
        state.add_movie(movie, reference)


def _bodies(capture: Capture) -> Iterator[Body]:
    state = capture.state
    for movie, reference in state.movies.items():
        yield {"movie": movie, "reference": reference_to_json(reference, state.folder)}
    yield from ({"value": key, "is": value} for key, value in state.values.items())
    yield from ({"number_of": stem, "is": number} for stem, number in state.numbers.items())
    for movie, events in state.events.items():
        for group in _groups(events.items()):
            yield {"movie": movie, "events": {name: event_to_json(event) for name, event in group}}
    for movie, changed in capture.paint.items():
        for group in _groups(changed.values().items()):
            yield {"movie": movie, "chunks": [[*key, sorted(values)] for key, values in group]}
    for name, stack in (("undo", capture.undo), ("redo", capture.redo)):
        for group in _groups(stack):
            steps = [[step.number, step.title, step.start, step.stop] for step in group]
            yield {"stack": name, "steps": steps}


def _groups(items: Any) -> Iterator[list[Any]]:
    remaining = iter(items)
    while group := list(islice(remaining, ITEMS_PER_LINE)):
        yield group
