"""The dock 'Table of events', on a workbench without a window."""

import numpy as np
import pytest
from napari.components import ViewerModel

from cell_events.events import Event
from cell_events.gui.docks.table_of_events import TableOfEvents
from cell_events.gui.layers.layer_axes import placement


@pytest.fixture
def dock(qtbot):
    viewer = ViewerModel()
    frames = np.arange(9, dtype=np.uint8)[:, None, None] * np.ones((1, 80, 90), np.uint8)
    movie = viewer.add_image(frames, name="movie")
    dock = TableOfEvents(viewer)
    qtbot.addWidget(dock, before_close_func=TableOfEvents.shut_down)
    dock.bench.look_at(movie, placement(movie, "TYX"))
    dock.bench.events.set_events({f"u/{t}": Event(t, 40, 40) for t in range(1, 8)})
    return dock


def test_the_event_that_was_selected_before_is_shown_when_the_table_opens(dock, qtbot):
    dock.bench.events.select("u/6")
    dock.table.view.clearSelection()
    dock.show()
    qtbot.waitUntil(lambda: dock.table.selected_ids == ["u/6"], timeout=30_000)


def test_pictures_show_the_selected_event(dock, qtbot):
    dock.bench.events.select("u/4")
    qtbot.waitUntil(lambda: len(dock.pictures.crops) == 5, timeout=30_000)
    assert [crop[32, 32] for crop in dock.pictures.crops] == [2, 3, 4, 5, 6]


def test_pictures_have_the_contrast_of_the_movie(dock):
    dock.bench.looked_at.layer.contrast_limits = (10, 20)
    assert (dock.pictures._contrast.black, dock.pictures._contrast.white) == (10, 20)
