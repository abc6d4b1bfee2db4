"""What a layer's axes mean and where its pixels lie."""

import numpy as np
import pytest
from napari.layers import Image, Points

from cell_events.gui.layers.layer_axes import (
    LayerError,
    from_layer_coordinates,
    placement,
    possible_axes,
    to_layer_coordinates,
)


def image(*shape, **options):
    return Image(np.zeros(shape, np.uint8), name="my movie", **options)


def test_three_axes_are_time_y_x():
    assert possible_axes(image(5, 8, 9)) == ("TYX",)


def test_four_axes_are_asked_for_unless_they_are_named():
    assert "TCYX" in possible_axes(image(5, 2, 8, 9))
    named = image(5, 2, 8, 9, axis_labels=("Time", "z", "y", "x"))
    assert possible_axes(named) == ("TZYX",)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (image(8, 9), "has 2 axes; a movie needs time"),
        (image(2, 3, 4, 8, 9), "has 5 axes; choose one channel or z"),
        (image(5, 8, 9, 3, rgb=True), "Split RGB"),
        (image(5, 8, 9, axis_labels=("z", "y", "x")), "has the axes Z, Y, X; expected TYX"),
        (image(5, 2, 8, 9, axis_labels=("c", "z", "y", "x")), "expected TCYX or"),
    ],
)
def test_a_layer_that_is_no_movie_is_refused_with_advice(layer, words):
    with pytest.raises(LayerError, match=words) as refusal:
        possible_axes(layer)
    assert "my movie" in str(refusal.value)


def test_scale_becomes_micrometres_and_seconds():
    layer = image(5, 8, 9, scale=(2, 650, 650), units=("min", "nm", "nm"))
    where = placement(layer, "TYX")
    assert where.pixel_size_um == pytest.approx(0.65)
    assert where.frame_interval_s == pytest.approx(120)


@pytest.mark.parametrize(
    "options",
    [{}, {"scale": (1, 2, 2)}, {"scale": (1, 2, 3), "units": ("s", "um", "um")}],
)
def test_without_units_or_square_pixels_there_is_no_pixel_size(options):
    assert placement(image(5, 8, 9, **options), "TYX").pixel_size_um is None


def test_coordinates_survive_the_way_to_the_layer_and_back():
    positions = np.array([[3.0, 1.5, 2.5], [0.0, 7.0, 8.0]])
    for axes in ("TYX", "TCYX", "ZTYX"):
        there = to_layer_coordinates(positions, axes)
        assert there.shape == (2, len(axes))
        np.testing.assert_array_equal(from_layer_coordinates(there, axes), positions)


def test_a_flat_layer_has_the_extent_of_the_movie():
    layer = image(5, 4, 8, 9, scale=(1, 3, 2, 2), translate=(0, 10, 20, 30))
    where = placement(layer, "TZYX", 2)
    flat = Image(np.zeros(where.flat_shape(), np.uint8), **where.flat_transform())
    np.testing.assert_allclose(flat.extent.world, layer.extent.world, atol=12)
    np.testing.assert_allclose(flat.extent.world[:, [0, 2, 3]], layer.extent.world[:, [0, 2, 3]])
    centre = flat.data_to_world((0, 0, 0, 0))
    assert centre[1] == pytest.approx(10 + 3 * 1.5)


def test_a_flat_point_shows_on_every_plane(make_napari_viewer):
    viewer = make_napari_viewer()
    layer = viewer.add_image(np.zeros((5, 4, 8, 9), np.uint8), scale=(1, 3, 2, 2))
    where = placement(layer, "TZYX", 2)
    points = viewer.add_layer(Points([[2, 0, 4, 4]], **where.flat_transform()))
    for z in range(4):
        for t in range(5):
            viewer.dims.set_current_step((0, 1), (t, z))
            here = (*viewer.dims.point[:2], *points.data_to_world(points.data[0])[2:])
            hit = points.get_value(here, world=True)
            assert (hit is not None) == (t == 2), (t, z)
