from __future__ import annotations

import numpy as np
import pytest

from cell_events.series.resampling import back_to_times, labels_to_length, to_length


def test_a_straight_line_stays_one_upwards_and_downwards() -> None:
    for points in (10, 1024, 5000):
        times = np.linspace(3, 7, points)
        values, mask = to_length(times[None].astype(np.float32), times)
        np.testing.assert_allclose(
            values[0], np.linspace(3, 7, 1024), atol=5e-3
        )  # ends are half a point off
        assert mask.all()


def test_what_is_too_quick_does_not_become_slow() -> None:
    times = np.arange(10_240.0)
    quick = np.sin(2 * np.pi * times * 0.0998)[None].astype(np.float32)  # 10 points a cycle
    values, _ = to_length(quick, times)
    assert np.abs(values[0, 5:-5]).max() < 0.05
    assert np.abs(values).max() < 0.3
    assert np.abs(quick[0, ::10]).max() > 0.9  # what leaving points out would show


def test_missing_values_are_filled_and_masked() -> None:
    times = np.arange(101.0)
    values = times[None].astype(np.float32).copy()
    values[0, 40:60] = np.nan
    filled, mask = to_length(values, times, 1010)
    np.testing.assert_allclose(filled[0], np.linspace(0, 100, 1010), atol=1e-3)
    assert not mask[420:570].any()
    assert mask[:390].all()
    assert mask[610:].all()


def test_a_hole_in_the_times_is_masked_too() -> None:
    times = np.concatenate([np.arange(50.0), np.arange(100.0, 150.0)])
    _, mask = to_length(np.ones((1, 100), np.float32), times, 1491)
    assert mask[:490].all()
    assert mask[1000:].all()
    assert not mask[510:990].any()


def test_probabilities_come_back_to_each_time() -> None:
    times = np.arange(8.0)
    grid = np.linspace(0, 7, 1024)
    found = back_to_times((np.round(grid) == 3).astype(np.float32)[None], times, times != 5)
    np.testing.assert_allclose(found[0, [0, 2, 3, 4, 7]], [0, 0, 1, 0, 0], atol=0.01)
    assert np.isnan(found[0, 5])


@pytest.mark.parametrize("points", [5, 300, 1024, 4000])
def test_no_label_is_lost(points: int) -> None:
    times = np.cumsum(np.random.default_rng(1).uniform(0.5, 1.5, points))
    labels = np.zeros((2, points), bool)
    labels[1, points // 2] = True
    found = labels_to_length(labels, times)
    assert found[1].any()
    assert not found[0].any()
    back = back_to_times(found[1:].astype(np.float32), times, np.ones(points, bool))
    assert abs(back[0].argmax() - points // 2) <= points // 1024


def test_a_single_point_is_a_flat_curve() -> None:
    values, mask = to_length(np.float32([[4]]), np.array([2.0]))
    assert (values == 4).all()
    assert mask.all()
    found = back_to_times(np.full((1, 1024), 0.5), np.array([2.0]), np.array([True]))
    np.testing.assert_allclose(found, [[0.5]])


def test_a_channel_without_any_value_is_zero() -> None:
    values, mask = to_length(np.float32([[np.nan] * 4, [1, 2, 3, 4]]), np.arange(4.0))
    assert not values[0].any()
    assert mask.all()
