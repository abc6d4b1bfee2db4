"""The dock 'Review events' on the workbench, beside the dock that paints: one story in a viewer."""

import pytest
from qtpy.QtCore import QEvent
from qtpy.QtWidgets import QApplication

from cell_events.events import Event, write_events
from cell_events.gui.docks.paint_and_detect import PaintAndDetect
from cell_events.gui.docks.review_events import ReviewEvents
from cell_events.project import Project
from tests.gui.small_movies import dab, opened, painted, written

PROPOSALS = [Event(t, 6 * t, 7 * t, score=0.5 + t / 20) for t in range(6)]


@pytest.fixture
def viewer(make_napari_viewer):
    return make_napari_viewer(strict_qt=True, show=True)


@pytest.fixture
def open_docks(viewer):
    """Function that opens both docks, as after a start of napari; and one that closes them."""

    def open_docks():
        docks = PaintAndDetect(viewer), ReviewEvents(viewer)
        for dock in docks:
            viewer.window.add_dock_widget(dock)
        opened.extend(docks)
        return docks

    def close_docks():
        for dock in opened:
            viewer.window.remove_dock_widget(dock)
            dock.deleteLater()
        opened.clear()
        viewer.layers.clear()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    opened = []
    yield open_docks, close_docks
    close_docks()


def press(layer, key):
    """Press a key while a layer is the active one."""
    next(act for bound, act in layer.keymap.items() if str(bound) == key)(layer)


def reviewed(viewer, paint, review):
    """Paint, decide about two of six proposals, and leave the third selected."""
    paint.form.done_frames.setText("0-2")
    paint.form.done_frames.editingFinished.emit()
    paint.form.expert.kinds.setText("mitosis, death")
    paint.form.expert.kinds.editingFinished.emit()
    paint.form.new_paint.click()
    dab(paint.bench.paint.recorder.layer, 2, 20, 20)
    bench = paint.bench
    write_events(bench.project.path / "found.csv", PROPOSALS)
    bench.project.remember("proposals/movie-1", "found.csv")
    bench.show_events()
    review.inbox.session.order = "in time order"
    review.inbox.session.begin()
    assert viewer.layers.selection.active is bench.points.layer  # the keys reach the events
    press(bench.points.layer, "A")
    press(bench.points.layer, "R")
    press(bench.points.layer, "R")
    press(bench.points.layer, "Ctrl+Z")
    bench.events.select("found/2")


@pytest.fixture
def reopened(viewer, open_docks, tmp_path, qtbot):
    """Both docks on a project that was left in the middle of a review, and what it held then."""
    open_docks, close_docks = open_docks
    opened(viewer, written(tmp_path / "cells.tif"))
    paint, review = open_docks()
    assert review.bench is paint.bench
    qtbot.waitUntil(review.isVisible)
    reviewed(viewer, paint, review)
    events, layer = dict(paint.bench.events.events), paint.bench.paint.recorder.layer.data.copy()
    assert [event.status for event in events.values()][:3] == ["accepted", "rejected", "proposed"]
    assert review.inbox.session.progress.decided == 2
    close_docks()
    with Project.open(tmp_path / "cells.cellevents") as project:
        assert not project.read_only
        assert project.value("review/movie-1")["position"] == "found/2"
    paint, review = open_docks()
    assert paint.form.project_name.text() == "none yet: 'New' begins one"
    paint.open_project_at(tmp_path / "cells.cellevents")
    return paint, review, events, layer


def test_docks_that_are_opened_again_go_on_where_they_were_left(reopened, viewer, qtbot):
    paint, review, events, layer = reopened
    form, bench, session = paint.form, paint.bench, review.inbox.session
    assert form.project_name.text() == "cells (saved)"
    assert (form.done_frames.text(), form.expert.kinds.text()) == ("0-2", "mitosis, death")
    assert form.brush.itemText(0) == "mitosis (label 1)"
    assert form.paint.layer is bench.paint.recorder.layer
    assert (bench.paint.recorder.layer.data == layer).all()
    assert (painted(bench.project) == layer).all()
    assert dict(bench.events.events) == events
    assert (session.order, bench.events.selected_id) == ("in time order", "found/2")
    assert viewer.dims.current_step[0] == 2
    assert session.progress.decided == 2
    session.accept()
    assert bench.events.selected_id == "found/3"
    qtbot.waitUntil(lambda: len(review.inbox.form.thumbnails.crops) == 5)


def test_docks_of_a_second_window_say_that_they_only_read(viewer, open_docks, tmp_path):
    open_docks, _ = open_docks
    opened(viewer, written(tmp_path / "cells.tif"))
    with Project.create(tmp_path / "cells.cellevents"):
        paint, review = open_docks()
        assert paint.form.project_name.text() == "cells (read-only)"
        assert "is open in another window" in paint.form.project_name.toolTip()
        paint.form.new_paint.click()
        assert "is open in another window" in paint.form.run_bar.sentence
        review.inbox.form.loop.click()
        review.inbox.session.next()
        review.shut_down()
    with Project.open(tmp_path / "cells.cellevents") as project:
        assert not project.movies
