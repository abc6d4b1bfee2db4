"""Objects of a map, and how round they are."""

from __future__ import annotations

import numpy as np

from cell_events.mitosis.objects import map_objects

Y, X = np.indices((80, 80)) - 40


def test_objects_that_share_only_corners_are_two() -> None:
    binary = np.zeros((8, 8), bool)
    binary[1:3, 1:3] = binary[3:6, 3:6] = True
    assert sorted(map_objects(binary).area) == [4, 9]


def test_a_disc_is_round() -> None:
    assert map_objects(np.hypot(Y, X) < 12).roundness[0] > 0.97


def test_an_ellipse_is_as_round_as_the_root_of_its_axes() -> None:
    binary = np.hypot(Y / 10, X / 30) < 1
    np.testing.assert_allclose(map_objects(binary).roundness, np.sqrt(1 / 3), rtol=0.03)


def test_roundness_does_not_depend_on_how_an_object_lies() -> None:
    turned = [np.hypot((Y + sign * X) / 10, (X - sign * Y) / 30) < 1 for sign in (-1, 1)]
    first, second = (map_objects(binary).roundness[0] for binary in turned)
    np.testing.assert_allclose(first, second, rtol=1e-6)
    np.testing.assert_allclose(first, np.sqrt(1 / 3), rtol=0.05)


def test_rings_crosses_and_rims_are_not_round() -> None:
    ring = np.abs(np.hypot(Y, X) - 20) < 2
    cross = (np.abs(Y) < 2) | (np.abs(X) < 2)
    rim = ring & (X > 10)
    for binary in (ring, cross, rim):
        assert map_objects(binary).roundness[0] < 0.4


def test_a_single_place_and_a_small_square_are_nearly_round() -> None:
    for side in (1, 3):
        binary = np.zeros((9, 9), bool)
        binary[2 : 2 + side, 2 : 2 + side] = True
        assert 0.9 < map_objects(binary).roundness[0] <= 1


def test_an_empty_map_has_no_objects() -> None:
    found = map_objects(np.zeros((5, 5), bool))
    assert len(found.area) == len(found.roundness) == 0
