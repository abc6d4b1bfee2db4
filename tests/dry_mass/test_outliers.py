"""Brief outliers are taken for missing; what stays, or lasts, is not."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.outliers import without_outliers


def growing(frames: int = 60, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 0.01, frames)
    return 200 * np.exp(0.01 * np.arange(frames) + noise)


def curve(mass: np.ndarray) -> MassCurve:
    return MassCurve(1, 0, mass, None, np.zeros(len(mass), bool))


def missing(mass: np.ndarray, frames: int = 2) -> list[int]:
    (kept,), (count,) = without_outliers([curve(mass)], frames)
    gone = np.flatnonzero(np.isnan(kept.mass_pg) & ~np.isnan(mass)).tolist()
    assert count == len(gone)
    assert np.array_equal(np.delete(kept.mass_pg, gone), np.delete(mass, gone), equal_nan=True)
    return gone


@pytest.mark.parametrize("factor", [0.7, 1.4])
def test_an_outlier_of_one_or_two_frames_is_missing(factor: float) -> None:
    mass = growing()
    mass[20] *= factor
    mass[40:42] *= factor
    assert missing(mass) == [20, 40, 41]
    assert missing(mass, frames=1) == [20]


def test_what_lasts_longer_is_kept() -> None:
    mass = growing()
    mass[20:23] *= 1.5
    assert missing(mass) == []


def test_a_division_is_no_outlier() -> None:
    mass = growing()
    mass[30:] /= 2
    assert missing(mass) == []


def test_the_ends_are_kept() -> None:
    mass = growing()
    mass[[0, -1]] *= 2
    assert missing(mass) == []


def test_gaps_do_not_matter() -> None:
    mass = growing()
    mass[10:25] = np.nan
    mass[27] *= 1.5
    assert missing(mass) == [27]


def test_an_outlier_beside_a_gap_counts_by_its_measurements() -> None:
    mass = growing()
    mass[20] = np.nan
    mass[[19, 21]] *= 1.5
    assert missing(mass) == [19, 21]
    assert missing(mass, frames=1) == []


def test_short_and_empty_curves_are_left_alone() -> None:
    assert missing(np.array([5.0])) == []
    assert missing(np.array([5.0, 50.0, 5.0])) == []
    assert missing(np.array([0.0, np.nan, 0.0])) == []
