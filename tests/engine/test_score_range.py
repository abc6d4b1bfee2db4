"""Whether scores tell anything apart is seen from their range."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.engine.score_range import ScoreRange


def seen(*maps: np.ndarray, log_odds: bool = False) -> tuple[float, ...]:
    scores = ScoreRange(log_odds)
    for each in maps:
        scores.see(each)
    return scores.same_scores


def test_nothing_is_the_same_before_anything_was_seen() -> None:
    assert seen() == ()


def test_the_score_of_each_class_is_told_if_all_are_the_same_everywhere() -> None:
    flat = np.broadcast_to(np.array([0.25, 0.5])[:, None, None], (2, 3, 4))
    assert seen(flat, flat) == (0.25, 0.5)


def test_one_place_in_one_map_of_one_class_makes_a_difference() -> None:
    flat = np.full((2, 3, 4), 0.25)
    other = flat.copy()
    other[1, 2, 3] += 0.001
    assert seen(flat, other, flat) == ()


@pytest.mark.parametrize(("log_odds", "score"), [(0.0, 0.5), (-2.0, 1 / (1 + np.exp(2.0)))])
def test_log_odds_are_told_as_scores(log_odds: float, score: float) -> None:
    rounded = np.full((1, 3, 4), log_odds) + 1e-7 * np.arange(12).reshape(1, 3, 4)
    assert seen(rounded, log_odds=True) == pytest.approx((score,))


def test_very_small_scores_can_differ() -> None:
    assert seen(np.array([[[-30.0, -29.0]]]), log_odds=True) == ()
    assert seen(np.array([[[1e-9, 3e-9]]])) == ()
