"""The dock: what it says, what it survives, what it leaves behind."""

import os
import signal
import subprocess
import sys
from operator import attrgetter

import numpy as np
import pytest
from qtpy.QtCore import QEvent, QTimer
from qtpy.QtWidgets import QApplication

from cell_events.events import Event, read_events


def sentence(dock):
    return dock.form.run_bar.sentence


def wait_for(qtbot, dock, *words):
    qtbot.waitUntil(lambda: all(word in sentence(dock) for word in words), timeout=60_000)


def wait_for_end(qtbot, dock):
    qtbot.waitUntil(lambda: not dock.runner.busy, timeout=60_000)


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ("thorough.learn_arrow", "There is no movie yet"),
        ("new_paint", "There is no movie yet"),
        ("done_here", "There is no movie yet"),
        ("update_row.once", "There is no movie yet"),
        ("thorough.train", "There is no movie yet"),
        ("thorough.detect", "There is no movie yet"),
        ("save_csv", "There are no events to save yet"),
        ("copy_command", "Nothing was run yet"),
    ],
)
def test_every_button_of_an_empty_viewer_says_what_to_do(open_dock, button, words):
    dock = open_dock()
    attrgetter(button)(dock.form).click()
    assert words in sentence(dock)
    assert not dock.runner.busy


def test_without_paint_or_model_the_dock_says_what_is_missing(open_dock, movie):
    dock = open_dock()
    dock.form.thorough.train.click()
    assert "press 'New'" in sentence(dock)
    dock.form.thorough.detect.click()
    assert "There is no event model yet" in sentence(dock)


def test_without_any_time_arrow_model_the_dock_says_how_to_get_one(open_dock, movie, monkeypatch):
    monkeypatch.setattr("cell_events.gui.running.thorough_actions.model_at", lambda _: None)
    dock = open_dock()
    dock.form.new_paint.click()
    dock.form.thorough.train.click()
    assert "press 'Learn the time arrow' or 'Load…'" in sentence(dock)


def test_an_unpainted_layer_is_told_before_anything_runs(open_dock, movie, qtbot, tmp_path):
    dock = open_dock()
    dock.form.thorough.arrow.path = tmp_path / "some.safetensors"
    dock.form.new_paint.click()
    dock.form.thorough.train.click()
    wait_for(qtbot, dock, "No event is painted")
    assert dock.form.thorough.train.isEnabled()


def test_new_makes_a_layer_to_paint_on_with_the_brush_in_hand(open_dock, viewer, movie):
    dock = open_dock()
    dock.form.new_paint.click()
    labels = viewer.layers.selection.active
    assert labels is dock.form.paint.layer
    assert labels.mode == "paint"
    assert labels.selected_label == 1
    dock.form.brush.setCurrentIndex(2)
    dock.form.brush.activated.emit(2)
    assert labels.selected_label == 255


def test_a_button_gives_its_command_line_without_doing_it(open_dock, viewer, movie, qtbot):
    dock = open_dock()
    dock.form.new_paint.click()
    dock.form.paint.layer.paint((2, 20, 20), 1)
    button = dock.form.update_row.once
    (action,) = button.actions()
    action.trigger()
    wait_for(qtbot, dock, "Copied: cell-events update")
    assert QApplication.clipboard().text().startswith("cell-events update")
    assert not list((dock.bench.project.path / "models").glob("*.safetensors"))


def test_kinds_of_event_become_brushes(open_dock):
    dock = open_dock()
    dock.form.expert.kinds.setText("mitosis, apoptosis, fusion")
    dock.form.expert.kinds.editingFinished.emit()
    names = [dock.form.brush.itemText(i) for i in range(dock.form.brush.count())]
    assert names[:3] == ["mitosis (label 1)", "apoptosis (label 2)", "fusion (label 3)"]


def test_layers_are_offered_by_reference(open_dock, viewer, movie):
    dock = open_dock()
    other = viewer.add_image(np.zeros((3, 8, 8)), name="other")
    assert dock.form.movie.layer is movie
    movie.name = "renamed"
    assert dock.form.movie.currentText() == "renamed"
    viewer.layers.move(0, 2)
    assert dock.form.movie.layer is movie
    viewer.layers.remove(movie)
    assert dock.form.movie.layer is other
    viewer.layers.clear()
    assert dock.form.movie.layer is None


@pytest.mark.parametrize(
    ("shape", "options", "words"),
    [
        ((8, 9), {}, "has 2 axes; a movie needs time"),
        ((4, 8, 9, 3), {"rgb": True}, "Split RGB"),
    ],
)
def test_a_layer_that_is_no_movie_is_explained_at_once(open_dock, viewer, shape, options, words):
    viewer.add_image(np.zeros(shape, np.uint8), **options)
    dock = open_dock()
    assert words in sentence(dock)
    dock.form.new_paint.click()
    assert words in sentence(dock)


def test_the_axes_of_a_four_dimensional_layer_are_asked_for(open_dock, viewer):
    viewer.add_image(np.zeros((6, 3, 8, 9), np.uint8), name="with z")
    dock = open_dock()
    axes = dock.form.axes
    assert not axes.isHidden()
    axes.meaning.setCurrentIndex(axes.meaning.findText("time, z, Y, X"))
    axes.planes.setCurrentIndex(axes.planes.findText("maximum"))
    dock.form.new_paint.click()
    assert dock.form.paint.layer.data.shape == (6, 1, 8, 9)
    viewer.add_image(np.zeros((6, 8, 9), np.uint8), name="flat")
    dock.form.movie.layer = viewer.layers["flat"]
    assert axes.isHidden()
    dock.form.movie.layer = viewer.layers["with z"]  # what was picked is not asked for again
    assert (axes.meaning.currentText(), axes.planes.currentText()) == ("time, z, Y, X", "maximum")


