"""Synthetic snapshots come scaled, labelled by kind, and new at each step."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.series.pretraining import SYNTHETIC_KINDS, synthetic_examples, synthetic_source
from cell_events.series.scaling import scaled_by_sample


@pytest.mark.parametrize("curves", ["general", "mass", "both"])
def test_snapshots_have_one_row_of_labels_for_each_kind(curves: str) -> None:
    examples = synthetic_examples(curves, 9, seed=0)  # type: ignore[arg-type]
    assert examples.values.shape == (9, 1, 1024)
    assert examples.labels.shape[1] == len(examples.kinds) == len(SYNTHETIC_KINDS[curves])  # type: ignore[index]
    assert np.abs(np.median(examples.values, axis=2)).max() < 1e-5


def test_of_both_sorts_no_snapshot_has_kinds_of_the_other() -> None:
    found = synthetic_examples("both", 60, seed=0).labels.any(axis=2)
    assert found[:30, :3].any()
    assert found[30:, 3:].any()
    assert not found[:30, 3:].any()
    assert not found[30:, :3].any()


def test_batches_depend_on_seed_and_step_alone() -> None:
    source = synthetic_source("general", 4, seed=1)
    again = synthetic_source("general", 4, seed=1)
    assert np.array_equal(source.batch(7).values, again.batch(7).values)
    assert not np.array_equal(source.batch(7).values, source.batch(8).values)


def test_scaling_ignores_what_is_masked_and_the_unit() -> None:
    random = np.random.default_rng(0)
    values, masks = random.normal(5, 2, (1, 1, 400)), np.ones((1, 400), bool)
    scaled = scaled_by_sample(values, masks)
    assert np.median(scaled) == pytest.approx(0, abs=1e-6)
    assert scaled.std() == pytest.approx(1, abs=0.1)
    np.testing.assert_allclose(scaled_by_sample(-3 + 100 * values, masks), scaled, atol=1e-4)
    values[0, 0, :3], masks[0, :3] = 1e9, False
    np.testing.assert_allclose(scaled_by_sample(values, masks)[..., 3:], scaled[..., 3:], atol=0.05)


def test_a_flat_series_and_one_without_any_measurement_are_zero() -> None:
    values = np.full((2, 1, 64), 7.0)
    masks = np.array([[True] * 64, [False] * 64])
    assert not scaled_by_sample(values, masks).any()
