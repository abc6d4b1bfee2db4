"""Shapes of cells against scikit-image, which measures one object at a time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.measure import label, regionprops
from skimage.morphology import convex_hull_image

from cell_events.dry_mass.cell_pixels import cell_pixels
from cell_events.dry_mass.shapes import cell_shapes


@pytest.fixture
def blobs() -> NDArray[np.int32]:
    """Irregular objects of all sizes, single pixels and lines among them, with holes."""
    noise = np.random.default_rng(4).random((90, 120))
    smooth = sum(np.roll(noise, (i, j), (0, 1)) for i in range(4) for j in range(4)) / 16
    objects = label(smooth > 0.56, connectivity=1)
    assert objects.max() > 30
    return np.where(objects > 0, objects * 7 + 1000, 0).astype(np.int32)


def test_shapes_agree_with_scikit_image(blobs: NDArray[np.int32]) -> None:
    cells, found = cell_pixels(blobs), cell_shapes(cell_pixels(blobs))
    expected = regionprops(blobs)
    assert cells.labels.tolist() == [one.label for one in expected]
    for mine, theirs in {
        "area_px": "area",
        "major_axis_px": "axis_major_length",
        "minor_axis_px": "axis_minor_length",
        "eccentricity": "eccentricity",
    }.items():
        values = [getattr(one, theirs) for one in expected]
        np.testing.assert_allclose(getattr(found, mine), values, atol=1e-6, err_msg=mine)
    np.testing.assert_allclose(np.stack([found.y, found.x], 1), [one.centroid for one in expected])


def test_solidity_counts_the_pixels_in_the_convex_hull(blobs: NDArray[np.int32]) -> None:
    found = cell_shapes(cell_pixels(blobs))
    for one, solidity in zip(regionprops(blobs), found.solidity, strict=True):
        if min(one.image.shape) > 1:  # scikit-image has no hull of a line
            hull = convex_hull_image(one.image, offset_coordinates=False)
            assert solidity == pytest.approx(one.area / hull.sum()), one.label


def test_a_line_and_a_pixel_are_convex() -> None:
    frame = np.zeros((9, 9), int)
    frame[1, 1], frame[3, 2:7], frame[5:8, 8] = 1, 2, 3
    found = cell_shapes(cell_pixels(frame))
    assert found.solidity.tolist() == [1, 1, 1]
    assert found.touches_border.tolist() == [False, False, True]
    assert found.eccentricity.tolist() == [0, 1, 1]


def test_a_frame_without_cells_has_no_shapes() -> None:
    found = cell_shapes(cell_pixels(np.zeros((5, 6), np.uint8)))
    assert len(found.area_px) == len(found.solidity) == 0


def test_an_angle_is_less_solid_than_a_square() -> None:
    frame = np.zeros((20, 40), int)
    frame[2:12, 2:12] = 1
    frame[2:12, 20:30] = 2
    frame[2:9, 23:30] = 0
    assert cell_shapes(cell_pixels(frame)).solidity.tolist() == [1, 51 / (100 - 28)]
