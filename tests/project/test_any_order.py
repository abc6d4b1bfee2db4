"""Whatever is done in whatever order, a project is what a plain model of it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cell_events.events import Event
from cell_events.project import Edit, EventChange, PaintChange, Project, ValueChange
from tests.project.strokes import MOVIE_ID, SHAPE, new_project, painted

Moment = tuple[bytes, dict[str, Event], object]


class ProjectMachine(RuleBasedStateMachine):
    """Compare a project with a list of moments: all of the past, and all that can be redone."""

    def __init__(self) -> None:
        super().__init__()
        self.no_sync = patch.object(os, "fsync", lambda _: None)
        self.no_sync.start()
        self.folder = Path(tempfile.mkdtemp())
        self.project = new_project(self.folder)
        self.past: list[Moment] = [self.now()]
        self.future: list[Moment] = []
        self.view: object = None

    def now(self) -> Moment:
        project = self.project
        frames = painted(project).tobytes()
        return frames, dict(project.events(MOVIE_ID)), project.value("classes")

    def apply(self, edit: Edit, expected: Moment) -> None:
        self.project.apply(edit)
        self.past.append(expected)
        self.future.clear()

    @rule(
        t=st.integers(0, 2),
        top=st.integers(0, 280),
        left=st.sampled_from([0, 250, 260]),
        side=st.integers(1, 20),
        value=st.sampled_from([0, 1, 255]),
    )
    def paint(self, t: int, top: int, left: int, side: int, value: int) -> None:
        frames, events, classes = self.past[-1]
        after = np.frombuffer(frames, np.uint8).reshape(SHAPE).copy()
        window = (t, slice(top, top + side), slice(left, left + side))
        before = after[window].copy()
        after[window] = value
        change = PaintChange(MOVIE_ID, t, top, left, before, after[window])
        self.apply(Edit("paint", (change,)), (after.tobytes(), events, classes))

    @rule(
        names=st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True),
        status=st.sampled_from(["accepted", "rejected", None]),
    )
    def decide(self, names: list[str], status: str | None) -> None:
        frames, events, classes = self.past[-1]
        event = None if status is None else Event(1, 2.0, 3.0, status=status)
        changes = tuple(EventChange(MOVIE_ID, name, events.get(name), event) for name in names)
        after = {name: found for name, found in events.items() if name not in names}
        after |= {} if event is None else dict.fromkeys(names, event)
        self.apply(Edit("decide", changes), (frames, after, classes))

    @rule(value=st.sampled_from([None, 1, ["division", "death"]]))
    def set_value(self, value: object) -> None:
        frames, events, classes = self.past[-1]
        self.apply(Edit("set", (ValueChange("classes", classes, value),)), (frames, events, value))

    @rule(value=st.integers(1, 9))
    def remember(self, value: int) -> None:
        self.project.remember("view", value)
        self.view = value

    @rule()
    def undo(self) -> None:
        assert (self.project.undo() is not None) == (len(self.past) > 1)
        if len(self.past) > 1:
            self.future.append(self.past.pop())

    @rule()
    def redo(self) -> None:
        assert (self.project.redo() is not None) == bool(self.future)
        if self.future:
            self.past.append(self.future.pop())

    @rule()
    def snapshot(self) -> None:
        self.project.snapshot()

    @rule(with_snapshots=st.booleans(), with_paint=st.booleans())
    def reopen(self, with_snapshots: bool, with_paint: bool) -> None:
        self.project.close()
        if not with_snapshots:
            shutil.rmtree(self.project.path / "snapshots", ignore_errors=True)
        if not with_paint:
            shutil.rmtree(self.project.path / "paint", ignore_errors=True)
        self.project = Project.open(self.project.path)

    @rule()
    def crash(self) -> None:
        """Open a copy of what is on disk, as after kill -9 when everything is acknowledged."""
        self.project.remember("view", self.view).wait(10)
        copy = self.folder / "copy.cellevents"
        shutil.copytree(self.project.path, copy)
        self.project.close()
        shutil.rmtree(self.project.path)
        shutil.move(copy, self.project.path)
        self.project = Project.open(self.project.path)

    @invariant()
    def is_what_the_model_is(self) -> None:
        assert self.now() == self.past[-1]
        assert self.project.value("view") == self.view
        frames = np.frombuffer(self.past[-1][0], np.uint8).reshape(SHAPE)
        bear_paint = np.flatnonzero(frames.any(axis=(1, 2))).tolist()
        assert self.project.paint(MOVIE_ID).painted_frames() == bear_paint
        assert self.project.paint(MOVIE_ID).values() == set(np.unique(frames).tolist()) - {0}

    def teardown(self) -> None:
        self.project.close()
        self.no_sync.stop()
        shutil.rmtree(self.folder)


ProjectMachine.TestCase.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, derandomize=True
)
test_a_project_is_what_a_plain_model_is = ProjectMachine.TestCase
