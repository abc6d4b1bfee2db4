"""What a network looked at lies on the movie, and its strongest regions are numbered."""

import numpy as np
import pytest
import zarr
from napari.components import ViewerModel
from napari.layers import Image

from cell_events.gui.layers.attention_layers import AttentionLayers
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.layers.our_layers import ATTENTION, REGIONS, role_of
from cell_events.trust.explained_events import ExplainedEvent
from cell_events.trust.top_regions import Region


@pytest.fixture
def movie():
    return Image(
        np.zeros((4, 2, 10, 12), np.uint8),
        name="cells",
        scale=(2, 1, 0.5, 0.5),
        translate=(0, 0, 3, 4),
        units=("min", "pixel", "um", "um"),
    )


@pytest.fixture
def stored(tmp_path):
    maps = zarr.create_array(
        str(tmp_path / "map.zarr"), shape=(4, 10, 12), chunks=(1, 10, 12), dtype="float32"
    )
    maps[2, 3, 4] = 5.0
    return tmp_path / "map.zarr"


def test_the_map_lies_on_the_movie_and_is_read_frame_by_frame(movie, stored):
    viewer = ViewerModel()
    viewer.add_layer(movie)
    layers, place = AttentionLayers(viewer), placement(movie, "TCYX", 1)
    layers.show_map(stored, 5.0, movie, place)
    layer = layers.map
    assert viewer.layers.index(layer) == 1
    assert role_of(layer) == ATTENTION
    assert not isinstance(layer.data, np.ndarray)
    assert (layer.blending, layer.contrast_limits) == ("additive", [0, 5])
    assert np.asarray(layer.data[2, 0, 3, 4]) == 5
    np.testing.assert_allclose(layer.scale[[0, 2, 3]], (2, 0.5, 0.5))
    np.testing.assert_allclose(layer.translate[[0, 2, 3]], (0, 3, 4))
    assert layer.units == movie.units
    assert viewer.layers.selection.active is movie


def test_another_map_takes_the_place_of_the_one_before_and_is_as_bright(movie, stored):
    viewer = ViewerModel()
    viewer.add_layer(movie)
    layers, place = AttentionLayers(viewer), placement(movie, "TCYX", 1)
    layers.show_map(stored, 5.0, movie, place)
    layers.map.opacity, layers.map.visible = 0.3, False
    layers.show_map(stored, 2.0, movie, place)
    assert [role_of(layer) for layer in viewer.layers] == [None, ATTENTION]
    assert (layers.map.opacity, layers.map.visible) == (0.3, False)


def test_regions_are_numbered_in_both_frames_of_a_pair(movie):
    viewer = ViewerModel()
    viewer.add_layer(movie)
    layers, place = AttentionLayers(viewer), placement(movie, "TCYX", 1)
    layers.show_regions([Region(2, 3, 4, 1, 0.5), Region(2, 8, 9, 2, 0.25)], 1, movie, place)
    layer = layers.regions
    assert role_of(layer) == REGIONS
    np.testing.assert_allclose(layer.data[:, [0, 2, 3]][:2], [[2, 3, 4], [1, 3, 4]])
    assert layer.features["rank"].tolist() == [1, 1, 2, 2]
    assert layer.features["score"].tolist() == [0.5, 0.5, 0.25, 0.25]
    np.testing.assert_allclose(layer.scale[-1], 0.5)
    layers.forget()
    assert list(viewer.layers) == [movie]


def test_the_map_of_one_event_lies_in_its_window_and_frames_alone(movie):
    viewer = ViewerModel()
    viewer.add_layer(movie)
    layers, place = AttentionLayers(viewer), placement(movie, "TCYX", 1)
    maps = np.zeros((2, 4, 5), np.float32)
    maps[1, 2, 3] = 6.0
    event = ExplainedEvent(3, 7.0, 8.0, "division", 1.5, (1, 3), 5, 6, maps, maps)
    layers.show_event(event, movie, place)
    layer = layers.map
    assert layer.data.shape == (3, 1, 4, 5)  # frames 1 to 3, nothing in frame 2
    assert layer.data[1].max() == 0
    in_movie = movie.world_to_data(layer.data_to_world((2, 0, 2, 3)))
    np.testing.assert_allclose(np.array(in_movie)[[0, 2, 3]], (3, 7, 9))
    assert layers.shows_event
    layers.forget_map()
    assert list(viewer.layers) == [movie]


def test_the_map_of_an_event_at_the_rim_ends_where_the_movie_does(movie):
    viewer = ViewerModel()
    viewer.add_layer(movie)
    layers, place = AttentionLayers(viewer), placement(movie, "TCYX", 1)
    maps = np.full((2, 4, 4), np.nan, np.float32)
    maps[:, 1:, :3] = 1.0
    event = ExplainedEvent(3, 1.0, 11.0, "division", 1.5, (2, 3), -1, 9, maps, maps)
    layers.show_event(event, movie, place)
    assert layers.map.data.shape == (2, 1, 3, 3)
    assert np.isfinite(layers.map.data).all()
    first = movie.world_to_data(layers.map.data_to_world((0, 0, 0, 0)))
    np.testing.assert_allclose(np.array(first)[[0, 2, 3]], (2, 0, 9))
