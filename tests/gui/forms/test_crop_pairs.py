"""Numbered pairs of crops, with what a network looked at over them."""

import numpy as np
import pytest
from qtpy.QtCore import Qt

from cell_events.gui.forms.attention_pictures import OPACITY, attention_picture
from cell_events.gui.forms.crop_pairs import CropPair, CropPairs


@pytest.fixture
def pairs(qtbot):
    widget = CropPairs(columns=2)
    qtbot.addWidget(widget)
    picture = np.full((8, 8, 4), 200, np.uint8)
    widget.resize(300, 400)
    widget.show_pairs([CropPair(picture, picture, str(i), f"score {i}") for i in range(1, 6)])
    widget.show()
    return widget


def test_a_map_is_added_to_the_crop_and_nothing_where_it_is_zero():
    crop = np.array([[0.0, 50.0, np.nan]], np.float32)
    attention = np.array([[0.0, 2.0, 2.0]], np.float32)
    plain = attention_picture(crop, (0.0, 100.0))
    with_map = attention_picture(crop, (0.0, 100.0), attention, highest=2.0)
    assert plain[0, 0, :3].max() == 0
    assert with_map[0, 0, :3].max() <= 255 * OPACITY * 0.02  # inferno begins nearly black
    assert plain[0, 1].tolist() == [128, 128, 128, 255]
    assert (with_map[0, 1, :2] > plain[0, 1, :2]).all()
    assert with_map[0, 2, 3] == 0


def test_values_beyond_the_contrast_are_black_and_white():
    crop = np.array([[-5.0, 500.0]], np.float32)
    assert attention_picture(crop, (0.0, 100.0))[0, :, 0].tolist() == [0, 255]


def test_a_click_chooses_the_pair_under_the_mouse(pairs, qtbot):
    with qtbot.waitSignal(pairs.chosen) as told:
        centre = pairs._box(3).center()
        qtbot.mouseClick(pairs, Qt.MouseButton.LeftButton, pos=centre)
    assert told.args == [3]
    assert pairs.choice == 3


def test_arrows_choose_neighbours_and_stay_inside(pairs, qtbot):
    qtbot.keyClick(pairs, Qt.Key.Key_Down)
    qtbot.keyClick(pairs, Qt.Key.Key_Down)
    assert pairs.choice == 2
    qtbot.keyClick(pairs, Qt.Key.Key_Up)
    qtbot.keyClick(pairs, Qt.Key.Key_Left)
    assert pairs.choice == 0


def test_pairs_do_not_overlap_and_lie_inside(pairs):
    boxes = [pairs._box(i) for i in range(5)]
    assert all(pairs.rect().contains(box) for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_without_pairs_there_is_nothing_to_see(pairs):
    pairs.show_pairs([])
    assert pairs.isHidden()
