"""The dock 'Mitosis (M1-M3)': four steps, each with a worker that only pretends to learn."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from napari.layers import Labels
from qtpy.QtWidgets import QApplication

from cell_events.events import Event, read_events
from cell_events.gui.docks.mitosis import Mitosis
from cell_events.gui.docks.review_events import ReviewEvents
from cell_events.gui.layers.our_layers import CELL_MAP, role_of
from cell_events.gui.running.unfinished_runs import finished_runs, unfinished_runs
from cell_events.jobs import MitosisMap, MitosisTrain
from tests.gui.small_movies import opened, written

STAND_INS = Path(__file__).parents[2] / "worker_with_mitosis_stand_ins.py"
SHAPE = (30, 40, 56)
ENDLESS, FAILS = 7, 13


@pytest.fixture
def cells(viewer, tmp_path):
    return opened(viewer, written(tmp_path / "movies" / "cells.tif", shape=SHAPE))


@pytest.fixture
def open_mitosis(open_job_dock):
    """Function that docks the widget, with a worker that pretends."""
    return partial(open_job_dock, Mitosis, STAND_INS)


@pytest.fixture
def planned(open_mitosis, cells, run):
    """The dock after its first two steps."""
    dock = open_mitosis()
    run(dock, dock.form.map_cells)
    run(dock, dock.form.make_plan)
    return dock


def cell_maps(viewer):
    return [layer for layer in viewer.layers if role_of(layer) == CELL_MAP]


def marked(dock, *frames):
    """Divisions that a person marked in these frames."""
    for t in frames:
        dock.bench.events.add(Event(t, 10, 10))
    dock.points.count()


@pytest.mark.parametrize("button", ["map_cells", "make_plan", "train", "detect", "add_divisions"])
def test_every_step_of_an_empty_viewer_says_what_to_do(open_mitosis, button):
    dock = open_mitosis()
    getattr(dock.form, button).click()
    assert "There is no movie yet" in dock.form.run_bar.sentence


def test_all_maps_are_shown_and_the_proposed_one_lies_on_the_movie(
    open_mitosis, viewer, cells, run, qtbot
):
    dock = open_mitosis()
    assert "map 2 is proposed (3 round objects)" in run(dock, dock.form.map_cells)
    grid = dock.form.maps
    assert not grid.isHidden()
    assert grid.choice == 2
    qtbot.waitUntil(lambda: len(grid.pictures) == 4)
    (layer,) = cell_maps(viewer)
    assert layer.scale[-1] == 4
    assert layer.translate[-1] == 1.5
    assert not isinstance(layer.data, np.ndarray)  # read frame by frame
    assert np.asarray(layer.data[7]).sum() == 12
    assert np.asarray(layer.data[7, 3:6, 2:6]).all()
    assert viewer.layers.selection.active is cells


def test_another_map_is_chosen_by_a_click_and_kept(open_mitosis, viewer, cells, run):
    dock = open_mitosis()
    run(dock, dock.form.map_cells)
    dock.form.maps.choose(1)
    (layer,) = cell_maps(viewer)
    assert np.asarray(layer.data[0, 2:5, 2:6]).all()
    assert dock.jobs.state.chosen_map == 1
    dock.form.maps.choose(3)  # shows nothing
    assert dock.jobs.state.chosen_map == 1
    run(dock, dock.form.make_plan)
    assert dock.runs.last_job.choose == 1
    assert dock.runs.last_job.map.name == "cell-maps-1"


def test_a_cell_map_is_no_paint(open_mitosis, open_dock, viewer, cells, run):
    dock = open_mitosis()
    run(dock, dock.form.map_cells)
    paint = open_dock()
    paint.form.paint.refresh()
    assert isinstance(cell_maps(viewer)[0], Labels)
    assert paint.form.paint.count() == 0


def test_the_plan_fills_in_the_frames_and_goes_there(planned, viewer):
    form = planned.form
    assert "Annotate 9 frames: 8-16" in form.run_bar.sentence
    assert form.k.value() == 5
    assert form.frames.text() == "8-16"
    assert form.histogram.counts == {3: 1, 4: 1, 5: 1, 6: 1}
    form.go_there.click()
    assert viewer.dims.current_step[0] == 8


def test_another_k_plans_anew_unless_somebody_chose_the_frames(planned):
    form = planned.form
    form.k.setValue(3)
    assert "6 frames: 7-12" in form.advice.text()
    assert form.frames.text() == "7-12"
    form.frames.setText("2-20")
    form.frames.editingFinished.emit()
    form.k.setValue(4)
    assert form.frames.text() == "2-20"


def test_divisions_are_counted_and_those_outside_are_named(planned):
    assert planned.form.marked.text() == "No divisions marked in the frames 8-16."
    marked(planned, 9, 16, 2, 20)
    assert planned.form.marked.text() == (
        "2 divisions marked in the frames 8-16. 2 outside (frames 2, 20) are not learned."
    )
    planned.bench.edits.undo()
    planned.points.count()
    assert "1 outside (frame 2) is not learned" in planned.form.marked.text()


def test_the_tool_that_adds_divisions_is_picked_up_in_the_first_frame(planned, viewer, qtbot):
    viewer.dims.set_current_step(0, 25)
    planned.form.add_divisions.click()
    layer = planned.bench.points.layer
    assert viewer.layers.selection.active is layer
    assert layer.mode == "add"
    assert not cell_maps(viewer)[0].visible  # it would hide the cells
    assert viewer.dims.current_step[0] == 8
    layer.add((8, 20, 20))
    qtbot.waitUntil(lambda: "1 division marked" in planned.form.marked.text())
    (event,) = planned.bench.project.events("movie-1").values()
    assert (event.t, event.kind, event.status) == (8, "division", "added")
    assert layer.mode == "add"


def test_a_division_is_added_though_another_kind_comes_first(planned, qtbot):
    planned.bench.desk.set_value("name", "kinds", ["death", "division"])
    planned.form.add_divisions.click()
    planned.bench.points.layer.add((8, 20, 20))
    qtbot.waitUntil(lambda: len(planned.bench.events) == 1)
    assert planned.bench.events.kinds == {"division"}


def test_only_divisions_in_the_frames_are_learned(planned, run):
    assert "No division is marked in the frames 8-16 yet" in run(planned, planned.form.train)
    marked(planned, 9, 16, 2)
    said = run(planned, planned.form.train)
    assert "(F1 0.90 where held out)" in said
    assert "Now press 'Detect divisions'" in said
    job = planned.runs.last_job
    assert isinstance(job, MitosisTrain)
    assert (job.frames, job.length, job.plan.name) == (("8-16",), "5", "plan-1")
    assert [event.t for event in read_events(job.points[0])] == [9, 16]
    assert planned.form.model.path == job.model
    assert planned.form.curves.points["total"].y


def test_what_is_detected_goes_into_the_inbox_with_its_scores(planned, viewer, run, qtbot):
    marked(planned, 9)
    run(planned, planned.form.train)
    planned.form.add_divisions.click()
    assert "2 divisions found" in run(planned, planned.form.detect)
    assert planned.bench.points.layer.mode == "pan_zoom"
    assert sorted(e.status for e in planned.bench.events.events.values()) == [
        "added",
        "proposed",
        "proposed",
    ]
    qtbot.waitUntil(lambda: planned.bench.heat.layer in viewer.layers)
    assert planned.bench.heat.layer.data.shape[-2:] == (10, 14)


def test_reopening_brings_the_dock_back(planned, open_mitosis, viewer, cells, run, qtbot):
    planned.form.maps.choose(0)
    marked(planned, 9)
    run(planned, planned.form.train)
    run(planned, planned.form.detect)
    planned.form.k.setValue(6)
    model = planned.form.model.path
    planned.shut_down()
    viewer.layers.clear()
    opened(viewer, Path(cells.source.path))
    again = open_mitosis()
    form = again.form
    assert (form.maps.choice, form.k.value(), form.model.path) == (0, 6, model)
    assert form.frames.text() == "2-12"
    assert form.histogram.counts
    assert "1 division marked in the frames 2-12" in form.marked.text()
    assert len(cell_maps(viewer)) == 1
    qtbot.waitUntil(lambda: again.bench.heat.layer in viewer.layers)


def test_an_error_is_one_sentence_and_the_dock_lives_on(open_mitosis, cells, run):
    dock = open_mitosis()
    dock.form.expert.map_steps.setValue(FAILS)
    assert run(dock, dock.form.map_cells).startswith("All maps are empty")
    dock.form.expert.map_steps.setValue(5)
    assert "map 2" in run(dock, dock.form.map_cells)


def test_a_run_that_was_stopped_can_be_resumed(open_mitosis, cells, qtbot):
    dock = open_mitosis()
    dock.form.expert.map_steps.setValue(ENDLESS)
    dock.form.map_cells.click()
    qtbot.waitUntil(lambda: "Learn" in dock.form.run_bar.sentence, timeout=60_000)
    assert not dock.form.make_plan.isEnabled()
    dock.form.run_bar.stop_button.click()
    qtbot.waitUntil(lambda: dock.bench.queue.running is None, timeout=60_000)
    (left,) = unfinished_runs(dock.bench.project.path)
    assert left.path.name == "mitosis-map-1.json"
    assert not dock.runs.left_runs.isHidden()
    assert dock.runs.left_runs.words.startswith("Interrupted: Map the cells")


def test_a_result_waits_for_its_dock(open_mitosis, open_dock, cells, run):
    dock = open_mitosis()
    run(dock, dock.form.map_cells)
    paint = open_dock()
    dock.jobs.leave()  # as if the dock were closed before the job ends
    folder = dock.bench.project.path / "results" / "other"
    job = MitosisMap(dock.runs.last_job.movies, out=folder)
    sentence = dock.bench.runs._take_up("Map the cells", job, {"proposed": 2})
    assert "open its dock again" in sentence
    paint.bench.runs.show_finished()  # this dock leaves it alone
    assert len(finished_runs(dock.bench.project.path)) == 1
    again = open_mitosis()
    assert finished_runs(dock.bench.project.path) == []
    assert again.jobs.state.value("map") == "results/other"


def test_both_docks_look_at_the_same_movie(open_mitosis, open_dock, viewer, cells, tmp_path):
    other = opened(viewer, written(tmp_path / "others" / "other.tif", seed=1, shape=SHAPE))
    dock = open_mitosis()
    dock.form.movie.layer = cells
    paint = open_dock()
    assert paint.form.movie.layer is cells
    paint.form.movie.layer = other
    assert dock.form.movie.layer is other
    assert dock.bench.looked_at.layer is other


@pytest.mark.parametrize("button", ["map_cells", "make_plan", "train", "detect"])
def test_every_step_gives_its_command_line_without_doing_it(planned, button, qtbot):
    marked(planned, 9)
    planned.form.model.path = Path("detector.safetensors")
    (action,) = getattr(planned.form, button).actions()
    action.trigger()
    verb = {"map_cells": "mitosis map", "make_plan": "mitosis plan", "train": "mitosis train"}
    command = f"cell-events {verb.get(button, 'detect')} "
    qtbot.waitUntil(lambda: QApplication.clipboard().text().startswith(command))
    assert not planned.bench.queue.busy


def test_what_was_typed_before_a_project_began_is_what_is_learned(open_mitosis, cells, run):
    dock = open_mitosis()
    dock.form.frames.setText("3-12")
    dock.form.model.path = Path("detector.safetensors")
    dock.form.k.setValue(4)  # begins the project
    assert dock.form.k.value() == 4
    dock.form.frames.setText("3-12")
    dock.bench.events.add(Event(5, 10, 10))
    run(dock, dock.form.train)
    job = dock.runs.last_job
    assert (job.length, job.frames, job.plan) == ("4", ("3-12",), None)


def test_a_detector_that_was_loaded_is_kept_by_the_project(open_mitosis, cells, tmp_path):
    dock = open_mitosis()
    loaded = tmp_path / "mine.safetensors"
    loaded.write_bytes(b"a detector")
    dock.form.model.path = loaded
    dock.choice.look_again()
    assert dock.form.model.path == loaded
    dock.shut_down()
    assert open_mitosis().form.model.path == loaded


def test_undo_works_on_the_points_and_still_after_the_inbox_was_closed(planned, viewer):
    marked(planned, 9)
    layer = planned.bench.points.layer
    review = ReviewEvents(viewer)
    review.shut_down()
    assert len(planned.bench.events) == 1
    layer.keymap[next(key for key in layer.keymap if str(key) == "Ctrl+Z")](layer)
    assert len(planned.bench.events) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [("8", "must be one range"), ("20-40", "which has the frames 0 to 29")],
)
def test_frames_that_cannot_be_meant_are_explained(planned, text, words):
    planned.form.frames.setText(text)
    planned.form.frames.editingFinished.emit()
    assert words in planned.form.run_bar.sentence
    assert planned.jobs.state.value("frames") == "8-16"


def test_damaged_results_are_shown_as_none(planned):
    (planned.jobs.state.plan_folder / "plan.json").write_text("{")
    (planned.jobs.state.map_folder / "maps.json").write_text(json.dumps([1]))
    planned.show_all()
    assert planned.form.maps.isHidden()
    assert planned.form.advice.text() == "No plan yet."


def test_the_dock_fits_a_small_screen(planned):
    planned.form.expert.expand(animate=False)
    assert planned.minimumSizeHint().width() <= 400
    assert planned.minimumSizeHint().height() <= 500
