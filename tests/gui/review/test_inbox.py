"""The inbox on screen."""

import json

import numpy as np
import pytest
from napari.components import ViewerModel
from qtpy.QtCore import Qt

from cell_events.events import Event
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.layers.movie_layer import movie_of_layer
from cell_events.gui.review.event_follower import EventFollower
from cell_events.gui.review.event_list import EventList
from cell_events.gui.review.inbox import Inbox
from cell_events.gui.review.key_map import BY_NAME, bind
from cell_events.review.queue import ORDERS

PROPOSALS = {f"m/{i}": Event(3 + i, 10 + i, 20, score=0.5 + i / 100) for i in range(6)}


@pytest.fixture
def viewer():
    return ViewerModel()


@pytest.fixture
def events(qapp):
    listed = EventList()
    listed.edit_wanted.connect(lambda _, changes: listed.put(changes))
    return listed


@pytest.fixture
def inbox(qtbot, viewer, events):
    layer = viewer.add_image(np.zeros((12, 40, 50), np.uint8))
    follower = EventFollower(viewer, events)
    follower.placement = placement(layer, "TYX")
    inbox = Inbox(events, follower, ("division", "death"))
    inbox.set_movie(movie_of_layer(layer, follower.placement), (0, 255), 300)
    qtbot.addWidget(inbox)
    inbox.resize(330, 560)
    inbox.show()
    events.set_events(PROPOSALS)
    yield inbox
    inbox.shut_down()


def click(inbox, name):
    inbox.form.buttons[name].click()


def test_it_fits_in_a_narrow_dock(inbox):
    assert inbox.minimumSizeHint().width() <= 330
    content = inbox.form.new_audit.parentWidget()
    assert content.sizeHint().height() <= 560


def test_without_proposals_it_says_what_to_do(inbox, events):
    events.set_events({})
    assert inbox.form.title.text() == "No proposals yet"
    assert not inbox.form.buttons["accept"].isEnabled()


def test_the_selected_event_is_described(inbox, events, qtbot):
    click(inbox, "next")
    assert inbox.form.title.text() == "division, proposed"
    assert inbox.form.details.text() == "frame 3 (15 min), score 0.50"
    qtbot.waitUntil(lambda: len(inbox.form.thumbnails.crops) == 5)
    inbox.session.shift_time(1)
    assert "proposed in frame 3" in inbox.form.details.text()


def test_the_viewer_goes_where_the_inbox_goes(inbox, viewer, events):
    click(inbox, "next")
    assert viewer.dims.current_step[0] == 3
    assert viewer.scene.camera.center[1:] == (10, 20)
    click(inbox, "later")
    assert viewer.dims.current_step[0] == 4
    click(inbox, "accept")
    assert (events.selected_id, viewer.dims.current_step[0]) == ("m/1", 4)


def test_buttons_and_kinds_decide(inbox, events):
    click(inbox, "next")
    click(inbox, "accept")
    click(inbox, "reject")
    inbox.form.kind_buttons[1].click()
    decided = [(e.status, e.kind) for e in events.events.values()][:3]
    assert decided == [("accepted", "division"), ("rejected", "division"), ("accepted", "death")]
    assert inbox.form.progress.text().startswith("3 of 6")


def test_keys_work_in_the_inbox_and_on_the_events_layer(inbox, viewer, events, qtbot):
    with qtbot.waitActive(inbox):  # keys reach the active window only
        inbox.activateWindow()
    inbox.setFocus()
    qtbot.waitUntil(inbox.hasFocus)
    qtbot.keyClick(inbox, Qt.Key.Key_N)
    qtbot.keyClick(inbox, Qt.Key.Key_A)
    assert events.get("m/0").status == "accepted"
    points = viewer.add_points(np.zeros((1, 3)))
    bind(points, inbox.handlers)
    keymap = {str(key): function for key, function in points.keymap.items()}
    keymap["R"](points)
    keymap["9"](points)  # there is no ninth kind
    assert events.get("m/1").status == "rejected"
    assert events.get("m/2").status == "proposed"


def test_every_button_shows_the_key_that_does_the_same(inbox):
    assert {name: button.cap for name, button in inbox.form.buttons.items()} == {
        name: BY_NAME[name].cap for name in inbox.form.buttons
    }
    assert [button.cap for button in inbox.form.kind_buttons] == ["1", "2"]
    assert set(inbox.handlers) == set(BY_NAME)


def test_undo_and_redo_are_asked_of_the_owner(inbox, qtbot):
    with qtbot.waitSignals([inbox.undo_wanted, inbox.redo_wanted]):
        click(inbox, "undo")
        click(inbox, "redo")


def test_at_the_end_it_says_so(inbox):
    click(inbox, "next")
    for _ in PROPOSALS:
        click(inbox, "accept")
    assert inbox.form.progress.text().endswith("All are decided.")


def test_a_random_audit_is_shown_while_it_is_chosen(inbox, qtbot):
    assert not inbox.form.audit.isVisible()
    index = list(ORDERS).index("random audit")
    inbox.form.order.setCurrentIndex(index)
    inbox.form.order.activated.emit(index)
    click(inbox, "accept")
    assert inbox.form.audit.isVisible()
    assert "1 of 1, drawn from the 6 proposals" in inbox.form.audit.text()


def test_looping_follows_the_selection_and_yields_to_the_user(inbox, viewer, events):
    player = inbox._follower.player
    click(inbox, "next")
    click(inbox, "loop")
    assert player.is_playing
    click(inbox, "accept")
    assert player.is_playing
    viewer.dims.set_current_step(0, 11)
    assert not player.is_playing
    inbox.toggle_loop()  # the key brings the clip back
    assert player.is_playing
    inbox.toggle_loop()
    assert not player.is_playing
    assert not inbox.form.loop.isChecked()


def test_a_thumbnail_shows_its_frame(inbox, viewer):
    click(inbox, "next")
    inbox.form.thumbnails.frame_clicked.emit(5)
    assert viewer.dims.current_step[0] == 5


def test_the_state_is_told_and_taken_up_again(inbox, events, qtbot):
    with qtbot.waitSignal(inbox.state_changed):
        click(inbox, "next")
    click(inbox, "skip")
    click(inbox, "loop")
    kept = json.loads(json.dumps(inbox.state()))
    events.set_events({})
    events.set_events(PROPOSALS)
    inbox.restore(kept)
    assert inbox.state() == kept
    assert inbox.form.loop.isChecked()
    assert events.selected_id == "m/1"
