import numpy as np
import pytest

from cell_events.dry_mass.detection_quality import (
    Share,
    average_precision,
    best_recall,
    precision_and_recall,
    recall_of_kinds,
)

ABNORMAL = np.array([True, True, False, True, False, False])
SCORES = np.array([9.0, 8.0, 7.0, 6.0, 5.0, 4.0])


def test_average_precision_is_the_mean_precision_at_each_find() -> None:
    assert average_precision(ABNORMAL, SCORES) == pytest.approx((1 + 1 + 3 / 4) / 3)


def test_precision_and_recall_count_cells_above_the_threshold() -> None:
    found = precision_and_recall(ABNORMAL, SCORES, 6.0)
    assert (found.precision.hits, found.precision.total) == (2, 3)
    assert (found.recall.hits, found.recall.total) == (2, 3)


def test_best_recall_keeps_the_precision() -> None:
    assert best_recall(ABNORMAL, SCORES, 1.0) == pytest.approx(2 / 3)
    assert best_recall(ABNORMAL, SCORES, 0.75) == pytest.approx(1.0)
    assert best_recall(ABNORMAL, -SCORES, 0.9) == 0.0


def test_cells_that_were_not_assessed_are_not_found() -> None:
    scores = np.where(np.arange(6) == 1, np.nan, SCORES)
    found = precision_and_recall(ABNORMAL, scores, 3.0)
    assert (found.precision.total, found.recall.hits) == (5, 2)
    assert average_precision(ABNORMAL, scores) == pytest.approx((1 + 2 / 3 + 3 / 6) / 3)
    assert average_precision(ABNORMAL, np.full(6, np.nan)) == pytest.approx(0.5)


def test_a_share_has_its_wilson_interval() -> None:
    low, high = Share(96, 100).interval
    assert (low, high) == (pytest.approx(0.9016, abs=1e-4), pytest.approx(0.9843, abs=1e-4))
    assert np.isnan(Share(0, 0).value)
    assert np.isnan(Share(0, 0).interval).all()


def test_recall_is_told_for_each_kind() -> None:
    shares = recall_of_kinds(["arrest", "", "arrest", "swap"], np.array([True, True, False, True]))
    assert {kind: share.value for kind, share in shares.items()} == {
        "": 1.0,
        "arrest": 0.5,
        "swap": 1.0,
    }


def test_truths_and_scores_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="There are 6 truths and 5 scores"):
        average_precision(ABNORMAL, SCORES[:5])
