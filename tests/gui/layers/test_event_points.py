"""Points and events stay the same, whoever changes them."""

from types import SimpleNamespace

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image

from cell_events.events import Event
from cell_events.gui.layers.event_points import EventPoints
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.review.event_list import EventList

KINDS = ("division", "death")


@pytest.fixture
def both(qapp):
    """Events and the points that show them; what is wanted comes true at once."""
    viewer, events = ViewerModel(), EventList()
    movie = Image(np.zeros((9, 30, 40), np.uint8), scale=(1, 2, 2))
    viewer.add_layer(movie)
    points = EventPoints(viewer, events)
    wishes = []
    events.edit_wanted.connect(lambda title, changes: (wishes.append(title), events.put(changes)))
    events.set_events({"a": Event(2, 3, 4), "b": Event(5, 6, 7, kind="death")})
    points.show(placement(movie, "TYX"), "events", KINDS)
    yield events, points, wishes
    points.leave()


def settle(points):
    points._later.timeout.emit()


def test_points_lie_where_the_events_are(both):
    _, points, _ = both
    np.testing.assert_array_equal(points.layer.data, [[2, 3, 4], [5, 6, 7]])
    assert points.layer.features["kind"].tolist() == ["division", "death"]
    np.testing.assert_allclose(points.layer.scale, (1, 2, 2))


def test_rejected_events_are_hidden_and_accepted_ones_filled(both):
    events, points, _ = both
    events.reject(["a"])
    events.accept(["b"])
    assert points.layer.shown.tolist() == [False, True]
    assert points.layer.face_color[1, 3] > 0
    assert points.layer.features["status"].tolist() == ["rejected", "accepted"]


def test_a_point_that_is_added_becomes_an_added_event(both):
    events, points, wishes = both
    points.layer.add((4, 20, 30))
    settle(points)
    new = [e for e in events.events.values() if e.status == "added"]
    assert [(e.t, e.y, e.x, e.kind) for e in new] == [(4, 20, 30, "division")]
    assert wishes == ["add division"]
    assert len(points.layer.data) == 3


def test_a_point_that_is_deleted_becomes_a_rejected_event(both):
    events, points, _ = both
    points.layer.selected_data = {0}
    points.layer.remove_selected()
    settle(points)
    assert events.get("a").status == "rejected"
    assert points.layer.shown.tolist() == [False, True]


def test_an_added_point_that_is_deleted_is_gone(both):
    events, points, _ = both
    points.layer.add((4, 20, 30))
    settle(points)
    points.layer.selected_data = {2}
    points.layer.remove_selected()
    settle(points)
    assert len(events) == 2


def test_a_point_that_is_moved_becomes_an_accepted_event_elsewhere(both):
    events, points, _ = both
    coordinates = points.layer.data.copy()
    coordinates[0] = (3, 10, 11)
    points.layer.data = coordinates
    settle(points)
    event = events.get("a")
    assert (event.t, event.y, event.x, event.status) == (3, 10, 11, "accepted")


def test_what_nobody_grants_is_taken_back_on_the_layer(both):
    events, points, _ = both
    events.edit_wanted.disconnect()
    points.layer.add((4, 20, 30))
    settle(points)
    np.testing.assert_array_equal(points.layer.data, [[2, 3, 4], [5, 6, 7]])


def test_events_that_move_take_their_point_along(both):
    events, points, _ = both
    events.put({"b": Event(6, 6, 7, kind="death")})
    assert points.layer.data[1].tolist() == [6, 6, 7]


def test_a_layer_that_was_left_is_followed_no_more(both):
    events, points, wishes = both
    layer = points.layer
    points.leave()
    layer.add((4, 20, 30))
    settle(points)
    assert len(events) == 2
    assert wishes == []


def test_a_click_on_a_point_selects_its_event(both):
    events, points, _ = both
    points._viewer.dims.set_point(0, 5)
    clicked = SimpleNamespace(
        position=(5, 6 * 2, 7 * 2), view_direction=None, dims_displayed=[1, 2]
    )
    moved = []
    events.selected.connect(lambda _: moved.append(not points.is_clicked))
    points._on_click(points.layer, clicked)
    assert events.selected_id == "b"
    assert moved == [False]  # whoever follows the selection knows that it came from the canvas
