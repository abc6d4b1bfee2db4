"""Scores lie on the movie, come frame by frame, and are dimmed while they are old."""

import numpy as np
import pytest
import zarr
from napari.components import ViewerModel
from napari.layers import Image

from cell_events.gui.layers.heat_layer import NEW_OPACITY, OLD_OPACITY, HeatLayer, shown_frame
from cell_events.gui.layers.layer_axes import placement

STEP, OFFSET = 4, 2


@pytest.fixture
def scores(tmp_path):
    values = np.random.default_rng(0).integers(0, 255, (5, 2, 10, 12), dtype=np.uint8)
    array = zarr.create_array(
        tmp_path / "scores.zarr", data=values, attributes={"step_px": STEP, "offset_px": OFFSET}
    )
    assert array.shape == values.shape
    return tmp_path / "scores.zarr", values


@pytest.fixture
def shown(qapp):
    viewer = ViewerModel()
    movie = Image(
        np.zeros((5, 40, 48), np.uint8), scale=(2, 0.5, 0.5), translate=(1, 7, -3), name="movie"
    )
    viewer.add_layer(movie)
    heat = HeatLayer(viewer)
    yield viewer, movie, heat
    heat.release()


def test_a_frame_shows_the_highest_score_of_all_classes(shown, scores):
    _, movie, heat = shown
    path, values = scores
    heat.show_frame(path, 3, movie, placement(movie, "TYX"))
    np.testing.assert_array_equal(heat.layer.data[3], values[3].max(0))
    assert not heat.layer.data[2].any()


def test_each_score_lies_on_the_place_that_it_is_about(shown, scores):
    _, movie, heat = shown
    heat.show_frame(scores[0], 0, movie, placement(movie, "TYX"))
    there = heat.layer.data_to_world((4, 3, 5))
    expected = movie.data_to_world((4, OFFSET + 3 * STEP, OFFSET + 5 * STEP))
    np.testing.assert_allclose(there, expected)


def test_a_movie_with_channels_gets_scores_on_every_channel(shown, scores):
    viewer, _, heat = shown
    movie = Image(np.zeros((5, 3, 40, 48), np.uint8))
    viewer.add_layer(movie)
    heat.show_frame(scores[0], 1, movie, placement(movie, "TCYX", 0))
    np.testing.assert_array_equal(heat.layer.data[1, 0], scores[1][1].max(0))


def test_frames_are_dimmed_until_they_are_renewed(shown, scores):
    viewer, movie, heat = shown
    where = placement(movie, "TYX")
    viewer.dims.set_point(0, 1 + 2 * 2)
    assert shown_frame(viewer, where) == 2
    heat.show_frame(scores[0], 2, movie, where)
    assert heat.layer.opacity == NEW_OPACITY
    heat.expect()
    assert heat.layer.opacity == OLD_OPACITY
    heat.show_frame(scores[0], 2, movie, where)
    assert heat.layer.opacity == NEW_OPACITY
    viewer.dims.set_point(0, 1 + 2 * 3)
    assert heat.layer.opacity == OLD_OPACITY


def test_the_active_layer_stays_active(shown, scores):
    viewer, movie, heat = shown
    viewer.layers.selection.active = movie
    heat.show_frame(scores[0], 0, movie, placement(movie, "TYX"))
    assert viewer.layers.selection.active is movie


def test_a_layer_that_the_user_deleted_comes_back_with_the_next_frame(shown, scores):
    viewer, movie, heat = shown
    where = placement(movie, "TYX")
    heat.show_frame(scores[0], 0, movie, where)
    viewer.layers.remove(heat.layer)
    heat.show_frame(scores[0], 1, movie, where)
    assert heat.layer in viewer.layers


def test_scores_of_a_deleted_movie_are_not_shown_on_their_own(shown, scores):
    viewer, movie, heat = shown
    viewer.layers.clear()
    heat.show_frame(scores[0], 2, movie, placement(movie, "TYX"))
    assert not viewer.layers
