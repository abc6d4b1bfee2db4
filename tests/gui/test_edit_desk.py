"""Decisions and strokes, taken back and done again in the order in which they were made."""

import numpy as np
import pytest

from cell_events.events import Event, write_events
from cell_events.gui.review import key_map
from cell_events.project import Project
from tests.gui.small_movies import dab, look_at, opened, painted, pixels, written

PROPOSALS = [Event(1, 5, 6, score=0.9), Event(4, 30, 40, "death", score=0.6)]


@pytest.fixture
def bench(open_bench, tmp_path):
    """A workbench that looks at a movie with two proposals."""
    bench = open_bench()
    look_at(bench, opened(bench.viewer, written(tmp_path / "cells.tif"), scale=(60, 0.5, 0.5)))
    bench.take_in()
    propose(bench, "found-1", PROPOSALS)
    return bench


def propose(bench, name, events):
    path = bench.project.path / f"{name}.csv"
    write_events(path, events)
    bench.project.remember("proposals/movie-1", path.name)
    bench.show_events()


def status(bench):
    return {name: event.status for name, event in bench.events.events.items()}


def frame(bench):
    return bench.viewer.dims.current_step[0]


@pytest.fixture
def edited(bench):
    """The workbench after a stroke, a decision, and a stroke that ended a moment ago."""
    layer = bench.paint.new_layer()
    bench.viewer.dims.set_current_step(0, 3)
    dab(layer, 3, 20, 20)
    bench.paint.flush()
    bench.events.accept(["found-1/0"])
    bench.viewer.dims.set_current_step(0, 5)
    dab(layer, 5, 10, 10, value=2)
    return bench


def test_undo_goes_back_through_strokes_and_decisions_and_shows_where(edited):
    bench, layer = edited, edited.paint.recorder.layer
    bench.edits.undo()
    assert bench.sentences[-1] == "Undone: paint death."
    assert not layer.data[5].any()
    assert status(bench)["found-1/0"] == "accepted"
    bench.edits.undo()
    assert bench.sentences[-1] == "Undone: accept division."
    assert status(bench)["found-1/0"] == "proposed"  # no decision any more: a proposal again
    bench.edits.undo()
    assert (bench.sentences[-1], frame(bench)) == ("Undone: paint division.", 3)
    assert not layer.data.any()
    bench.edits.undo()
    assert bench.sentences[-1] == "There is nothing to undo."


def test_redo_goes_the_same_way_forward(edited):
    bench, layer = edited, edited.paint.recorder.layer
    before = layer.data.copy()
    for _ in range(3):
        bench.edits.undo()
    for _ in range(3):
        bench.edits.redo()
    assert frame(bench) == 5
    np.testing.assert_array_equal(layer.data, before)
    np.testing.assert_array_equal(painted(bench.project), before)
    assert status(bench)["found-1/0"] == "accepted"
    bench.edits.redo()
    assert bench.sentences[-1] == "There is nothing to redo."
    assert bench.errors == []


def test_the_keys_of_the_paint_layer_undo_in_the_project(bench):
    layer = bench.paint.new_layer()
    undo, redo = (
        next(act for key, act in layer.keymap.items() if str(key) == key_map.BY_NAME[name].cap)
        for name in ("undo", "redo")
    )
    dab(layer, 2, 20, 20)
    undo(layer)
    assert not layer.data.any()
    assert bench.project.redo_title == "paint division"
    redo(layer)
    assert layer.data.any()
    assert painted(bench.project).any()


def test_undo_and_redo_survive_a_new_start(bench, open_bench):
    layer = bench.paint.new_layer()
    dab(layer, 2, 20, 20)
    bench.paint.flush()
    bench.events.reject(["found-1/1"])
    bench.edits.undo()
    before = layer.data.copy()
    path, movie = bench.project.path, bench.looked_at.layer
    bench.shut_down()

    again = open_bench()
    again.desk.open(path)
    look_at(again, again.viewer.add_layer(movie))
    assert again.project.redo_title == "reject death"
    again.edits.redo()
    assert status(again) == {"found-1/0": "proposed", "found-1/1": "rejected"}
    again.edits.undo()
    np.testing.assert_array_equal(again.paint.recorder.layer.data, before)
    again.edits.undo()
    assert not again.paint.recorder.layer.data.any()


def test_every_kind_of_decision_goes_into_the_project_first(bench):
    events = bench.events
    events.shift_time(["found-1/0"], 1)
    events.set_kind(["found-1/1"], "division")
    added = events.add(Event(3, 20, 20, "death"))
    decided = dict(bench.project.events("movie-1"))
    assert [decided[i].t for i in ("found-1/0", "found-1/1", added)] == [2, 4, 3]
    assert [decided[i].kind for i in ("found-1/0", "found-1/1", added)] == [
        "division",
        "division",
        "death",
    ]
    assert decided == dict(events.events)
    events.delete([added])
    assert added not in bench.project.events("movie-1")
    assert added not in events
    bench.edits.undo()
    assert events.get(added).status == "added"


def test_a_decision_about_an_older_proposal_taken_back_uncovers_the_newer_one(bench):
    bench.events.accept(["found-1/0"])
    propose(bench, "found-2", [Event(1, 5, 7, score=0.7)])
    assert list(bench.events.events) == ["found-1/0"]
    bench.edits.undo()
    assert status(bench) == {"found-2/0": "proposed"}
    bench.edits.redo()
    assert "found-1/0" in bench.events


def test_what_is_undone_on_another_movie_moves_nobody(bench, tmp_path):
    dab(bench.paint.new_layer(), 2, 20, 20)
    bench.paint.flush()
    first = bench.paint.recorder.layer
    look_at(bench, opened(bench.viewer, written(tmp_path / "other.tif", seed=1)))
    bench.take_in()
    bench.viewer.dims.set_current_step(0, 5)
    bench.edits.undo()
    assert not first.data.any()
    assert frame(bench) == 5
    assert bench.sentences == ["Undone: paint division in cells."]


def test_without_a_movie_or_a_project_nothing_happens(open_bench):
    bench = open_bench()
    bench.edits.undo()
    bench.events.add(Event(1, 2, 3))
    assert bench.errors == ["There is no movie yet; open one, or drag its file into the window."]
    assert len(bench.events) == 0


def test_a_second_window_says_why_nothing_is_decided_or_undone(bench, open_bench):
    second = open_bench()
    bench.project.snapshot()  # waits until all is on disk
    second.desk.open(bench.project.path)
    look_at(second, second.viewer.add_image(pixels(), name="cells"))
    assert list(status(second).values()) == ["proposed", "proposed"]
    second.events.accept(["found-1/0"])
    second.edits.undo()
    assert ["is open in another window" in said for said in second.errors] == [True, True]
    assert list(status(second).values()) == ["proposed", "proposed"]
    with Project.open(bench.project.path) as third:
        assert third.undo_title is None