def test_progress_is_shown_and_stop_stops(stand_in_dock, qtbot):
    dock = stand_in_dock
    dock.detect_with("endless")
    wait_for(qtbot, dock, "Endless")
    assert not dock.form.thorough.detect.isEnabled()
    dock.form.run_bar.stop_button.click()
    wait_for(qtbot, dock, "Stopped.")
    assert dock.form.thorough.detect.isEnabled()
    assert not dock.form.run_bar.stop_button.isEnabled()


def test_stop_also_ends_a_job_that_does_not_listen(stand_in_dock, qtbot):
    dock = stand_in_dock
    dock.detect_with("hang")
    wait_for(qtbot, dock, "Hang")
    dock.form.run_bar.stop_button.click()
    assert sentence(dock) == "Stopping…"
    wait_for(qtbot, dock, "Stopped.")


def test_an_error_is_one_sentence_and_the_dock_lives_on(stand_in_dock, qtbot):
    dock = stand_in_dock
    dock.detect_with("value_error")
    wait_for(qtbot, dock, "The movie has one frame; expected two.")
    assert dock.form.thorough.detect.isEnabled()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_killed_worker_is_told_and_the_next_run_works(stand_in_dock, qtbot):
    dock = stand_in_dock
    dock.detect_with("endless")
    wait_for(qtbot, dock, "Endless")
    os.kill(dock.runner.client.process_id, signal.SIGKILL)
    wait_for(qtbot, dock, "The worker process ended unexpectedly")
    assert dock.form.thorough.detect.isEnabled()
    dock.detect_with("endless")
    wait_for(qtbot, dock, "Endless")


def test_a_movie_deleted_during_a_job_does_no_harm(stand_in_dock, viewer, movie, qtbot):
    dock = stand_in_dock
    dock.detect_with("endless")
    wait_for(qtbot, dock, "Endless")
    movie.name = "renamed"
    viewer.layers.remove(movie)
    dock.form.run_bar.stop_button.click()
    wait_for(qtbot, dock, "Stopped.")


def test_events_of_a_deleted_movie_can_still_be_saved(open_dock, viewer, movie, tmp_path):
    dock = open_dock()
    dock.bench.events.add(Event(2, 5.0, 6.0))
    viewer.layers.remove(movie)
    dock.saved.write(tmp_path / "events.csv")
    assert (tmp_path / "events.csv").read_text().startswith("t,y,x,kind")


def test_rejected_events_are_not_saved_and_that_is_said(open_dock, movie, tmp_path):
    dock = open_dock()
    dock.bench.events.set_events({"a": Event(1, 2, 3), "b": Event(2, 3, 4)})
    dock.bench.events.reject(["a"])
    dock.saved.write(tmp_path / "events.csv")
    assert [event.t for event in read_events(tmp_path / "events.csv")] == [2]
    assert "without the 1 rejected" in sentence(dock)


def test_the_frame_on_screen_joins_the_done_frames(open_dock, viewer, movie):
    dock = open_dock()
    dock.form.done_frames.setText("0-2")
    dock.form.done_frames.editingFinished.emit()
    viewer.dims.set_current_step(0, 3)
    dock.form.done_here.click()
    assert dock.form.done_frames.text() == "0-3"
    assert dock.bench.project.value("done/movie-1") == "0-3"


def test_closing_the_dock_ends_the_worker_and_leaves_no_timer(stand_in_dock, viewer, qtbot):
    dock = stand_in_dock
    dock.detect_with("hang")
    wait_for(qtbot, dock, "Hang")
    process_id = dock.runner.client.process_id
    viewer.window.remove_dock_widget(dock)
    assert not is_alive(process_id)
    assert not any(timer.isActive() for timer in dock.findChildren(QTimer))
    viewer.add_image(np.zeros((3, 8, 8)))  # nobody listens any more
    dock.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_closing_the_viewer_ends_the_worker(stand_in_dock, viewer, qtbot):
    stand_in_dock.detect_with("endless")
    wait_for(qtbot, stand_in_dock, "Endless")
    process_id = stand_in_dock.runner.client.process_id
    viewer.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not is_alive(process_id), timeout=30_000)


def is_alive(process_id):
    try:
        os.kill(process_id, 0)
    except OSError:
        return False
    return True


def test_the_dock_fits_a_small_screen(open_dock, viewer, movie):
    dock = open_dock()
    dock.form.expert.expand(animate=False)
    assert dock.minimumSizeHint().width() <= 400
    assert dock.minimumSizeHint().height() <= 500


def test_the_viewer_process_loads_no_torch():
    code = """
import sys, numpy, napari
viewer = napari.Viewer(show=False)
viewer.add_image(numpy.zeros((4, 16, 16), numpy.uint8))
_, dock = viewer.window.add_plugin_dock_widget("napari-cell-events", "Paint & detect")
dock.make_paint_layer()
loaded = sorted(name for name in sys.modules if name.partition(".")[0] in ("torch", "safetensors"))
viewer.close()
sys.exit(", ".join(loaded) or None)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
