"""One story in a real viewer, with the real worker: paint, update, review, update again, reopen."""

import numpy as np
import pytest
import tifffile
from qtpy.QtCore import QEvent
from qtpy.QtWidgets import QApplication

from cell_events.events import read_events
from cell_events.gui.docks.review_events import ReviewEvents
from tests.gui.small_movies import dab, opened, painted
from tests.synthetic import dividing_cells

PAINTED = 6
"""Frames whose divisions are painted; the later ones are found."""


@pytest.fixture
def cells(tmp_path):
    """A movie of dividing cells in a file, and its paint."""
    pixels, paint, _ = dividing_cells(12, (96, 96))
    path = tmp_path / "movies" / "cells.tif"
    path.parent.mkdir()
    tifffile.imwrite(path, pixels, photometric="minisblack")
    return path, paint


def update(qtbot, dock):
    """Press *Update once*, and wait for what it proposes."""
    dock.form.update_row.once.click()
    qtbot.waitUntil(lambda: "to review" in dock.form.run_bar.sentence, timeout=240_000)


def paint_some(dock, paint):
    """Dab onto the layer where the first frames are painted."""
    dock.form.new_paint.click()
    layer = dock.form.paint.layer
    layer.brush_size = 8
    for t in range(PAINTED):
        for y, x in np.argwhere(paint[t])[::12]:
            dab(layer, t, y, x)
    dock.form.done_frames.setText(f"0-{PAINTED - 1}")
    dock.form.done_frames.editingFinished.emit()


def review_two(viewer, dock):
    """Accept the first proposal and reject the second, once with undo and redo; their ids."""
    review, events = ReviewEvents(viewer), dock.bench.events
    viewer.window.add_dock_widget(review)
    review.inbox.session.order = "in time order"
    review.inbox.session.begin()
    first = events.selected_id
    assert viewer.dims.current_step[0] == events.get(first).t  # it jumped there
    review.inbox.session.accept()
    second = events.selected_id
    review.inbox.session.reject()
    dock.bench.edits.undo()
    assert events.get(second).status == "proposed"
    dock.bench.edits.redo()
    closed(viewer, review)
    return {first: "accepted", second: "rejected"}


def closed(viewer, dock):
    """Close a dock as napari does."""
    viewer.window.remove_dock_widget(dock)
    dock.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.slow
def test_what_was_painted_and_decided_is_learned_saved_and_there_again(
    open_dock, viewer, qtbot, cells, tmp_path
):
    path, paint = cells
    opened(viewer, path)
    dock = open_dock()
    bench = dock.bench
    paint_some(dock, paint)
    update(qtbot, dock)
    assert bench.heat.is_new(viewer.dims.current_step[0])
    decided = review_two(viewer, dock)

    update(qtbot, dock)
    assert bench.project.value("model") == "models/update-2.safetensors"
    assert {i: bench.events.get(i).status for i in decided} == decided
    dock.loop.revert()
    assert bench.project.value("model") == "models/update-1.safetensors"
    dock.saved.write(tmp_path / "events.csv")
    assert "accepted" in {event.status for event in read_events(tmp_path / "events.csv")}

    kept, shown = painted(bench.project), dict(bench.events.events)
    closed(viewer, dock)
    again = open_dock()
    np.testing.assert_array_equal(again.form.paint.layer.data, kept)
    assert dict(again.bench.events.events) == shown
