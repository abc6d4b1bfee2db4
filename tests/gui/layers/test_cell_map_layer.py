"""The chosen cell map as a layer on its movie."""

import numpy as np
import pytest
import zarr
from napari.components import ViewerModel

from cell_events.gui.layers.cell_map_layer import CellMapLayer
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.layers.our_layers import CELL_MAP, role_of

N_FRAMES, N_MAPS, GRID, SHRINK = 5, 3, (6, 8), 4


@pytest.fixture
def path(tmp_path):
    """Maps that hold their own number plus ten times the frame."""
    path = tmp_path / "maps.zarr"
    numbers = np.arange(N_MAPS)[None, :, None, None] + 10 * np.arange(N_FRAMES)[:, None, None, None]
    shape = (N_FRAMES, N_MAPS, *GRID)
    stored = zarr.create_array(path, shape=shape, chunks=(1, *shape[1:]), dtype="u1")
    stored[:] = np.broadcast_to(numbers, shape)
    stored.attrs.update({"step_px": SHRINK, "offset_px": 1.5})
    return path


@pytest.mark.parametrize(
    ("shape", "axes", "plane"),
    [
        ((N_FRAMES, 24, 32), "TYX", None),
        ((N_FRAMES, 2, 24, 32), "TCYX", 1),
        ((2, N_FRAMES, 24, 32), "CTYX", 0),
        ((N_FRAMES, 7, 24, 32), "TZYX", "max"),
    ],
)
def test_places_lie_on_their_pixels_whatever_the_axes(path, shape, axes, plane):
    viewer = ViewerModel()
    movie = viewer.add_image(np.zeros(shape, np.uint8), scale=[*([1] * (len(shape) - 2)), 0.5, 0.5])
    shown = CellMapLayer(viewer)
    where = placement(movie, axes, plane)
    shown.show(path, 2, movie, where)
    (layer,) = (layer for layer in viewer.layers if role_of(layer) == CELL_MAP)
    assert layer.data.shape[-2:] == GRID
    frame = [0] * layer.ndim
    frame[axes.index("T")] = 3
    assert int(np.asarray(layer.data[tuple(frame)])) == 32
    middle_of_place = layer.data_to_world([0] * (layer.ndim - 2) + [1, 2])[-2:]
    np.testing.assert_allclose(middle_of_place, [0.5 * (1.5 + 4), 0.5 * (1.5 + 8)])


def test_frames_are_read_when_they_are_looked_at(path):
    viewer = ViewerModel()
    movie = viewer.add_image(np.zeros((N_FRAMES, 24, 32), np.uint8))
    shown = CellMapLayer(viewer)
    shown.show(path, 1, movie, placement(movie, "TYX"))
    assert shown.layer.data.chunks[0] == (1,) * N_FRAMES


def test_another_map_takes_the_place_of_the_one_before_as_it_was_seen(path):
    viewer = ViewerModel()
    movie = viewer.add_image(np.zeros((N_FRAMES, 24, 32), np.uint8))
    shown = CellMapLayer(viewer)
    where = placement(movie, "TYX")
    shown.show(path, 1, movie, where)
    shown.layer.visible = False
    shown.show(path, 0, movie, where)
    assert len(viewer.layers) == 2
    assert not shown.layer.visible
    assert viewer.layers.index(shown.layer) == viewer.layers.index(movie) + 1
    shown.forget()
    assert list(viewer.layers) == [movie]


def test_nothing_is_shown_on_a_movie_that_is_gone(path):
    viewer = ViewerModel()
    movie = viewer.add_image(np.zeros((N_FRAMES, 24, 32), np.uint8))
    where = placement(movie, "TYX")
    viewer.layers.clear()
    CellMapLayer(viewer).show(path, 1, movie, where)
    assert len(viewer.layers) == 0
