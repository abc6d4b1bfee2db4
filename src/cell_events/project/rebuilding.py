"""A new journal that tells the state of a project whose journal was lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np

from cell_events.engine import atomic
from cell_events.project.checked_lines import checked_line
from cell_events.project.chunks import CHUNK_SIDE_PX
from cell_events.project.edits import Change, Edit, EventChange, PaintChange
from cell_events.project.entry import MOVIE, PATH, REMEMBER, RESTORE, Entry, entry_to_json
from cell_events.project.history import Step
from cell_events.project.journal import Journal, new_header
from cell_events.project.movie_reference import reference_to_json
from cell_events.project.painted_frames import PaintedFrames
from cell_events.project.state import State


def rebuild_journal(journal: Journal, state: State, last: Step) -> tuple[str, Step]:
    """Replace the journal by one that tells `state`; return its id and its last entry."""
    header = new_header()
    lines = [checked_line(header)]
    number = last.number
    for number, entry in zip(count(last.number + 1), _entries(state), strict=False):
        body = entry_to_json(entry) | {"number": number}
        lines.append(checked_line(body))
    journal.close()
    atomic.write_bytes(journal.path, b"".join(lines))
    size = journal.size
    return str(header["journal"]), Step(number, "", size - len(lines[-1]), size)


def _entries(state: State) -> Iterator[Entry]:
    for movie, reference in state.movies.items():
        says = {"id": movie, "reference": reference_to_json(reference, state.folder)}
        yield Entry(0, MOVIE, says)
    for key, value in state.values.items():
        yield Entry(0, REMEMBER, {"key": key, "value": value})
    for stem, highest in state.numbers.items():
        yield Entry(0, PATH, {"stem": stem, "highest": highest})
    for movie, events in state.events.items():
        decided = (EventChange(movie, name, None, event) for name, event in events.items())
        yield Entry(0, RESTORE, edit=Edit("restore decisions", tuple(decided)))
    for movie, frames in state.paint.items():
        for patch in _patches(movie, frames):
            yield Entry(0, RESTORE, edit=Edit("restore paint", (patch,)))


def _patches(movie: str, frames: PaintedFrames) -> Iterator[Change]:
    for (t, row, column), chunk in frames.all_chunks():
        place = (row * CHUNK_SIDE_PX, column * CHUNK_SIDE_PX)
        yield PaintChange(movie, t, *place, np.zeros_like(chunk), chunk)
