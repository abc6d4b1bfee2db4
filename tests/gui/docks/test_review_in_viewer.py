"""Inbox and table, docked in a real viewer: nothing is left behind when it closes."""

import numpy as np
import pytest
from qtpy.QtCore import Qt

from cell_events.events import Event
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.layers.movie_layer import movie_of_layer
from cell_events.gui.review.event_follower import EventFollower
from cell_events.gui.review.event_list import EventList
from cell_events.gui.review.event_table import EventTable
from cell_events.gui.review.inbox import Inbox

KINDS = ("division", "death")


@pytest.fixture
def docked(make_napari_viewer):
    viewer = make_napari_viewer(strict_qt=True)
    layer = viewer.add_image(
        np.random.default_rng(0).integers(0, 255, (12, 2, 40, 50), np.uint8),
        scale=(300, 1, 0.5, 0.5),
        translate=(0, 0, 100, 200),
    )
    events = EventList()
    events.edit_wanted.connect(lambda _, changes: events.put(changes))
    follower = EventFollower(viewer, events)
    follower.placement = placement(layer, "TCYX", 0)
    inbox, table = Inbox(events, follower, KINDS), EventTable(events, KINDS)
    inbox.set_movie(movie_of_layer(layer, follower.placement), tuple(layer.contrast_limits))
    viewer.window.add_dock_widget(inbox, area="right", name="Review")
    viewer.window.add_dock_widget(table, area="bottom", name="Events")
    events.set_events({f"m/{i}": Event(i, i, 2 * i, score=i / 10) for i in range(10)})
    yield viewer, events, inbox, table
    inbox.shut_down()


def test_one_selection_moves_viewer_table_and_inbox_alike(docked, qtbot):
    viewer, events, inbox, table = docked
    inbox.session.next()
    assert events.selected_id == "m/5"
    assert table.selected_ids == ["m/5"]
    assert viewer.dims.current_step[0] == 5
    assert viewer.scene.camera.center[1:] == (100 + 2.5, 200 + 5)
    row = table.view.visualRect(table.model.index(2, 2)).center()
    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert viewer.dims.current_step[0] == 2
    assert inbox.form.title.text() == "division, proposed"
    qtbot.waitUntil(lambda: len(inbox.form.thumbnails.crops) == 5)


def test_a_clip_that_still_plays_ends_with_the_viewer(docked):
    _, _, inbox, _ = docked
    inbox.session.next()
    inbox.form.loop.click()
    assert inbox._follower.player.is_playing


def test_a_decision_moves_all_of_them_on(docked):
    viewer, events, inbox, table = docked
    inbox.session.next()
    table.filters.status.setCurrentText("proposed")
    inbox.session.accept()
    assert table.model.rowCount() == 9
    assert table.selected_ids == [events.selected_id] == ["m/4"]
    assert viewer.dims.current_step[0] == 4
