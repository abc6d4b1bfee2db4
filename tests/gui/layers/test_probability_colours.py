"""Points tell by their colours how probable their events are."""

from dataclasses import replace

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image

from cell_events.events import Event
from cell_events.gui.layers.event_points import EventPoints
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.layers.probability_colours import BY_KIND, BY_PROBABILITY, probability_colours
from cell_events.gui.review.event_list import EventList


@pytest.fixture
def both(qapp):
    viewer, events = ViewerModel(), EventList()
    movie = Image(np.zeros((9, 30, 40), np.uint8))
    viewer.add_layer(movie)
    points = EventPoints(viewer, events)
    events.set_events({"a": Event(2, 3, 4, probability=1.0), "b": Event(5, 6, 7)})
    points.show(placement(movie, "TYX"), "events", ("division",))
    yield events, points
    points.leave()


def test_the_stops_have_their_colours_and_the_middle_between_two_is_their_mean():
    colours = probability_colours(np.array([0.0, 0.25, 0.5, 1.0, np.nan]))
    np.testing.assert_allclose(colours[0, :3], np.array([0x8A, 0x7D, 0xFF]) / 255, atol=1e-6)
    np.testing.assert_allclose(colours[3, :3], np.array([0xFF, 0xE9, 0x3D]) / 255, atol=1e-6)
    np.testing.assert_allclose(colours[1], (colours[0] + colours[2]) / 2, atol=1e-6)
    np.testing.assert_allclose(colours[4, :3], 0x9A / 255, atol=1e-6)
    assert (colours[:, 3] == 1).all()


def test_surer_events_are_brighter():
    brightness = probability_colours(np.linspace(0, 1, 11))[:, :3] @ (0.21, 0.72, 0.07)
    assert (np.diff(brightness) > 0).all()


def test_points_change_their_colours_and_take_those_of_their_kinds_again(both):
    _, points = both
    of_kind = points.layer.border_color.copy()
    points.colour_by = BY_PROBABILITY
    wanted = probability_colours(np.array([1.0, np.nan]))
    np.testing.assert_allclose(points.layer.border_color, wanted, atol=1e-6)
    points.colour_by = BY_KIND
    np.testing.assert_allclose(points.layer.border_color, of_kind)


def test_an_event_that_becomes_less_probable_takes_another_colour_and_is_filled_if_accepted(both):
    events, points = both
    points.colour_by = BY_PROBABILITY
    events.put({"a": replace(events.events["a"], probability=0.2, status="accepted")})
    (wanted,) = probability_colours(np.array([0.2]))
    np.testing.assert_allclose(points.layer.border_color[0], wanted, atol=1e-6)
    np.testing.assert_allclose(points.layer.face_color[0, :3], wanted[:3], atol=1e-6)
    assert 0 < points.layer.face_color[0, 3] < 1
    np.testing.assert_allclose(points.layer.features["probability"], [0.2, np.nan])
