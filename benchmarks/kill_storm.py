"""Is anything lost when the process that paints and decides is killed, again and again?

A viewer is killed (SIGKILL) at a random moment while strokes are painted and events decided in it;
see `storm_in_viewer.py`. It needs a display; Xvfb will do:

    xvfb-run -a -s "-screen 0 1366x768x24" python benchmarks/kill_storm.py 50

With `--headless`, it is a process without a window, which edits faster. It paints squares and
decides events in a project, undoes and redoes, writes snapshots and masks, and says of each edit
when it was acknowledged. The project is opened, everything acknowledged must be there, and the
paint must be exactly what the edits that are there add up to. Then the next process goes on.

    python benchmarks/kill_storm.py --headless 50
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.movie import open_movie
from cell_events.project import (
    Edit,
    EventChange,
    MovieReference,
    PaintChange,
    Project,
    ProjectError,
)

SHAPE = (8, 300, 400)
SIDE_PX = 24
MOVIE_ID = "movie-1"


@dataclass
class Tally:
    """What was acknowledged, and what became of it."""

    acknowledged: int = 0
    lost: int = 0
    unreadable: int = 0
    cut_tails: int = 0
    certain: set[int] = field(default_factory=set)
    attempted: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kills", type=int, nargs="?", default=50, help="how often to kill")
    parser.add_argument("--headless", action="store_true", help="kill a process without a window")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--edit", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--viewer", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.edit:
        edit_until_killed(Path(args.edit[0]), int(args.edit[1]))
    if args.viewer:
        in_viewer().edit_in_viewer(args.viewer)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begin = storm if args.headless else in_viewer().storm
        tally = begin(folder, args.kills, args.seed)
    print(
        f"{args.kills} kills: {tally.acknowledged} edits acknowledged, {tally.lost} lost, "
        f"{tally.unreadable} unreadable projects ({tally.cut_tails} had an end to cut off)"
    )
    sys.exit(1 if tally.lost or tally.unreadable or not tally.acknowledged else 0)


def in_viewer() -> ModuleType:
    """The storm in a viewer, which takes seconds to import."""
    import storm_in_viewer

    return storm_in_viewer


def storm(folder: Path, kills: int, seed: int) -> Tally:
    """Kill a process without a window, again and again."""
    chance, tally = random.Random(seed), Tally()
    for _ in range(kills):
        one_round(folder / "storm.cellevents", tally, chance.uniform(0, 1))
    return tally


def one_round(path: Path, tally: Tally, seconds: float) -> None:
    """Let a process edit for a while after its first acknowledged edit, kill it, and look."""
    command = [sys.executable, __file__, "--edit", str(path), str(tally.attempted + 1)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline()]
    time.sleep(seconds)
    process.kill()
    said += process.stdout.read().splitlines(keepends=True)
    process.wait()
    done = [line.split() for line in said if line.endswith("\n")]
    if not done:
        sys.exit("The process that edits failed; see above.")
    for what, number in done:
        tally.attempted = max(tally.attempted, int(number))
        (tally.certain.add if what == "did" else tally.certain.discard)(int(number))
        tally.acknowledged += what == "did"
    tally.attempted += 1000  # numbers that the process may have begun without saying so
    examine(path, tally)


def examine(path: Path, tally: Tally) -> None:
    """Compare a project with what was acknowledged; go on from what is there."""
    try:
        with Project.open(path) as project:
            tally.cut_tails += bool(project.warnings)
            present = {int(name) for name in project.events(MOVIE_ID)}
            frames = np.stack([project.paint(MOVIE_ID).read(t) for t in range(SHAPE[0])])
    except ProjectError as error:
        print(error)
        tally.unreadable += 1
        return
    lost = tally.certain - present
    painted_otherwise = int((frames != sum_of(present)).sum())
    if lost or painted_otherwise:
        print(f"lost edits: {sorted(lost)}; pixels that differ: {painted_otherwise}")
    tally.lost += len(lost) + bool(painted_otherwise)
    tally.certain = present


def place(number: int) -> tuple[int, int, int]:
    """Where an edit paints: frame, top, left."""
    chance = random.Random(number)
    return (
        chance.randrange(SHAPE[0]),
        chance.randrange(SHAPE[1] - SIDE_PX),
        chance.randrange(SHAPE[2] - SIDE_PX),
    )


def sum_of(numbers: set[int]) -> NDArray[np.uint8]:
    """Frames (T, Y, X) that edits add up to, each painting over those before it."""
    frames = np.zeros(SHAPE, np.uint8)
    for number in sorted(numbers):
        t, top, left = place(number)
        frames[t, top : top + SIDE_PX, left : left + SIDE_PX] = 1 + number % 255
    return frames


def edit_until_killed(path: Path, first: int) -> None:
    """Paint and decide for ever; say of each edit and undo when it is safe."""
    project = Project.open_or_create(path)
    project.add_movie(MovieReference.of(open_movie(np.zeros(SHAPE, np.uint8))))
    chance = random.Random(first)
    for number in range(first, first + 1000):
        ticket = project.apply(new_edit(project, number))
        if chance.random() < 0.1:
            project.snapshot()
            project.decisions_file(MOVIE_ID)
        if chance.random() < 0.1:
            project.paint_file(MOVIE_ID)
        if chance.random() < 0.7:  # else: several in one sync
            ticket.wait()
            print(f"did {number}", flush=True)
        if chance.random() < 0.2:
            print(f"undoing {number}", flush=True)
            project.undo()
            if chance.random() < 0.5:
                project.redo()
                project.remember("view", number).wait()
                print(f"did {number}", flush=True)
    time.sleep(60)


def new_edit(project: Project, number: int) -> Edit:
    """Paint a square and decide an event, both in one edit."""
    t, top, left = place(number)
    before = project.paint(MOVIE_ID).read(t)[top : top + SIDE_PX, left : left + SIDE_PX]
    after = np.full_like(before, 1 + number % 255)
    event = Event(t, top, left, status="accepted")
    return Edit(
        f"edit {number}",
        (
            PaintChange(MOVIE_ID, t, top, left, before, after),
            EventChange(MOVIE_ID, str(number), None, event),
        ),
    )


if __name__ == "__main__":
    main()
