"""Pictures of cell maps to choose from."""

import numpy as np
import pytest
from qtpy.QtCore import Qt

from cell_events.gui.forms.map_grid import MapGrid
from cell_events.gui.forms.map_pictures import COLOUR, MapWords, map_pictures

WORDS = [
    MapWords(0, "covers 83 % of the frame", is_dead=True),
    MapWords(1, "214 round objects, stable", is_proposed=True),
    MapWords(2, "14 long objects"),
    MapWords(3, "empty", is_dead=True),
    MapWords(4, "90 objects"),
]


@pytest.fixture
def grid(qtbot):
    grid = MapGrid()
    qtbot.addWidget(grid)
    grid.resize(330, 100)
    grid.set_maps(WORDS, 1)
    grid.shown = []
    grid.chosen.connect(grid.shown.append)
    return grid


def test_two_rows_of_three_have_room_for_their_words(grid):
    picture = np.zeros((30, 40, 3), np.uint8)
    grid.show_pictures([picture] * 5)
    line = grid.fontMetrics().lineSpacing()
    assert grid.height() >= 2 * (106 * 3 // 4 + 3 * line)  # a heading, and a reason in two lines
    grid.set_maps([], None)
    assert grid.height() == 0


def test_a_click_chooses_a_map(grid, qtbot):
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid._picture_at(2).center())
    assert (grid.choice, grid.shown) == (2, [2])


def test_a_click_on_a_dead_map_or_beside_all_chooses_nothing(grid, qtbot):
    for place in (0, 5):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid._picture_at(place).center())
    assert (grid.choice, grid.shown) == (1, [])


def test_arrow_keys_choose_and_pass_over_dead_maps(grid, qtbot):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up):
        qtbot.keyClick(grid, key)
    assert grid.shown == [2, 4, 2]


def test_the_proposed_map_says_so(grid):
    assert [words.heading for words in WORDS] == ["0", "1  proposed", "2", "3", "4"]


def test_a_map_is_tinted_where_it_shows_something():
    image = np.repeat(np.repeat(np.array([[0.0, 10.0], [5.0, 20.0]], np.float32), 4, 0), 4, 1)
    maps = np.array([[[0, 0], [0, 0]], [[1, 0], [0, 1]]], np.uint8)
    plain, tinted = map_pictures(image, maps, (0, 10))
    np.testing.assert_array_equal(plain[..., 0], [[0, 255], [128, 255]])
    assert (tinted[0, 1] == plain[0, 1]).all()
    np.testing.assert_array_equal(tinted[0, 0], np.rint(0.55 * np.array(COLOUR)))


def test_a_frame_whose_sides_are_no_multiples_of_the_grid_is_sampled_within():
    image = np.arange(7 * 9, dtype=np.float32).reshape(7, 9)
    (picture,) = map_pictures(image, np.zeros((1, 2, 3), np.uint8), (0, 62))
    assert picture.shape == (2, 3, 3)
