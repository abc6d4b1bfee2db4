"""The viewer goes to the selected event, unless the event was selected in the viewer itself."""

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image

from cell_events.events import Event
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.review.event_follower import EventFollower
from cell_events.gui.review.event_list import EventList


@pytest.fixture
def follower(qapp):
    viewer, events = ViewerModel(), EventList()
    movie = Image(np.zeros((9, 30, 40), np.uint8))
    viewer.add_layer(movie)
    viewer.dims.set_point(0, 0)
    follower = EventFollower(viewer, events)
    follower.placement = placement(movie, "TYX")
    events.set_events({"a": Event(2, 3, 4), "b": Event(5, 6, 7)})
    follower.viewer, follower.events = viewer, events
    return follower


def test_the_viewer_goes_to_the_selected_event(follower):
    follower.events.select("b")
    assert follower.viewer.dims.point[0] == 5
    assert follower.viewer.scene.camera.center[-2:] == (6, 7)


def test_the_viewer_stays_where_the_event_was_clicked(follower):
    centre = follower.viewer.scene.camera.center
    follower.stays = lambda: True
    follower.events.select("b")
    assert follower.viewer.dims.point[0] == 0
    assert follower.viewer.scene.camera.center == centre


def test_an_event_that_is_moved_in_time_is_followed_also_after_a_click(follower):
    follower.stays = lambda: True
    follower.events.select("b")
    follower.events.put({"b": Event(6, 6, 7)})
    assert follower.viewer.dims.point[0] == 6
