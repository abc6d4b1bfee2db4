"""The part of `kill_storm.py` that kills a whole viewer: brush strokes, decisions, undo and redo.

The process that kills the viewer does the same steps on a model (`storm_steps.py`). After a kill,
the project must hold exactly what some number of whole steps make, at least as many as the viewer
had said were safe on disk.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import napari
import numpy as np
import tifffile
from qtpy.QtCore import QTimer
from storm_steps import MOVIE_ID, N_PROPOSALS, SHAPE, Model, decision, kind_of, place_of, stroke

from cell_events.events import Event, write_events
from cell_events.gui.docks.table_of_events import TableOfEvents
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.workbench import Workbench
from cell_events.movie import open_movie
from cell_events.project import Edit, MovieReference, Project, ProjectError
from cell_events.project.writer import Ticket

STORM = Path(__file__).with_name("kill_storm.py")
MOVIE = "storm.tif"
STEP_MS = 5
LONGEST_LIFE_S = 5.0
WORDS = "begun", "safe"


@dataclass
class Tally:
    """What was safe on disk, and what became of it."""

    acknowledged: int = 0
    lost: int = 0
    unreadable: int = 0
    cut_tails: int = 0


def storm(folder: Path, kills: int, seed: int) -> Tally:
    """Kill viewers again and again; each goes on where the one before it was killed."""
    chance, tally, model = random.Random(seed), Tally(), Model()
    path = new_project(folder)
    viewers = ready_viewers(folder, kills)
    for viewer in viewers:
        begun, safe = lived(viewer, model.number, chance)
        tally.acknowledged += max(safe - model.number, 0)
        examine(path, model, begun, safe, tally)
    return tally


def new_project(folder: Path) -> Path:
    """A movie, and beside it a project with proposals."""
    noise = np.random.default_rng(0).integers(0, 255, SHAPE, dtype=np.uint8)
    tifffile.imwrite(folder / MOVIE, noise, photometric="minisblack")
    with Project.create((folder / MOVIE).with_suffix(".cellevents")) as project:
        project.add_movie(MovieReference.of(open_movie(folder / MOVIE, axes="TYX"), axes="TYX"))
        places = [(i % SHAPE[0], 3 * i, 4 * i) for i in range(N_PROPOSALS)]
        write_events(project.path / "found.csv", [Event(*at, score=0.5) for at in places])
        project.remember(f"proposals/{MOVIE_ID}", "found.csv")
        return project.path


def ready_viewers(folder: Path, number: int) -> Iterator[subprocess.Popen[str]]:
    """Viewers that wait to be let go; while one lives, the next one starts."""
    command = [sys.executable, str(STORM), "--viewer", str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    following = subprocess.Popen(command, **pipes)  # type: ignore[call-overload]
    for left in range(number - 1, -1, -1):
        viewer = following
        if "ready" not in viewer.stdout.readline():
            sys.exit("The viewer did not start; see above.")
        if left:
            following = subprocess.Popen(command, **pipes)  # type: ignore[call-overload]
        yield viewer


def lived(viewer: subprocess.Popen[str], number: int, chance: random.Random) -> tuple[int, int]:
    """Let a viewer go on after step `number`, kill it; the last step begun, the last one safe.

    One in five dies while it opens the project.
    """
    assert viewer.stdin is not None
    assert viewer.stdout is not None
    viewer.stdin.write(f"{number}\n")
    viewer.stdin.flush()
    lines = [] if chance.random() < 0.2 else [viewer.stdout.readline()]
    time.sleep(chance.uniform(0, LONGEST_LIFE_S))
    viewer.kill()
    lines += viewer.stdout.read().splitlines(keepends=True)
    viewer.wait()
    said = [line.split() for line in lines if line.startswith(WORDS) and line.endswith("\n")]
    last = dict.fromkeys(WORDS, number) | {what: int(which) for what, which in said}
    return last["begun"], last["safe"]


def examine(path: Path, model: Model, begun: int, safe: int, tally: Tally) -> None:
    """Bring the model to the step up to which the project holds everything."""
    try:
        with Project.open(path) as project:
            tally.cut_tails += bool(project.warnings)
            while model.number < safe:
                model.step()
            while model.number < begun and not model.agrees(project):
                model.step()
            if not model.agrees(project):
                print(f"The project does not hold what steps {safe} to {begun} make.")
                tally.lost += 1
    except ProjectError as error:
        print(error)
        tally.unreadable += 1


@dataclass
class Acknowledged:
    """Says of each step when it is safe on disk, and all steps before it."""

    waiting: list[tuple[int, Ticket]] = field(default_factory=list)

    def tell(self) -> None:
        while self.waiting and self.waiting[0][1].done:
            print("safe", self.waiting.pop(0)[0], flush=True)


class Hand:
    """Paints and decides in a viewer, step by step, as quickly as its event loop comes round."""

    def __init__(self, bench: Workbench, number: int) -> None:
        self.bench, self.number = bench, number
        self._acknowledged = Acknowledged()
        self._apply = bench.project.apply
        bench.project.apply = self._apply_and_note
        self._timer = QTimer()
        self._timer.timeout.connect(self.step)
        self._timer.start(STEP_MS)

    def step(self) -> None:
        self._acknowledged.tell()
        self.bench.paint.flush()
        self.number += 1
        print("begun", self.number, flush=True)
        match kind_of(self.number):
            case "paint":
                self.bench.viewer.dims.set_current_step(0, place_of(self.number)[0])
                stroke(self.bench.paint.recorder.layer, self.number)
            case "decide":
                name, status = decision(self.number)
                (self.bench.events.accept if status == "accepted" else self.bench.events.reject)(
                    [name]
                )
            case "undo":
                self.bench.edits.undo()
                self._note(self.bench.project.remember("storm", self.number))
            case "redo":
                self.bench.edits.redo()
                self._note(self.bench.project.remember("storm", self.number))
        if self.number % 50 == 0:  # what an update asks for
            self.bench.project.paint_file(MOVIE_ID)
            self.bench.project.decisions_file(MOVIE_ID)

    def _apply_and_note(self, edit: Edit) -> Ticket:
        ticket = self._apply(edit)
        self._note(ticket)
        return ticket

    def _note(self, ticket: Ticket) -> None:
        self._acknowledged.waiting.append((self.number, ticket))


def edit_in_viewer(folder: Path) -> None:
    """Be the viewer that is killed."""
    viewer = napari.Viewer()
    table = TableOfEvents(viewer)
    bench = table.bench
    viewer.window.add_dock_widget(table, area="bottom")
    print("ready", flush=True)
    number = int(sys.stdin.readline())
    layer = viewer.open(str(folder / MOVIE), plugin="napari")[0]
    bench.look_at(layer, placement(layer, "TYX"))
    bench.paint.new_layer()
    hand = Hand(bench, number)
    napari.run()
    del hand
