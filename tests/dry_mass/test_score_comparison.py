"""What a report says about baselines."""

from __future__ import annotations

import numpy as np

from cell_events.dry_mass.score_comparison import (
    comparison_sentences,
    score_row,
    truth_of,
    usual_threshold,
)

OURS = np.array([9.0, 8, 7, 1, 2, 3, np.nan])
CHOSEN = OURS > 5
ABNORMAL = np.array([True, True, False, False, False, True, False])


def test_a_score_that_puts_the_same_cells_first_may_do() -> None:
    ours, same = score_row("paper", OURS, 5, CHOSEN), score_row("linear", OURS * 2, 9, CHOSEN)
    assert (same.flagged, same.assessed, same.shared) == (3, 6, 1.0)
    (sentence,) = comparison_sentences(ours, [same])
    assert sentence == "linear puts 100 % of the same cells first: the simpler score may do."


def test_a_score_that_agrees_with_nothing_leaves_it_to_a_review() -> None:
    ours, other = score_row("paper", OURS, 5, CHOSEN), score_row("linear", -OURS, 9, CHOSEN)
    assert other.shared == 0
    assert "only a review can tell" in comparison_sentences(ours, [other])[0]


def test_the_truth_decides_where_it_is_known() -> None:
    ours = score_row("paper", OURS, 5, CHOSEN, ABNORMAL)
    assert (ours.precision, ours.recall) == (2 / 3, 2 / 3)
    better = score_row("forest", ABNORMAL.astype(float), 0.5, CHOSEN, ABNORMAL)
    worse = score_row("linear", -OURS, None, CHOSEN, ABNORMAL)
    assert better.average_precision == 1
    assert (worse.threshold, worse.precision) == (None, None)
    said = comparison_sentences(ours, [worse, better])
    assert said == [
        "forest is as good or better against the truth: average precision 1.00 and 0.92 by paper."
    ]
    assert comparison_sentences(better, [ours]) == [
        "No baseline is as good as forest against the truth."
    ]


def test_nothing_is_said_to_be_shared_where_nothing_is_flagged() -> None:
    assert score_row("linear", OURS, 5, CHOSEN & False).shared is None


def test_a_baseline_without_a_threshold_has_none() -> None:
    assert usual_threshold(np.full(4, np.nan), "gaussian", 1.96) is None
    assert usual_threshold(-OURS, "log gaussian", 1.96) is None


def test_cells_without_a_kind_are_normal() -> None:
    assert truth_of({1: "loss", 2: ""}, [1, 2, 3]).tolist() == [True, False, False]
