"""Keys: declared once, bound to our layers only."""

from pathlib import Path

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Labels, Points
from napari.utils.key_bindings import KeymapHandler
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cell_events.gui.review.key_map import ACTIONS, BY_NAME, bind, bind_widget, keys_table, unbind

PAGE = Path(__file__).parents[3] / "docs" / "review.md"


@pytest.fixture
def pressed():
    return []


@pytest.fixture
def handlers(pressed):
    return {name: (lambda name=name: pressed.append(name)) for name in BY_NAME}


def test_no_key_means_two_things():
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))


def test_the_keys_of_an_events_layer_do_what_the_map_says(handlers, pressed):
    layer = Points(np.zeros((1, 3)))
    bind(layer, handlers)
    for function in layer.keymap.values():
        function(layer)
    assert set(pressed) == set(BY_NAME)


def test_a_paint_layer_keeps_napari_keys_but_undo_and_redo(handlers):
    layer = Labels(np.zeros((2, 4, 4), np.uint8))
    bind(layer, handlers)
    assert sorted(map(str, layer.keymap)) == ["Ctrl+Shift+Z", "Ctrl+Z"]


def test_other_layers_of_the_same_type_keep_their_keys(handlers):
    before = dict(Points.class_keymap)
    bind(Points(np.zeros((1, 3))), handlers)
    assert dict(Points.class_keymap) == before
    assert not Points(np.zeros((1, 3))).keymap


def test_binding_again_and_unbinding_work(handlers, pressed):
    layer = Points(np.zeros((1, 3)))
    bind(layer, handlers)
    bind(layer, handlers)
    unbind(layer)
    assert not layer.keymap


def test_only_actions_with_a_handler_get_a_key():
    layer = Points(np.zeros((1, 3)))
    bind(layer, {"accept": lambda: None})
    assert list(map(str, layer.keymap)) == ["A"]
    with pytest.raises(ValueError, match="no action 'agree'"):
        bind(layer, {"agree": lambda: None})


def test_the_keys_of_the_layer_come_before_those_of_napari(handlers, pressed):
    layer, keyboard = Points(np.zeros((1, 3))), KeymapHandler()
    bind(layer, handlers)
    keyboard.keymap_providers = [layer, ViewerModel()]
    for name in ("accept", "kind 2", "earlier", "undo", "redo"):
        assert keyboard.press_key(BY_NAME[name].keys[0])
    assert pressed == ["accept", "kind 2", "earlier", "undo", "redo"]


def test_keys_work_in_a_widget_but_not_while_one_types_in_it(qtbot, handlers, pressed):
    widget, field, button = QWidget(), QLineEdit(), QWidget()
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout = QVBoxLayout(widget)
    layout.addWidget(field)
    layout.addWidget(button)
    qtbot.addWidget(widget)
    bind_widget(widget, handlers)
    widget.show()
    with qtbot.waitActive(widget):  # keys reach the active window only
        widget.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Qt.Key.Key_A)
    qtbot.keyClick(button, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pressed == ["accept", "undo"]
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_A)
    assert (pressed, field.text()) == (["accept", "undo"], "a")


def test_the_page_of_the_review_shows_the_keys_as_they_are():
    assert keys_table() in PAGE.read_text("utf8")
