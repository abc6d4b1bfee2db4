"""Points grow by binary dilation in time and space."""

import numpy as np
import pytest
from scipy import ndimage

from cell_events.events import Event
from cell_events.mitosis.event_map import event_map, grid_place
from cell_events.mitosis.train_settings import MitosisTrainSettings


def dilated(points: list[Event], shape: tuple[int, int, int], shrink: int, times: int):
    """The definition: marks on the grid of a whole movie, dilated with a cross in (t, y, x)."""
    marks = np.zeros(shape, bool)
    for point in points:
        marks[point.t, int(point.y + 0.5) // shrink, int(point.x + 0.5) // shrink] = True
    return ndimage.binary_dilation(marks, iterations=times) if times else marks


@pytest.mark.parametrize("shrink", [1, 2, 3, 4])
@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_map_is_the_binary_dilation_of_the_points(shrink: int, times: int) -> None:
    random = np.random.default_rng(shrink)
    shape = (12, 15, 18)
    points = [
        Event(int(random.integers(12)), *random.uniform(0, [15 * shrink - 1, 18 * shrink - 1]))
        for _ in range(9)
    ]
    expected = dilated(points, shape, shrink, times)
    found = event_map(points, range(12), shape[1:], shrink, times)
    np.testing.assert_array_equal(found, expected)
    window = event_map(points, range(4, 9), shape[1:], shrink, times)
    np.testing.assert_array_equal(window, expected[4:9])


def test_one_point_makes_a_body_of_known_size() -> None:
    body = event_map([Event(5, 40, 40)], range(11), (21, 21), 4)
    assert body.sum() == 63  # places with |dt| + |dy| + |dx| <= 3
    assert body.sum(axis=(1, 2)).tolist() == [0, 0, 1, 5, 13, 25, 13, 5, 1, 0, 0]


def test_points_beside_a_part_reach_into_it() -> None:
    part = event_map([Event(0, -2, 5)], range(1), (10, 10), 1)
    assert np.argwhere(part[0]).tolist() == [[0, 4], [0, 5], [0, 6], [1, 5]]


def test_corners_of_the_image_lie_in_corners_of_the_grid() -> None:
    assert grid_place(Event(0, -0.5, 7.49), 4) == (0, 1)
    assert grid_place(Event(0, 3.49, 3.51), 4) == (0, 1)


def test_a_body_may_end_sooner_in_time() -> None:
    whole = event_map([Event(5, 40, 40)], range(11), (21, 21), 4)
    short = event_map([Event(5, 40, 40)], range(11), (21, 21), 4, time_dilations=1)
    np.testing.assert_array_equal(short[4:7], whole[4:7])
    assert not short[:4].any()
    assert not short[7:].any()


@pytest.mark.parametrize(("length", "reach"), [(1, 0), (4, 1), (6, 2), (8, 3), (10, 3)])
def test_bodies_fit_into_the_sequences_that_are_read(length: int, reach: int) -> None:
    assert MitosisTrainSettings(length).reach_in_time == reach
    assert MitosisTrainSettings(length, time_dilations=2).reach_in_time == 2
    assert MitosisTrainSettings(length, time_dilations=9).reach_in_time == 3
