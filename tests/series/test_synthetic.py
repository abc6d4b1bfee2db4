import numpy as np
import pytest

from cell_events.series.synthetic import KINDS, SyntheticSettings, synthetic_series
from cell_events.series.synthetic_anomalies import (
    Cycles,
    additive_outliers,
    changed_volatility,
    violated_cycles,
)
from cell_events.series.synthetic_shapes import SHAPES, TABLE, drawn_tables, looked_up

PERIOD = 64


def random_of(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def cycles_of(count: int) -> Cycles:
    random = random_of(3)
    names, cyclic = np.array(["smooth"] * count), np.ones(count, bool)
    tables, others = drawn_tables(names, cyclic, random), drawn_tables(names, cyclic, random)
    return Cycles(tables, others, np.full(count, float(PERIOD)), np.zeros(count))


def test_curves_have_the_length_and_the_kinds_that_networks_expect() -> None:
    values, labels = synthetic_series(5, seed=0)
    assert values.shape == (5, 1, 1024)
    assert values.dtype == np.float32
    assert labels.shape == (5, len(KINDS), 1024)
    assert labels.dtype == bool
    assert np.isfinite(values).all()


def test_equal_seeds_give_equal_curves_and_others_do_not() -> None:
    one, again, other = (synthetic_series(4, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_nothing_is_labelled_where_nothing_goes_wrong() -> None:
    assert not synthetic_series(50, 0, SyntheticSettings(abnormal=0.0))[1].any()


def test_each_kind_is_in_about_the_share_of_curves_asked_for() -> None:
    _, labels = synthetic_series(400, 0, SyntheticSettings(abnormal=0.5, cyclic=1.0))
    outliers, volatile, violated = labels.any(axis=2).mean(axis=0)
    assert 0.4 < outliers < 0.6
    assert 0.4 < volatile < 0.6
    assert 0.3 < violated < 0.6, "violations that nobody could see are none"


def test_curves_without_cycles_cannot_violate_them() -> None:
    _, labels = synthetic_series(100, 0, SyntheticSettings(abnormal=1.0, cyclic=0.0))
    assert not labels[:, KINDS.index("cyclic violation")].any()


@pytest.mark.parametrize("name", SHAPES)
def test_cyclic_shapes_repeat_themselves(name: str) -> None:
    tables = drawn_tables(np.array([name] * 20), np.ones(20, bool), random_of())
    phases = np.tile(np.arange(PERIOD, dtype=np.float32) / PERIOD, (20, 1))
    assert np.array_equal(looked_up(tables, phases), looked_up(tables, phases + 3))
    assert np.allclose(tables.mean(axis=1), 0, atol=1e-3)
    assert np.allclose(tables.std(axis=1), 1, atol=1e-3)


def test_steps_are_flat_and_lines_are_straight_between_knots() -> None:
    knots = np.full(10, 4)
    steps = np.diff(SHAPES["piecewise constant"](knots, random_of()))
    assert ((steps != 0).sum(axis=1) <= 3).all()
    bends = np.abs(np.diff(SHAPES["piecewise linear"](knots, random_of()), n=2))
    assert ((bends > 1e-3).sum(axis=1) <= 3 * 4).all()


def test_a_pulse_stands_on_a_flat_line() -> None:
    table = SHAPES["pulse-like"](np.full(20, 2), random_of())
    assert table.shape == (20, TABLE)
    assert (np.quantile(np.abs(table), 0.3, axis=1) < 0.1).all()
    assert (np.abs(table).max(axis=1) > 0.5).all()


def test_outliers_are_as_large_as_said_and_labelled_where_they_are() -> None:
    sizes = np.array([1.0, 20.0])
    added, labels = additive_outliers(sizes, 1024, random_of())
    assert np.array_equal(added != 0, labels)
    for row, size in enumerate(sizes):
        assert 1 <= labels[row].sum() <= 5 * 4
        assert np.abs(added[row, labels[row]]).min() >= size


def test_noise_changes_inside_the_labelled_stretch_only() -> None:
    sizes, labels = changed_volatility(np.full(50, 0.1), 1024, random_of())
    assert np.array_equal(sizes != np.float32(0.1), labels)
    stretches = labels.sum(axis=1)
    assert stretches.min() >= 29
    assert stretches.max() <= 300
    assert np.diff(labels.astype(int), axis=1).clip(0).sum(axis=1).max() == 1, "one stretch each"


def test_cycles_go_on_outside_the_labelled_stretch() -> None:
    values, labels = violated_cycles(cycles_of(60), random_of())
    change = np.abs(values[:, PERIOD:] - values[:, :-PERIOD])
    passed = np.pad(labels.cumsum(axis=1), ((0, 0), (1, 0)))
    is_between = passed[:, PERIOD + 1 :] - passed[:, : -PERIOD - 1] > 0
    assert change[~is_between].max() < 0.01
    is_violated = labels.any(axis=1)
    assert is_violated.mean() > 0.7
    assert np.where(is_between, change, 0).max(axis=1)[is_violated].min() > 0.3


def test_a_labelled_violation_is_one_that_can_be_seen() -> None:
    cycles = cycles_of(60)
    values, labels = violated_cycles(cycles, random_of())
    usual = cycles.values()
    for row in np.flatnonzero(labels.any(axis=1)):
        assert np.abs(values[row] - usual[row])[labels[row]].mean() >= 0.4
    unseen = ~labels.any(axis=1)
    assert np.array_equal(values[unseen], usual[unseen])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"shapes": ("wavy",)}, "expected some of"),
        ({"abnormal": 1.5}, "expected a share"),
        ({"periods": (30.0, 20.0)}, "expected them to rise"),
        ({"noise": (0.0, 0.1)}, "from above 0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        SyntheticSettings(**wrong)
