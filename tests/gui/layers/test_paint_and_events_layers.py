"""Painted masks out of Labels layers; events into Points layers and back."""

import numpy as np
import pytest
import zarr
from napari.layers import Image, Labels

from cell_events.events import Event
from cell_events.gui.layers.events_layer import events_of_layer, new_events_layer, show_events
from cell_events.gui.layers.layer_axes import LayerError, placement
from cell_events.gui.layers.paint_layer import new_paint_layer, write_mask

EVENTS = [
    Event(2, 10.5, 20.25, score=0.9, source="model", extra={"note": "late"}),
    Event(4, 3.0, 4.0, "death", score=0.7, probability=0.6, status="accepted", extra={"note": ""}),
]
KINDS = ("division", "death")


def movie_at(*shape, axes="TYX", plane=None, **options):
    layer = Image(np.zeros(shape, np.uint8), name="movie", **options)
    return placement(layer, axes, plane)


def mask_of(labels, where, path):
    steps = write_mask(labels, where, path)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return zarr.open_array(path, mode="r")[:], end.value


def test_a_new_paint_layer_lies_on_the_movie():
    where = movie_at(6, 40, 50, scale=(60, 0.5, 0.5), translate=(0, 7, 8), units=("s", "um", "um"))
    labels = new_paint_layer(where, "paint")
    assert labels.data.shape == (6, 40, 50)
    assert labels.data.dtype == np.uint8
    np.testing.assert_array_equal(labels.scale, (60, 0.5, 0.5))
    np.testing.assert_array_equal(labels.translate, (0, 7, 8))
    assert [str(unit) for unit in labels.units] == ["second", "micrometer", "micrometer"]


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32, np.int64, np.uint64])
def test_paint_of_any_integer_type_becomes_the_same_mask(tmp_path, dtype):
    paint = np.zeros((6, 40, 50), dtype)
    paint[2, 5:9, 5:9], paint[3, 20:30, 5:9], paint[5, 0, 0] = 1, 2, 255
    mask, highest = mask_of(Labels(paint), movie_at(6, 40, 50), tmp_path / "paint.zarr")
    np.testing.assert_array_equal(mask, paint)
    assert mask.dtype == np.uint8
    assert highest == 2


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "No event is painted"),
        (255, "No event is painted"),
        (300, "label 300"),
        (-1, "label -1"),
    ],
)
def test_paint_that_means_nothing_is_refused(tmp_path, value, words):
    paint = np.zeros((6, 40, 50), np.int32)
    paint[2, 5:9, 5:9] = value
    with pytest.raises(LayerError, match=words):
        mask_of(Labels(paint), movie_at(6, 40, 50), tmp_path / "paint.zarr")


def test_paint_of_another_shape_is_refused(tmp_path):
    labels = Labels(np.ones((6, 40, 51), int), name="cells")
    with pytest.raises(LayerError, match=r"'cells' has the shape \(6, 40, 51\).*'New'"):
        mask_of(labels, movie_at(6, 40, 50), tmp_path / "paint.zarr")


@pytest.mark.parametrize("shape", [(6, 1, 40, 50), (6, 3, 40, 50), (6, 40, 50)])
def test_paint_on_a_movie_with_planes_is_flattened(tmp_path, shape):
    where = movie_at(6, 3, 40, 50, axes="TZYX", plane=1)
    paint = np.zeros(shape, np.uint8)
    paint[(2, -1)[: len(shape) - 2]][5:9, 5:9] = 1
    mask, _ = mask_of(Labels(paint), where, tmp_path / "paint.zarr")
    assert mask.shape == (6, 40, 50)
    assert mask[2, 5:9, 5:9].all()


def test_events_survive_the_way_to_the_layer_and_back():
    where = movie_at(6, 40, 50, scale=(60, 0.5, 0.5), translate=(0, 7, 8))
    layer = new_events_layer(EVENTS, where, KINDS, "events")
    assert events_of_layer(layer, where) == EVENTS
    np.testing.assert_allclose(
        layer.data_to_world(layer.data[0]), (120, 7 + 10.5 * 0.5, 8 + 20.25 * 0.5)
    )
    assert list(layer.features.columns[:3]) == ["kind", "score", "probability"]
    assert {"t", "y", "x"} <= set(layer.features.columns)


def test_no_events_make_an_empty_layer_that_can_be_filled():
    where = movie_at(6, 40, 50)
    layer = new_events_layer([], where, KINDS, "events")
    assert events_of_layer(layer, where) == []
    show_events(layer, EVENTS, where, KINDS)
    assert events_of_layer(layer, where) == EVENTS
    show_events(layer, [], where, KINDS)
    assert len(layer.data) == 0


def test_kinds_have_the_colours_of_their_paint():
    where = movie_at(6, 40, 50)
    layer = new_events_layer(EVENTS, where, KINDS, "events")
    paint = new_paint_layer(where, "paint")
    for i, label in enumerate((1, 2)):
        np.testing.assert_allclose(layer.border_color[i], paint.get_color(label), atol=0.01)


def test_points_that_the_user_moves_adds_and_deletes_count():
    where = movie_at(6, 3, 40, 50, axes="TZYX", plane="max")
    layer = new_events_layer(EVENTS, where, KINDS, "events")
    layer.data = layer.data + np.array([0, 0, 1, 1])
    layer.add([[9, 0, 5, 6]])
    layer.selected_data = {0}
    layer.remove_selected()
    moved, added = events_of_layer(layer, where)
    assert (moved.t, moved.y, moved.x, moved.kind) == (4, 4.0, 5.0, "death")
    assert (added.t, added.y, added.x) == (5, 5.0, 6.0)
    assert (added.kind, added.status, added.score) == ("division", "added", None)
