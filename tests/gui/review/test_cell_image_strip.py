"""Small pictures of one cell, with its outline, read in the background."""

import numpy as np
import pandas as pd
import pytest
from qtpy.QtCore import QPoint, Qt

from cell_events.dry_mass.cell_places import CellPlaces
from cell_events.gui.review.cell_crops import cell_in_movie, crops_of_cell
from cell_events.gui.review.cell_image_strip import OUTLINE, CellImageStrip, outlined
from cell_events.gui.review.thumbnails import Contrast
from cell_events.movie import open_movie

PIXELS = np.arange(40 * 20 * 30, dtype=np.float32).reshape(40, 20, 30)
LABELS = np.zeros((40, 20, 30), np.uint16)
LABELS[:, 8:13, 10:15] = 5
LABELS[:, 8:13, 15:18] = 6
MOVIE, MASKS = open_movie(PIXELS), open_movie(LABELS)
LIFE = [t for t in range(4, 40) if t != 20]
PLACES = CellPlaces(
    pd.DataFrame({"track_id": [2] + [5] * len(LIFE), "t": [0, *LIFE], "y": 10.0, "x": 12.0})
)


@pytest.fixture
def strip(qtbot):
    strip = CellImageStrip(side_px=8)
    qtbot.addWidget(strip)
    strip.resize(340, 75)
    strip.show()
    yield strip
    strip.shut_down()


def test_pictures_reach_from_just_before_the_stretch_to_just_after():
    cell = cell_in_movie(PLACES, 5, (10, 19), 6)
    assert cell.frames == (7, 10, 13, 16, 19, 22)
    assert cell.places == ((10.0, 12.0),) * 6


def test_without_a_stretch_they_are_spread_over_the_life_of_the_cell():
    assert cell_in_movie(PLACES, 5, None, 6).frames == (4, 11, 18, 25, 32, 39)


def test_frames_without_the_cell_are_not_shown():
    assert cell_in_movie(PLACES, 5, (20, 20), 4).frames == (19, 21, 22)
    assert cell_in_movie(PLACES, 2, None, 6).frames == (0,)
    assert cell_in_movie(PLACES, 77, None, 6).frames == ()


def test_the_place_of_a_cell_is_that_of_the_nearest_frame():
    places = CellPlaces(pd.DataFrame({"track_id": [3, 3], "t": [1, 9], "y": [1, 9], "x": [2, 8]}))
    assert places.place(3, 4) == (1.0, 2.0)
    assert places.place(3, 30) == (9.0, 8.0)
    assert 3 in places
    assert 4 not in places
    with pytest.raises(KeyError):
        places.place(4, 0)


def test_crops_are_the_pixels_around_the_cell_with_the_outline_of_its_label():
    crop = crops_of_cell(MOVIE, MASKS, cell_in_movie(PLACES, 5, (10, 19), 6), 8)[1]
    np.testing.assert_array_equal(crop.pixels, PIXELS[10, 6:14, 8:16])
    mask = LABELS[10, 6:14, 8:16] == 5
    assert crop.outline.sum() == 16  # the edge of a square of 5 x 5
    assert not (crop.outline & ~mask).any()


def test_a_cell_without_a_label_has_no_outline():
    cell = cell_in_movie(PLACES, 5, None, 2)
    assert not crops_of_cell(MOVIE, None, cell, 8)[0].outline.any()
    far = open_movie(np.zeros_like(LABELS))
    assert not crops_of_cell(MOVIE, far, cell, 8)[0].outline.any()


def test_the_outline_has_its_colour_in_the_picture():
    crop = crops_of_cell(MOVIE, MASKS, cell_in_movie(PLACES, 5, None, 2), 8)[0]
    image = outlined(crop, Contrast(0, 1))
    y, x = np.argwhere(crop.outline)[0]
    assert image.pixelColor(int(x), int(y)) == OUTLINE


def test_the_crops_appear_and_go_with_the_cell(strip, qtbot):
    strip.set_movie(MOVIE, (0, 100), MASKS)
    strip.show_cell(PLACES, 5, (10, 19))
    qtbot.waitUntil(lambda: len(strip.crops) == 6)
    strip.show_cell(None, None)
    assert strip.crops == []


def test_a_click_on_a_picture_tells_its_frame(strip, qtbot):
    strip.set_movie(MOVIE)
    strip.show_cell(PLACES, 5, (10, 19))
    clicked = []
    strip.frame_clicked.connect(clicked.append)
    for i in (0, 5):
        middle = strip._square(i).center().toPoint()
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(1, 74))
    assert clicked == [7, 22]


def test_the_frame_of_the_viewer_is_marked(strip, qtbot):
    strip.show_cell(PLACES, 5, (10, 19))
    before = strip.grab().toImage()
    strip.set_frame(13)
    qtbot.wait(10)
    assert strip.grab().toImage() != before


def test_a_movie_that_cannot_be_read_says_so(strip, qtbot):
    class Broken:
        shape, dtype = (40, 20, 30), np.dtype("u1")

        def __getitem__(self, window):
            raise OSError("the disk is gone")

    strip.set_movie(open_movie(Broken()))
    strip.show_cell(PLACES, 5, None)
    qtbot.waitUntil(lambda: "the disk is gone" in strip.toolTip())


def test_the_side_of_the_pictures_fits_the_cells(qtbot):
    area = np.pi * 15**2  # 30 wide
    table = pd.DataFrame({"track_id": [1, 2], "t": 0, "y": [10.0, 20], "x": 10.0})
    assert CellPlaces(table).side_px == 64
    assert CellPlaces(table.assign(area_px=area)).side_px == 60
    in_um = table.assign(area_um2=area / 4, y_um=table["y"] / 2)
    assert CellPlaces(in_um).side_px == 60
    assert CellPlaces(in_um.drop(columns="y_um")).side_px == 64
    assert CellPlaces(table.assign(area_px=1e9)).side_px == 400
    strip = CellImageStrip()
    qtbot.addWidget(strip)
    strip.show_cell(CellPlaces(in_um), 1)
    assert strip.side_px == 60
