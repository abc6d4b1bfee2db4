"""Precision and recall at every threshold."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from cell_events.events import Event
from cell_events.matching import Tolerance, match_events
from cell_events.trust.event_scores import event_scores
from cell_events.trust.outcomes import outcomes
from cell_events.trust.precision_recall import curve_of

NEAR = Tolerance(10, 2)


def crowd(seed, n_found=60, n_true=25, kinds=("division", "death"), levels=1000):
    """Found and true events so dense that they compete for each other."""
    random = np.random.default_rng(seed)

    def event(score=None):
        t, (y, x) = int(random.integers(0, 8)), random.uniform(0, 60, 2)
        return Event(t, y, x, kind=str(random.choice(kinds)), score=score)

    scores = random.integers(1, levels, n_found) / levels
    return [event(score) for score in scores], [event() for _ in range(n_true)]


def curve(found, truth, tolerance=NEAR):
    return outcomes(found, truth, event_scores(found).values, tolerance).curve()


@pytest.mark.parametrize("seed", range(4))
def test_hits_are_those_of_the_best_matching_at_every_threshold(seed):
    found, truth = crowd(seed)
    counted = curve(found, truth)
    assert len(counted.thresholds) == len({event.score for event in found})
    for threshold, hits, remaining in zip(
        counted.thresholds, counted.hits, counted.found, strict=True
    ):
        kept = [event for event in found if event.score >= threshold]
        assert remaining == len(kept)
        assert hits == match_events(kept, truth, radius_px=10, frames=2).true_positives


def test_a_sure_event_keeps_its_match_although_a_later_one_is_nearer():
    truth = [Event(0, 0, 0), Event(0, 0, 12)]
    found = [Event(0, 0, 6, score=0.9), Event(0, 0, 1, score=0.8), Event(0, 0, 2, score=0.1)]
    counted = curve(found, truth)
    assert counted.hits.tolist() == [1, 2, 2]
    assert counted.average_precision == pytest.approx(1.0)


@pytest.mark.parametrize("levels", [8, 1000])
def test_average_precision_is_that_of_scikit_learn_where_everything_true_is_found(levels):
    random = np.random.default_rng(1)
    scores = np.sort(random.integers(0, levels, 200) / levels)[::-1]
    hit = random.random(200) < 0.3
    ours = curve_of(scores, np.ones(200, bool), hit).average_precision
    assert ours == pytest.approx(average_precision_score(hit, scores))


def test_average_precision_is_the_sum_by_hand_and_misses_count_as_lost():
    truth = [Event(5 * i, 10, 10) for i in range(4)]
    found = [Event(0, 10, 10, score=0.9), Event(2, 50, 50, score=0.8), Event(5, 9, 9, score=0.7)]
    counted = curve(found, truth)
    assert counted.average_precision == pytest.approx((1 / 1 + 2 / 3) / 4)
    assert counted.recall.tolist() == [0.25, 0.25, 0.5]
    assert counted.f1[counted.best] == pytest.approx(2 * 2 / (3 + 4))


def test_events_of_equal_score_come_together_whatever_their_order():
    truth = [Event(0, 0, 0)]
    right, wrong = Event(0, 0, 0, score=0.5), Event(0, 90, 90, score=0.5)
    first, second = curve([right, wrong], truth), curve([wrong, right], truth)
    assert first.average_precision == second.average_precision == 0.5


def test_a_curve_is_read_at_a_threshold_between_scores():
    counted = curve(*crowd(0, levels=10))
    assert counted.thresholds[counted.at(0.55)] == 0.6
    assert counted.at(None) == len(counted.thresholds) - 1
    assert counted.at(1.5) is None


def test_precision_at_a_recall_that_is_never_reached_is_unknown():
    counted = curve([Event(0, 0, 0, score=0.5)], [Event(0, 0, 0), Event(9, 0, 0)])
    at = counted.precision_at(np.array([0.0, 0.5, 0.51]))
    assert at[:2].tolist() == [1, 1]
    assert np.isnan(at[2])


def test_without_true_events_recall_is_undefined_and_without_found_ones_there_is_no_threshold():
    assert np.isnan(curve([Event(0, 0, 0, score=1.0)], []).average_precision)
    nothing = curve([], [Event(0, 0, 0)])
    assert nothing.average_precision == 0
    assert nothing.best is None
    assert nothing.at(None) is None


def test_the_probability_ranks_where_every_scored_event_has_one():
    both = Event(0, 0, 0, score=0.9, probability=0.2)
    assert event_scores([both]).name == "probability"
    assert event_scores([both, Event(0, 0, 0, score=0.3)]).name == "score"
    assert event_scores([both], by="score").values.tolist() == [0.9]
    with pytest.raises(ValueError, match="expected one of auto, score, probability"):
        event_scores([both], by="size")


def test_events_without_a_score_are_told_in_one_sentence():
    one = event_scores([Event(0, 0, 0, score=0.4), Event(1, 0, 0)])
    assert one.note == "Found events without score: 1 of 2; they remain at every threshold."
    assert one.values[1] == np.inf
    none = event_scores([Event(0, 0, 0)] * 3)
    assert "None of the 3 found events has a score" in none.note
    assert not none.is_ranking
    assert event_scores([]).note == ""
