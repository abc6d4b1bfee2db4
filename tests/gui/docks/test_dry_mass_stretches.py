"""Abnormal stretches in the dock 'Dry mass', with a worker that only pretends."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from qtpy.QtCore import QPointF, Qt
from qtpy.QtWidgets import QApplication

from cell_events.gui.docks.dry_mass import DryMass
from cell_events.gui.layers.our_layers import (
    CELL_COLOURS,
    CELL_STRETCHES,
    CELL_TRACKS,
    role_of,
)
from cell_events.jobs import SegmentsDetect, SegmentsTrain
from cell_events.series.segment_tables import read_segments
from tests.gui.small_movies import opened, written

STAND_INS = Path(__file__).parents[2] / "worker_with_dry_mass_stand_ins.py"
SHAPE = (30, 40, 56)
ARRESTED, NOTHING = 4, 0.99


@pytest.fixture
def open_dry_mass(open_job_dock):
    """Function that docks the widget, with a worker that pretends."""
    return partial(open_job_dock, DryMass, STAND_INS)


@pytest.fixture
def movie(viewer, tmp_path):
    return opened(viewer, written(tmp_path / "movies" / "cells.tif", shape=SHAPE))


@pytest.fixture
def dock(open_dry_mass, viewer, movie, run, qtbot):
    """The dock with measured cells; the curve of one of them is shown."""
    viewer.add_labels(np.ones(SHAPE, np.uint16), name="my labels")
    dock = open_dry_mass()
    box = dock.form.inputs.unit
    box.setCurrentIndex(box.findData("nm"))
    run(dock, dock.form.measure)
    qtbot.waitUntil(lambda: dock.cells.loaded is not None)
    show(dock, ARRESTED)
    return dock


@pytest.fixture
def found(dock, run, qtbot):
    """The dock after stretches were found."""
    run(dock, dock.form.stretches.detect)
    qtbot.waitUntil(lambda: dock.stretches.found is not None)
    return dock


def show(dock, cell):
    dock.review._stays = True
    dock.form.review.session.select(cell)
    dock.review._stays = False


def curve_of(dock):
    return dock.form.review.form.curve


def take(dock, tool, kind="arrest"):
    tools = curve_of(dock).tools
    tools.kind.setEditText(kind)
    getattr(tools, tool).click()
    return tools


def painted(dock):
    return [(one.series, one.kind, one.start, one.end) for one in dock.stretches.painting.segments]


def of_role(viewer, role):
    return [layer for layer in viewer.layers if role_of(layer) == role]


def drag(dock, qtbot, *frames):
    """Press the mouse on the plot at the first frame, and let go at the last."""
    plot = curve_of(dock).drawing.plot
    view = plot.getViewBox()
    height = view.viewRect().center().y()
    at = [plot.mapFromScene(view.mapViewToScene(QPointF(frame, height))) for frame in frames]
    target = plot.viewport()
    qtbot.mouseMove(target, at[0])
    qtbot.mousePress(target, Qt.MouseButton.LeftButton, pos=at[0])
    for place in at[1:]:
        qtbot.mouseMove(target, place)
        qtbot.wait(20)  # the scene looks at moves now and then
    qtbot.mouseRelease(target, Qt.MouseButton.LeftButton, pos=at[-1])


def test_a_drag_of_the_mouse_paints_and_an_undo_takes_it_back(dock, qtbot):
    take(dock, "paint")
    drag(dock, qtbot, 10, 14, 20)
    assert painted(dock) == [("4", "arrest", 10, 20)]
    assert len(curve_of(dock).stretches.painted) == 1
    assert "arrest&nbsp;(painted)" in curve_of(dock).key.text()
    said = dock.form.stretches.told_painted.text()
    assert said.startswith("<b>1</b> stretch painted on 1 cell: 1 arrest. Paint 'normal' on some")
    dock.form.review.undo_wanted.emit()
    assert painted(dock) == []
    assert curve_of(dock).stretches.painted == []
    dock.form.review.redo_wanted.emit()
    assert painted(dock) == [("4", "arrest", 10, 20)]


def test_without_a_tool_the_curve_leads_to_frames_and_nothing_is_painted(dock, viewer, qtbot):
    drag(dock, qtbot, 10, 14, 20)
    assert painted(dock) == []
    tools = take(dock, "paint")
    tools.paint.click()  # put away again
    assert tools.tool == ""
    curve_of(dock).frame_clicked.emit(12)
    assert viewer.dims.current_step[0] == 12


def test_the_eraser_cuts_and_its_click_takes_all_away(dock):
    curve = curve_of(dock)
    take(dock, "paint")
    curve._on_drawn(4.6, 20.4)
    take(dock, "erase")
    curve._on_drawn(9, 11)
    assert painted(dock) == [("4", "arrest", 5, 8), ("4", "arrest", 12, 20)]
    curve.stretch_removed.emit(15)
    assert painted(dock) == [("4", "arrest", 5, 8)]


def test_a_stroke_beside_the_curve_paints_what_is_on_it(dock):
    take(dock, "paint", "my own kind")
    curve_of(dock)._on_drawn(25, 60)
    curve_of(dock)._on_drawn(40, 60)
    assert painted(dock) == [("4", "my own kind", 25, 29)]
    assert curve_of(dock).tools.kind.findText("my own kind") >= 0


def test_a_kind_needs_a_name(dock):
    take(dock, "paint", "  ")
    curve_of(dock)._on_drawn(2, 5)
    assert painted(dock) == []
    assert "The kind has no name" in dock.form.run_bar.sentence


def test_other_cells_show_their_own_stretches(dock):
    take(dock, "paint")
    curve_of(dock)._on_drawn(2, 5)
    show(dock, 2)
    assert curve_of(dock).stretches.painted == []
    show(dock, ARRESTED)
    assert len(curve_of(dock).stretches.painted) == 1


def test_an_undo_goes_to_the_cell_whose_stretch_is_taken_back(dock):
    take(dock, "paint")
    curve_of(dock)._on_drawn(2, 5)
    show(dock, 2)
    dock.form.review.undo_wanted.emit()
    assert dock.form.review.session.current == ARRESTED


def test_a_model_that_was_loaded_first_is_that_of_the_first_project(
    open_dry_mass, viewer, movie, run, tmp_path
):
    dock = open_dry_mass()
    model = tmp_path / "mine.safetensors"
    model.write_bytes(b"a network")
    dock.form.stretches.model.path = model
    viewer.add_labels(np.ones(SHAPE, np.uint16), name="my labels")
    box = dock.form.inputs.unit
    box.setCurrentIndex(box.findData("nm"))
    run(dock, dock.form.measure)
    assert dock.stretches.state.model == dock.form.stretches.model.path == model


def test_nothing_painted_is_nothing_to_learn_from(dock, run):
    assert "No abnormal stretch is painted yet" in run(dock, dock.form.stretches.train)
    take(dock, "paint", "normal")
    curve_of(dock)._on_drawn(2, 5)
    assert dock.form.stretches.told_painted.text().endswith("painted on 1 cell: 1 normal.")
    assert "No abnormal stretch is painted yet" in run(dock, dock.form.stretches.train)


def test_what_is_painted_is_learned_and_the_model_is_used(dock, run):
    take(dock, "paint")
    curve_of(dock)._on_drawn(10, 29)
    said = run(dock, dock.form.stretches.train)
    job = dock.runs.last_job
    assert isinstance(job, SegmentsTrain)
    assert "Learned from 1 arrest" in said
    assert job.series == (dock.cells.loaded.wanted.tracks,)
    assert job.channels == ("dry_mass_pg",)
    (label,) = read_segments(job.labels[0])
    assert (label.series, label.kind, label.start, label.end) == ("4", "arrest", 10, 29)
    assert dock.form.stretches.model.path == job.model
    run(dock, dock.form.stretches.detect)
    assert dock.runs.last_job.model == job.model
    dock.form.stretches.model.forget()
    assert dock.stretches.state.model is None


def test_found_stretches_are_on_the_curve_and_on_the_layers(found, viewer):
    assert "2 stretches found in 2 of 6 cells" in found.form.run_bar.sentence
    assert "<b>2</b> found in 2 cells: 1 arrest, 1 swap." in found.form.stretches.told_found.text()
    assert len(curve_of(found).stretches.found) == 1
    assert "arrest&nbsp;(found,&nbsp;90%)" in curve_of(found).key.text()
    (squares,) = of_role(viewer, CELL_STRETCHES)
    assert len(squares.data) == 22
    assert set(squares.features["segment"]) == {"arrest", "swap"}
    (tracks,) = of_role(viewer, CELL_TRACKS)
    assert tracks.color_by == "segment"
    abnormal = tracks.features[tracks.features["segment"] > 0]
    assert len(abnormal) == 22
    assert set(abnormal["segment_probability"]) == {0.9, 0.6}
    (labels,) = of_role(viewer, CELL_COLOURS)
    told = labels.features.set_index("index").loc[ARRESTED]
    assert (told["segment"], told["segment_probability"]) == ("arrest 10-29", 0.9)


def test_one_goes_from_cell_to_cell_from_the_surest_stretch_on(found, viewer):
    show(found, 1)
    cells, frames = [], []
    for _ in range(3):
        found.form.stretches.next_found.click()
        cells.append(found.form.review.session.current)
        frames.append(viewer.dims.current_step[0])
    assert cells == [ARRESTED, 2, ARRESTED]
    assert frames == [19, 3, 19]


def test_tracks_have_one_colour_for_each_kind(found, viewer):
    (tracks,) = of_role(viewer, CELL_TRACKS)
    numbers = tracks.features["segment"].to_numpy()
    colours = [{tuple(colour) for colour in tracks.track_colors[numbers == i]} for i in range(3)]
    assert [len(colour) for colour in colours] == [1, 1, 1]
    assert len(set.union(*colours)) == 3


def test_flags_do_not_hide_what_labels_tell_of_stretches(found, viewer, run, qtbot):
    run(found, found.form.flag)
    qtbot.waitUntil(lambda: found.flags.are_there)
    (labels,) = of_role(viewer, CELL_COLOURS)
    told = labels.features.set_index("index").loc[ARRESTED]
    assert (told["flag"], told["segment"]) == ("flagged", "arrest 10-29")
    show(found, ARRESTED)
    found.form.review.form.answers["PA"].click()
    assert labels.features.set_index("index").loc[ARRESTED, "segment"] == "arrest 10-29"


def test_nothing_found_leaves_no_layer_behind(found, viewer, run, qtbot):
    found.form.stretches.threshold.setValue(NOTHING)
    assert "No abnormal stretch found in 6 cells" in run(found, found.form.stretches.detect)
    qtbot.waitUntil(lambda: not found.stretches.found.segments)
    assert of_role(viewer, CELL_STRETCHES) == []
    assert curve_of(found).stretches.found == []
    (tracks,) = of_role(viewer, CELL_TRACKS)
    assert tracks.color_by == "dry_mass_pg"


def test_several_columns_need_a_model_of_their_own(dock, run):
    group = dock.form.stretches
    assert group.channels.chosen == ("dry_mass_pg",)
    group.channels._boxes["area_px"].click()
    assert group.channels.text() == "2 columns"
    assert "reads one column, and 2 are chosen" in run(dock, group.detect)
    take(dock, "paint")
    curve_of(dock)._on_drawn(2, 5)
    run(dock, group.train)
    assert dock.runs.last_job.channels == ("dry_mass_pg", "area_px")
    run(dock, group.detect)
    assert isinstance(dock.runs.last_job, SegmentsDetect)


def test_the_last_column_stays_chosen(dock):
    group = dock.form.stretches
    group.channels._boxes["dry_mass_pg"].click()
    assert group.channels.chosen == ("dry_mass_pg",)


def test_reopening_brings_stretches_back(found, open_dry_mass, viewer, movie, qtbot):
    take(found, "paint")
    curve_of(found)._on_drawn(2, 5)
    found.form.stretches.channels._boxes["area_px"].click()
    found.shut_down()
    viewer.layers.clear()
    opened(viewer, Path(movie.source.path))
    again = open_dry_mass()
    qtbot.waitUntil(lambda: again.stretches.found is not None)
    assert painted(again) == [("4", "arrest", 2, 5)]
    assert again.form.stretches.channels.chosen == ("dry_mass_pg", "area_px")
    assert len(of_role(viewer, CELL_STRETCHES)) == 1


def test_measuring_again_puts_the_stretches_of_other_cells_away(found, viewer, run, qtbot):
    take(found, "paint")
    curve_of(found)._on_drawn(2, 5)
    run(found, found.form.measure)
    qtbot.waitUntil(lambda: found.stretches.found is None)
    assert painted(found) == []
    assert of_role(viewer, CELL_STRETCHES) == []


def test_stretches_are_saved(found, tmp_path):
    take(found, "paint")
    curve_of(found)._on_drawn(2, 5)
    found.stretches.files.write_found(tmp_path / "out" / "segments.csv")
    found.stretches.files.write_painted(tmp_path / "out" / "painted.csv")
    assert [one.kind for one in read_segments(tmp_path / "out" / "segments.csv")] == [
        "arrest",
        "swap",
    ]
    assert len(read_segments(tmp_path / "out" / "painted.csv")) == 1


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ("train", "No cells are measured yet"),
        ("detect", "No cells are measured yet"),
        ("save_found", "No stretch was found yet"),
        ("save_painted", "No abnormal stretch is painted yet"),
    ],
)
def test_every_button_of_an_empty_viewer_says_what_to_do(open_dry_mass, button, words):
    dock = open_dry_mass()
    getattr(dock.form.stretches, button).click()
    assert words in dock.form.run_bar.sentence


def test_both_jobs_give_their_command_lines(dock, qtbot):
    take(dock, "paint")
    curve_of(dock)._on_drawn(2, 5)
    for button, verb in (("train", "segments train"), ("detect", "segments detect")):
        (action,) = getattr(dock.form.stretches, button).actions()
        action.trigger()
        said = f"cell-events {verb} "
        qtbot.waitUntil(lambda said=said: QApplication.clipboard().text().startswith(said))
    assert not dock.bench.queue.busy
