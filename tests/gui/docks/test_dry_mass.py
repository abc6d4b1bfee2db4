"""The dock 'Dry mass': four steps, with a worker that only pretends to measure and to learn."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from napari.layers import Labels, Points, Tracks
from qtpy.QtWidgets import QApplication

from cell_events.dry_mass.flags import read_flags
from cell_events.gui.docks.dry_mass import DryMass
from cell_events.gui.layers.our_layers import CELL_COLOURS, CELL_FLAGS, CELL_TRACKS, role_of
from cell_events.jobs import AnomaliesDetect, AnomaliesTrain, Measure
from tests.gui.small_movies import opened, written

STAND_INS = Path(__file__).parents[2] / "worker_with_dry_mass_stand_ins.py"
SHAPE = (30, 40, 56)
FAILS, ARRESTED, UNJUDGED = 13, 4, 6


@pytest.fixture
def cells(viewer, tmp_path):
    return opened(viewer, written(tmp_path / "movies" / "cells.tif", shape=SHAPE))


@pytest.fixture
def labels(viewer, cells):
    data = np.zeros(SHAPE, np.uint16)
    data[:, 4:7, 4:7] = 1
    return viewer.add_labels(data, name="my labels")


@pytest.fixture
def open_dry_mass(open_job_dock):
    """Function that docks the widget, with a worker that pretends."""
    return partial(open_job_dock, DryMass, STAND_INS)


@pytest.fixture
def measured(open_dry_mass, cells, labels, run, qtbot):
    """The dock after its first step."""
    dock = open_dry_mass()
    choose_unit(dock, "nm")
    run(dock, dock.form.measure)
    qtbot.waitUntil(lambda: dock.cells.loaded is not None)
    return dock


@pytest.fixture
def flagged(measured, run, qtbot):
    """The dock after its third step."""
    run(measured, measured.form.flag)
    qtbot.waitUntil(lambda: measured.flags.are_there)
    return measured


def choose_unit(dock, unit):
    box = dock.form.inputs.unit
    box.setCurrentIndex(box.findData(unit))


def choose_cells(dock, cells):
    box = dock.form.inputs.cells
    box.setCurrentIndex(box.findData(cells))


def ours(viewer, role):
    return [layer for layer in viewer.layers if role_of(layer) == role]


def flags_of(dock):
    return {flag.track_id: flag.flag for flag in dock.flags.now}


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ("measure", "There is no movie yet"),
        ("train", "No cells are measured yet"),
        ("flag", "No cells are measured yet"),
        ("save_flags", "No cells are flagged yet"),
        ("save_tracks", "No cells are measured yet"),
        ("copy_command", "Nothing was run yet"),
    ],
)
def test_every_step_of_an_empty_viewer_says_what_to_do(open_dry_mass, button, words):
    dock = open_dry_mass()
    getattr(dock.form, button).click()
    assert words in dock.form.run_bar.sentence


def test_labels_are_asked_for(open_dry_mass, cells, run):
    dock = open_dry_mass()
    assert "There is no Labels layer with the cells yet" in run(dock, dock.form.measure)


def test_a_unit_that_the_file_does_not_tell_is_asked_for(open_dry_mass, cells, labels, run):
    dock = open_dry_mass()
    assert "The unit of the grey values is unknown" in run(dock, dock.form.measure)
    assert dock.form.inputs.wavelength.isHidden()
    choose_unit(dock, "rad")
    assert not dock.form.inputs.wavelength.isHidden()
    dock.form.inputs.wavelength.setValue(0.532)
    assert "6 cells measured in 30 frames" in run(dock, dock.form.measure)
    assert dock.runs.last_job.wavelength_um == 0.532


def test_a_layer_may_say_what_its_grey_values_weigh(open_dry_mass, viewer, cells, labels, run):
    cells.metadata["pg_per_grey"] = 0.0084
    dock = open_dry_mass()
    assert (dock.form.inputs.values.unit, dock.form.inputs.values.pg_per_grey) == ("pg", 0.0084)
    run(dock, dock.form.measure)
    assert (dock.runs.last_job.unit, dock.runs.last_job.pg_per_grey) == ("pg", 0.0084)


def test_measured_cells_become_tracks_and_labels_on_the_movie(measured, viewer, cells, labels):
    (tracks,) = ours(viewer, CELL_TRACKS)
    assert isinstance(tracks, Tracks)
    assert len(tracks.data) == 180
    assert {"dry_mass_pg", "area_px"} <= set(tracks.features)
    (shown,) = ours(viewer, CELL_COLOURS)
    assert isinstance(shown, Labels)
    assert not isinstance(shown.data, np.ndarray)  # read frame by frame
    assert np.asarray(shown.data[0, 20, 8]) == ARRESTED
    assert not labels.visible
    assert not ours(viewer, CELL_FLAGS)
    assert measured.form.told_cells.text() == "<b>6</b> cells in 30 frames."
    assert measured.form.inputs.labels.layer is labels  # ours are not offered


def test_labels_that_are_in_no_file_are_copied_into_the_project_once(measured, labels, run):
    job = measured.runs.last_job
    assert isinstance(job, Measure)
    assert job.labels.name == "labels-1.zarr"
    assert job.labels.parent == measured.bench.project.path / "results"
    run(measured, measured.form.measure)
    assert measured.runs.last_job.labels == job.labels
    labels.data[17, 30, 30] = 5  # one pixel somewhere
    run(measured, measured.form.measure)
    assert measured.runs.last_job.labels.name == "labels-2.zarr"


def test_labels_of_another_size_are_refused(open_dry_mass, viewer, cells, run):
    viewer.add_labels(np.ones((30, 40, 57), np.uint16), name="other labels")
    dock = open_dry_mass()
    said = run(dock, dock.form.measure)
    assert "30 x 40 x 57" in said
    assert "choose labels that were made from this movie" in said


def test_cells_are_found_without_labels(open_dry_mass, cells, run):
    dock = open_dry_mass()
    choose_cells(dock, "find")
    choose_unit(dock, "um")
    dock.form.inputs.background.setChecked(True)
    dock.form.inputs.pixel_size.setValue(0.5)
    run(dock, dock.form.measure)
    job = dock.runs.last_job
    assert (job.segment, job.labels, job.background, job.unit) == (True, None, True, "um")
    assert job.movies[0].pixel_size_um == 0.5


def test_a_click_on_a_cell_shows_its_curve_before_there_are_flags(measured):
    measured.review._on_click((0, 20, 9))
    assert measured.form.review.session.current == ARRESTED
    assert measured.form.review.form.curve.picture.curve.track_id == ARRESTED
    measured.review._on_click((0, 38, 50))  # beside all cells
    assert measured.form.review.session.current == ARRESTED


def test_a_real_click_on_the_canvas_means_the_cell_and_a_drag_the_camera(measured, viewer, qtbot):
    viewer.dims.set_current_step(0, 0)

    class Event:
        type, button, modifiers = "mouse_press", 1, ()
        position, pos = (0.0, 20.0, 8.0), np.array([10, 10])

    press = Event()
    drag = measured.review.clicks._on_press(viewer, press)
    next(drag)
    press.type, press.pos = "mouse_move", np.array([40, 10])
    next(drag)
    press.type = "mouse_release"
    assert list(drag) == []
    assert measured.form.review.session.current is None
    press.type, press.pos = "mouse_press", np.array([10, 10])
    still = measured.review.clicks._on_press(viewer, press)
    next(still)
    press.type = "mouse_release"
    assert list(still) == []
    assert measured.form.review.session.current == ARRESTED


def test_flags_are_rings_on_the_cell_while_it_is_unusual(flagged, viewer):
    (rings,) = ours(viewer, CELL_FLAGS)
    assert isinstance(rings, Points)
    assert rings.data[:, 0].tolist() == list(range(10, 30))
    assert (rings.data[:, 1] == 20).all()
    assert set(rings.features["track_id"]) == {ARRESTED}
    assert {"dry_mass_pg", "rmse_pg", "flag", "category"} <= set(rings.features)
    (shown,) = ours(viewer, CELL_COLOURS)
    assert tuple(shown.colormap.map(ARRESTED)) != tuple(shown.colormap.map(1))
    told = shown.features.set_index("index").loc[ARRESTED]
    assert (told["flag"], told["reason"], told["rmse_pg"]) == ("flagged", "arrest", 9.0)
    assert told["dry_mass_pg"] == 114.0
    assert "1 arrest" in flagged.form.told_flags.text()
    assert "1 not assessed" in flagged.form.told_flags.text()


def test_the_threshold_is_dragged_and_kept(flagged, viewer):
    histogram = flagged.form.histogram
    assert histogram.threshold == 5.0
    histogram.number.setValue(2.0)
    assert flags_of(flagged)[5] == "flagged"
    assert flags_of(flagged)[UNJUDGED] == "not assessed"
    (rings,) = ours(viewer, CELL_FLAGS)
    assert set(rings.features["track_id"]) == {4, 5}
    assert flagged.state.value("threshold") == 2.0
    assert flagged.form.run_bar.sentence == "2 cells are flagged with a threshold of 2."
    histogram.back.click()
    assert flags_of(flagged)[5] == "normal"
    assert flagged.state.value("threshold") is None


def test_the_next_cell_is_gone_to_and_its_curve_leads_to_a_frame(flagged, viewer):
    flagged.form.review.session.select(ARRESTED)
    assert viewer.dims.current_step[0] in range(10, 30)
    flagged.form.review.form.curve.frame_clicked.emit(25)
    assert viewer.dims.current_step[0] == 25
    assert tuple(viewer.scene.camera.center[-2:]) == (20, 33)


def test_an_answer_is_kept_coloured_and_undone(flagged, viewer):
    flagged.form.review.session.select(ARRESTED)
    flagged.form.review.form.answers["PA"].click()
    assert flagged.flags.answers == {ARRESTED: "PA"}
    (rings,) = ours(viewer, CELL_FLAGS)
    assert set(rings.features["category"]) == {"PA"}
    assert flagged.form.review.session.summary.reviewed == 1
    flagged.form.review.undo_wanted.emit()
    assert flagged.flags.answers == {}
    assert set(rings.features["category"]) == {""}


def test_reopening_brings_everything_back(flagged, open_dry_mass, viewer, cells, qtbot, run):
    flagged.form.histogram.number.setValue(2.0)
    flagged.form.review.session.select(5)
    flagged.form.review.form.answers["MA"].click()
    flagged.form.flagging.score.setCurrentText("isolation forest")
    flagged.shut_down()
    viewer.layers.clear()
    opened(viewer, Path(cells.source.path))
    again = open_dry_mass()
    qtbot.waitUntil(lambda: again.flags.are_there)
    assert again.flags.answers == {5: "MA"}
    assert flags_of(again)[5] == "flagged"
    assert again.form.histogram.threshold == 2.0
    assert again.form.inputs.values.unit == "nm"
    assert again.form.flagging.values.score == "combined"  # that of the flags
    for role in (CELL_TRACKS, CELL_FLAGS, CELL_COLOURS):
        assert len(ours(viewer, role)) == 1
    mine = again.form.inputs.labels.layer
    assert (mine.name, mine.visible) == ("labels-1", False)
    run(again, again.form.measure)
    assert again.runs.last_job.labels.name == "labels-1.zarr"


def test_measuring_again_puts_the_flags_of_other_cells_away(flagged, viewer, run, qtbot):
    flagged.form.review.session.select(ARRESTED)
    flagged.form.review.form.answers["CA"].click()
    run(flagged, flagged.form.measure)
    qtbot.waitUntil(lambda: not flagged.flags.are_there)
    assert not ours(viewer, CELL_FLAGS)
    assert flagged.flags.answers == {}
    assert flagged.form.histogram.isHidden()


def test_a_forecaster_is_trained_kept_and_used(flagged, run):
    said = run(flagged, flagged.form.train)
    assert "(off by 0.5 pg where held out)" in said
    job = flagged.runs.last_job
    assert isinstance(job, AnomaliesTrain)
    assert flagged.form.model.path == job.model
    flagged.form.flagging.score.setCurrentText("paper")
    assert flagged.form.flagging.values.rule == "gaussian"
    run(flagged, flagged.form.flag)
    assert (flagged.runs.last_job.model, flagged.runs.last_job.value) == (job.model, 1.96)
    flagged.form.model.forget()
    assert flagged.state.model is None


def test_an_error_is_one_sentence_and_the_dock_lives_on(measured, run):
    measured.form.expert.steps.setValue(FAILS)
    assert run(measured, measured.form.train).startswith("All curves are too short")
    measured.form.flagging.score.setCurrentText("paper")
    assert "give the model that anomalies train" in run(measured, measured.form.flag)
    measured.form.flagging.score.setCurrentText("combined")
    assert "1 of 5 cells flagged" in run(measured, measured.form.flag)


def tracks_csv(path, column="dry_mass_pg"):
    rows = [(i, t, 5 * i, 8 + t, 100 + t) for i in (1, 2, 3, 4) for t in range(20)]
    table = pd.DataFrame(rows, columns=["track_id", "t", "y", "x", column])
    table.to_csv(path, index=False)
    return path


def test_a_track_file_is_looked_at_without_any_movie(open_dry_mass, viewer, tmp_path, qtbot, run):
    dock = open_dry_mass()
    choose_cells(dock, "file")
    assert "No track file is chosen yet" in run(dock, dock.form.use_tracks)
    dock.form.inputs.file.path = tracks_csv(tmp_path / "mine.csv")
    dock.form.use_tracks.click()
    qtbot.waitUntil(lambda: dock.cells.loaded is not None)
    assert len(ours(viewer, CELL_TRACKS)[0].data) == 80
    assert dock.bench.project.path == tmp_path / "mine.cellevents"
    dock.review._on_click((3.0, 10.0, 11.0))
    assert dock.form.review.session.current == 2
    job = list(dock.jobs.flag_steps())
    assert job == []


def test_a_column_that_is_called_otherwise_is_proposed(open_dry_mass, cells, tmp_path, qtbot):
    dock = open_dry_mass()
    choose_cells(dock, "file")
    dock.form.inputs.file.path = tracks_csv(tmp_path / "mine.csv", column="mass")
    dock.form.use_tracks.click()
    qtbot.waitUntil(lambda: "did you mean 'mass'" in dock.form.run_bar.sentence)
    dock.form.inputs.column.setText("mass")
    dock.form.use_tracks.click()
    qtbot.waitUntil(lambda: dock.cells.loaded is not None)
    assert dock.jobs.tasks.column == "mass"


def test_a_tracks_layer_with_masses_is_taken(open_dry_mass, viewer, cells, qtbot, tmp_path):
    table = pd.read_csv(tracks_csv(tmp_path / "mine.csv"))
    places = table[["track_id", "t", "y", "x"]].to_numpy(float)
    viewer.add_tracks(places, features=table[["dry_mass_pg"]], name="from TrackMate")
    dock = open_dry_mass()
    choose_cells(dock, "tracks")
    dock.form.use_tracks.click()
    qtbot.waitUntil(lambda: dock.cells.loaded is not None)
    assert len(dock.cells.loaded.table.curves) == 4
    assert dock.cells.loaded.wanted.tracks.parent == dock.bench.project.path / "results"
    dock.form.inputs.column.setText("weight")
    dock.form.use_tracks.click()
    assert "The column 'weight' is missing" in dock.form.run_bar.sentence


def test_flags_and_tracks_are_saved_as_they_are_on_screen(flagged, tmp_path):
    flagged.form.histogram.number.setValue(2.0)
    flagged.form.review.session.select(5)
    flagged.form.review.form.answers["CMA"].click()
    flagged.saved.write_flags(tmp_path / "out" / "flags.csv")
    saved = {flag.track_id: flag for flag in read_flags(tmp_path / "out" / "flags.csv")}
    assert (saved[5].flag, saved[5].category, saved[5].threshold) == ("flagged", "CMA", 2.0)
    assert (tmp_path / "out" / "review.json").exists()
    flagged.saved.write_tracks(tmp_path / "out" / "tracks.csv")
    assert len(pd.read_csv(tmp_path / "out" / "tracks.csv")) == 180


@pytest.mark.parametrize(
    ("button", "verb"),
    [("measure", "measure"), ("train", "anomalies train"), ("flag", "anomalies detect")],
)
def test_every_step_gives_its_command_line_without_doing_it(measured, button, verb, qtbot):
    (action,) = getattr(measured.form, button).actions()
    action.trigger()
    qtbot.waitUntil(lambda: QApplication.clipboard().text().startswith(f"cell-events {verb} "))
    assert not measured.bench.queue.busy


def test_results_wait_for_the_dock(measured, open_dock, open_dry_mass, qtbot):
    paint = open_dock()
    measured.jobs.leave()  # as if the dock were closed before the job ends
    csv = measured.bench.project.path / "results" / "flags-9.csv"
    job = AnomaliesDetect(tracks=measured.cells.loaded.wanted.tracks, csv=csv)
    values = {"flagged": 0, "assessed": 6}
    assert "open its dock again" in paint.bench.runs._take_up("Flag cells", job, values)
    again = open_dry_mass()
    assert again.state.value("flags") == "results/flags-9.csv"


def test_the_dock_fits_a_small_screen(flagged):
    flagged.form.expert.expand(animate=False)
    assert flagged.minimumSizeHint().width() <= 400
    assert flagged.minimumSizeHint().height() <= 500
