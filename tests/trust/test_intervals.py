"""Intervals from drawing whole blocks."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.trust.intervals import block_bootstrap


def test_the_value_is_the_statistic_of_all_rows() -> None:
    values = np.array([1.0, 2.0, 6.0])
    interval = block_bootstrap(np.arange(3), lambda rows: float(values[rows].mean()))
    assert interval.value == 3.0
    assert interval.low < 3.0 < interval.high


def test_the_interval_of_a_mean_is_that_of_the_normal_law() -> None:
    values = np.random.default_rng(1).normal(size=400)
    interval = block_bootstrap(np.arange(400), lambda rows: float(values[rows].mean()), 4000)
    half = 1.96 * values.std() / 20
    assert interval.low == pytest.approx(values.mean() - half, abs=0.15 * half)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.15 * half)


def test_rows_of_a_block_are_drawn_together() -> None:
    groups = np.array([7, 7, 3, 3, 3])

    def is_whole(rows: np.ndarray) -> float:
        counts = np.bincount(rows, minlength=5)
        return float(len({*counts[:2]}) == 1 and len({*counts[2:]}) == 1)

    assert block_bootstrap(groups, is_whole, 50) == (1.0, 1.0, 1.0)


def test_repeating_rows_within_blocks_makes_nothing_surer() -> None:
    values = np.random.default_rng(2).normal(size=30)
    once = block_bootstrap(np.arange(30), lambda rows: float(values[rows].mean()))
    many = np.repeat(values, 50)
    often = block_bootstrap(np.repeat(np.arange(30), 50), lambda rows: float(many[rows].mean()))
    np.testing.assert_allclose(once, often)


def test_arrays_get_an_interval_for_each_number_and_unknown_repeats_do_not_count() -> None:
    values = np.array([0.0, 1.0])

    def both(rows: np.ndarray) -> np.ndarray:
        return np.array([values[rows].mean(), np.nan if len({*rows}) < 2 else 5.0, np.nan])

    interval = block_bootstrap(np.arange(2), both, 200)
    np.testing.assert_array_equal(interval.low, [0.0, 5.0, np.nan])
    np.testing.assert_array_equal(interval.high, [1.0, 5.0, np.nan])


def test_one_block_tells_nothing_about_the_spread() -> None:
    interval = block_bootstrap(np.zeros(4, int), lambda rows: float(len(rows)))
    assert interval.value == 4.0
    assert np.isnan([interval.low, interval.high]).all()


@pytest.mark.parametrize(("repeats", "level"), [(0, 0.95), (10, 1.0), (10, 0.0)])
def test_settings_that_make_no_interval_are_refused(repeats: int, level: float) -> None:
    with pytest.raises(ValueError, match="repeats must be at least 1"):
        block_bootstrap(np.arange(3), lambda _: 0.0, repeats, level=level)


def test_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        block_bootstrap(np.zeros(0, int), lambda _: 0.0)
