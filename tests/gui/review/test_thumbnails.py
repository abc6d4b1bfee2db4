"""Small pictures of an event, read in the background."""

import threading

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt

from cell_events.events import Event
from cell_events.gui.review.event_crops import crops_around
from cell_events.gui.review.latest_reader import LatestReader
from cell_events.gui.review.thumbnails import Contrast, ThumbnailStrip, picture
from cell_events.movie import open_movie

PIXELS = np.arange(6 * 20 * 30, dtype=np.float32).reshape(6, 20, 30)
MOVIE = open_movie(PIXELS)


@pytest.fixture
def strip(qtbot):
    strip = ThumbnailStrip(side_px=8)
    qtbot.addWidget(strip)
    strip.resize(330, 80)
    strip.show()
    yield strip
    strip.shut_down()


def test_crops_are_the_pixels_around_the_event():
    crops = crops_around(MOVIE, Event(3, 10, 15), 8)
    for t, crop in zip(range(1, 6), crops, strict=True):
        np.testing.assert_array_equal(crop, PIXELS[t, 6:14, 11:19])


def test_what_lies_outside_the_movie_is_empty():
    crops = crops_around(MOVIE, Event(5, 0, 29), 8)
    assert crops[3] is None
    assert crops[4] is None
    inside = ~np.isnan(crops[2])
    assert inside[4:, :5].all()
    assert inside.sum() == 4 * 5
    np.testing.assert_array_equal(crops[2][4:, :5], PIXELS[5, :4, 25:])
    assert np.isnan(crops_around(MOVIE, Event(5, 500, 500), 8)[2]).all()


def test_pictures_have_the_contrast_of_the_layer_and_holes_outside():
    image = picture(np.array([[0, 10, 20, 40, np.nan]], np.float32), Contrast(10, 30))
    colours = [image.pixelColor(x, 0) for x in range(5)]
    assert [colour.red() for colour in colours[:4]] == [0, 0, 127, 255]
    assert [colour.alpha() for colour in colours] == [255] * 4 + [0]


def test_the_crops_of_the_selected_event_appear(strip, qtbot):
    strip.set_movie(MOVIE, (0, 3600))
    strip.show_event(Event(3, 10, 15))
    qtbot.waitUntil(lambda: len(strip.crops) == 5)
    np.testing.assert_array_equal(strip.crops[2], PIXELS[3, 6:14, 11:19])
    strip.show_event(None)
    assert strip.crops == []


def test_a_click_on_a_picture_tells_its_frame(strip, qtbot):
    strip.set_movie(MOVIE)
    strip.show_event(Event(4, 10, 15))
    clicked = []
    strip.frame_clicked.connect(clicked.append)
    for x in (20, 165, 310):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))
    assert clicked == [2, 4]  # the movie has no frame 6


def test_a_movie_that_cannot_be_read_says_so(strip, qtbot):
    class Broken:
        shape, dtype = (6, 20, 30), np.dtype("u1")

        def __getitem__(self, window):
            raise OSError("the disk is gone")

    strip.set_movie(open_movie(Broken()))
    strip.show_event(Event(3, 10, 15))
    qtbot.waitUntil(lambda: "the disk is gone" in strip.toolTip())


def test_only_the_latest_request_is_answered(qtbot):
    reader, gate, began, answers = LatestReader(), threading.Event(), threading.Event(), []
    reader.done.connect(lambda key, answer: answers.append((key, answer)))

    def slow():
        began.set()
        return gate.wait(10)

    reader.read("slow", slow)
    assert began.wait(10)
    reader.read("overtaken", lambda: 1)
    reader.read("latest", lambda: 2)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [("latest", 2)]
    reader.shut_down()


def test_shutting_down_ends_the_thread_and_silences_it():
    before = threading.active_count()
    reader = LatestReader()
    reader.read("one", lambda: 1)
    reader.shut_down()
    reader.shut_down()
    reader.read("two", lambda: 2)
    assert threading.active_count() == before
