"""How heavy the tails of errors are, from errors whose distribution is known."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.dry_mass.noise_tails import tail_degrees, tailed_noise


@pytest.mark.parametrize("degrees", [6.0, 10.0])
def test_degrees_are_found_from_the_largest_error_of_each_cell(degrees: float) -> None:
    random = np.random.default_rng(0)
    errors = [tailed_noise(random, (1500, length), degrees) for length in (40, 120)]
    assert tail_degrees(errors) == pytest.approx(degrees, rel=0.15)


def test_most_cells_can_hold_outliers_and_still_be_told_from_the_others() -> None:
    errors = np.random.default_rng(0).standard_normal((200, 100))
    errors[:150, 50] = 40
    assert tail_degrees([errors]) == 5


def test_gaussian_errors_have_many_degrees() -> None:
    errors = [np.random.default_rng(0).standard_normal((2000, 100))]
    assert tail_degrees(errors) > 25


def test_a_few_abnormal_cells_do_not_make_the_tail_heavy() -> None:
    errors = np.random.default_rng(0).standard_normal((2000, 100))
    errors[:200, 50] = 40
    assert tail_degrees([errors]) > 15


def test_half_of_the_errors_are_as_small_as_those_of_a_gaussian() -> None:
    noise = tailed_noise(np.random.default_rng(0), (100_000,), 3.0)
    assert np.median(np.abs(noise)) == pytest.approx(0.6745, rel=0.02)
