"""Model A against model B on the same truth."""

import numpy as np
import pytest
from scipy.stats import binom

from cell_events.events import Event
from cell_events.matching import Tolerance
from cell_events.trust.evaluation import EvaluationSettings, evaluated
from cell_events.trust.model_comparison import (
    FOUND_BY,
    comparison,
    errors_to_look_at,
    mcnemar_p_value,
)
from cell_events.trust.outcomes import Blocks
from cell_events.trust.quality import Resampling

SETTINGS = EvaluationSettings(Tolerance(5, 1), resampling=Resampling(Blocks(100, 10), 200))
TRUTH = [Event(0, 50, 100 * i + 50) for i in range(12)]


def candidate(name, found, settings=SETTINGS, truth=None):
    return evaluated(found, TRUTH if truth is None else truth, settings).candidate(name)


def found(*numbers, score=0.9):
    return [Event(0, 52, 100 * i + 50, score=score) for i in numbers]


def alarm(x, score=0.5):
    return Event(5, 20, x, score=score)


def test_hits_and_false_alarms_are_counted_by_who_has_them():
    a = candidate("a", [*found(0, 1, 2, 3), alarm(10), alarm(500)])
    b = candidate("b", [*found(2, 3, 4), alarm(12), alarm(900), alarm(700)])
    told = comparison(a, b)
    assert told.true_events == {"both": 2, "only A": 2, "only B": 1, "neither": 7}
    assert told.false_alarms == {"both": 1, "only A": 1, "only B": 2}
    assert told.p_value == 1


def test_the_test_on_discordant_events_is_the_binomial_one():
    assert mcnemar_p_value(9, 1) == pytest.approx(2 * binom.cdf(1, 10, 0.5))
    assert mcnemar_p_value(0, 0) == 1


def test_disagreements_are_proposals_that_say_who_found_them():
    a = candidate("old", [*found(0, 1), alarm(10)])
    b = candidate("new", [*found(1, 2), alarm(10), alarm(300)])
    events = comparison(a, b).disagreements
    assert [(e.t, e.x, e.extra[FOUND_BY], e.extra["disagreement"]) for e in events] == [
        (0, 50, "old", "true, missed by new"),
        (0, 250, "new", "true, missed by old"),
        (5, 300, "new", "not in the truth"),
    ]
    assert {event.status for event in events} == {"proposed"}


def test_errors_of_one_list_are_its_disagreements_with_the_truth():
    events = errors_to_look_at("new", candidate("new", [*found(*range(11)), alarm(9)]).matching)
    assert [(e.extra[FOUND_BY], e.extra["disagreement"]) for e in events] == [
        ("truth", "missed by new"),
        ("new", "not in the truth"),
    ]


def test_equal_lists_differ_by_nothing_in_every_repeat():
    list_ = [*found(0, 1, 2), alarm(10)]
    for difference in comparison(candidate("a", list_), candidate("b", list_)).differences.values():
        assert difference == (0, 0, 0)


def test_a_paired_difference_is_surer_than_the_figures_themselves():
    """A finds one event more than B in every block; blocks differ much from each other."""
    random = np.random.default_rng(0)
    truth = [Event(0, 10 * i + 5, 100 * b + 50) for b in range(30) for i in range(10)]
    n_found = np.repeat(random.integers(0, 10, 30), 10)
    rank = np.tile(np.arange(10), 30)
    lists = [
        [e for e, keep in zip(truth, rank < n_found + more, strict=True) if keep] for more in (1, 0)
    ]
    a, b = (candidate(name, one, truth=truth) for name, one in zip("ab", lists, strict=True))
    difference = comparison(a, b, SETTINGS.resampling).differences["recall"]
    assert difference.value == pytest.approx(0.1)
    assert difference.low == pytest.approx(0.1)
    assert difference.high == pytest.approx(0.1)


def test_other_true_events_are_refused():
    with pytest.raises(ValueError, match="different true events"):
        comparison(candidate("a", found(0)), candidate("b", found(0), truth=TRUTH[1:]))


def test_each_list_counts_from_its_own_threshold():
    sure = EvaluationSettings(SETTINGS.tolerance, 0.8, resampling=SETTINGS.resampling)
    list_ = [*found(0, 1), *found(2, score=0.3)]
    told = comparison(candidate("a", list_, sure), candidate("b", list_))
    assert told.true_events["only B"] == 1
    assert told.differences["recall"].value == pytest.approx(-1 / 12)
    assert told.differences["average_precision"].value == 0
