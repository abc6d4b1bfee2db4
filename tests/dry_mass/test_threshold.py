"""Thresholds by every rule, from scores whose distribution is known."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.dry_mass.threshold import ThresholdError, threshold_of
from cell_events.jobs import anomalies_detect

NORMAL = np.random.default_rng(0).normal(10, 2, 20_000)
SKEWED = np.exp(np.random.default_rng(1).normal(1, 0.4, 20_000))


def test_the_papers_rule_is_mean_and_196_standard_deviations() -> None:
    scores = np.array([1.0, 2.0, 3.0, 4.0, np.nan, np.inf])
    assert threshold_of(scores) == pytest.approx(2.5 + 1.96 * np.sqrt(1.25))


def test_a_gaussian_population_has_25_percent_above_it() -> None:
    assert (threshold_of(NORMAL) < NORMAL).mean() == pytest.approx(0.025, abs=0.004)


def test_a_median_is_not_moved_by_anomalies() -> None:
    with_anomalies = np.append(NORMAL, np.full(2_000, 500.0))
    assert threshold_of(with_anomalies, "median mad", 3) == pytest.approx(16, abs=1.5)
    assert threshold_of(with_anomalies, "gaussian") > 100


def test_logarithms_serve_scores_with_a_long_tail() -> None:
    for rule in ("log gaussian", "log median mad"):
        above = (threshold_of(SKEWED, rule, 1.96) < SKEWED).mean()  # type: ignore[arg-type]
        assert above == pytest.approx(0.025, abs=0.004)


def test_a_quantile_leaves_its_share_above() -> None:
    assert (threshold_of(NORMAL, "quantile", 0.9) < NORMAL).mean() == pytest.approx(0.1, abs=1e-3)


@pytest.mark.parametrize("scores", [NORMAL + 100, SKEWED], ids=["even", "skewed"])
@pytest.mark.parametrize("share", [0.01, 0.05])
def test_false_alarms_are_as_many_as_expected(scores: np.ndarray, share: float) -> None:
    threshold = threshold_of(scores, "false alarms", share)
    assert (scores > threshold).mean() == pytest.approx(share, rel=0.25)


def test_expected_false_alarms_hardly_change_where_some_cells_are_abnormal() -> None:
    scores = np.append(SKEWED, np.random.default_rng(2).uniform(30, 60, 3_500))
    threshold = threshold_of(scores, "false alarms", 0.01)
    assert 0.001 < (threshold < SKEWED).mean() <= 0.01
    assert threshold < 30


def test_scores_around_zero_have_false_alarms_without_logarithms() -> None:
    threshold = threshold_of(NORMAL - 10, "false alarms", 0.01)
    assert threshold == pytest.approx(2 * 2.326, abs=0.2)


def test_scores_of_zero_have_logarithms_too() -> None:
    assert np.isfinite(threshold_of(np.append(SKEWED, 0.0), "log median mad"))


@pytest.mark.parametrize(
    ("scores", "rule", "value", "says"),
    [
        ([1.0, 2.0, np.nan], "gaussian", None, "2 assessed cells are too few for a threshold"),
        ([1.0, 2.0, 3.0], "otsu", None, "rule must be one of gaussian, median mad"),
        ([1.0, 2.0, 3.0], "quantile", 1.5, "must lie between 0 and 1, got 1.5"),
        ([-1.0, 2.0, 3.0], "log gaussian", None, "must be positive to have logarithms"),
    ],
)
def test_what_gives_no_threshold_is_refused(
    scores: list[float], rule: str, value: float | None, says: str
) -> None:
    with pytest.raises(ThresholdError, match=says):
        threshold_of(np.array(scores), rule, value)  # type: ignore[arg-type]


def test_the_job_has_the_same_rules_and_values() -> None:
    from cell_events.dry_mass import threshold

    assert threshold.DEFAULT_VALUES == anomalies_detect.DEFAULT_VALUES
    assert tuple(threshold.DEFAULT_VALUES) == anomalies_detect.RULES


def test_false_flags_are_as_few_as_expected_at_any_share_of_abnormal_cells() -> None:
    normal = NORMAL / 2 - 5
    for abnormal in (200, 2_000, 8_000):
        scores = np.append(normal, np.random.default_rng(3).normal(5, 1, abnormal))
        threshold = threshold_of(scores, "false flags", 0.05)
        wrong = (normal > threshold).sum() / (scores > threshold).sum()
        assert 0.02 < wrong < 0.07


def test_nothing_is_flagged_where_nothing_stands_out() -> None:
    scores = np.random.default_rng(4).standard_normal(30)
    assert threshold_of(scores, "false flags") == scores.max()
