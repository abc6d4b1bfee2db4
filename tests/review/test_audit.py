"""Precision from a random sample."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, hypergeom

from cell_events.events import Event
from cell_events.review.audit import Audit
from cell_events.review.decisions import accepted, rejected, shifted, with_kind
from cell_events.review.precision import AuditResult, is_right, precision_interval

PROPOSAL = Event(5, 1, 2)


def proposals(number):
    return {f"{i}": PROPOSAL for i in range(number)}


def answered(audit, events, truths):
    """Answer the first drawn proposals, one for each truth."""
    for name, truth in zip(audit.sample, truths, strict=False):
        events[name] = accepted(name, PROPOSAL) if truth else rejected(PROPOSAL)
        audit = audit.answer(name)
    return audit


def test_the_order_is_a_permutation_that_the_seed_repeats():
    audit = Audit.begin(proposals(50), seed=3)
    assert sorted(audit.sample, key=int) == [f"{i}" for i in range(50)]
    assert audit == Audit.begin(dict(reversed(proposals(50).items())), seed=3)
    assert audit.sample != Audit.begin(proposals(50), seed=4).sample


def test_events_decided_before_the_audit_are_not_in_its_population():
    events = proposals(10) | {"before": accepted("before", PROPOSAL)}
    audit = Audit.begin(events, seed=0)
    assert audit.population == 10
    assert "before" not in audit.sample


def test_a_large_population_is_drawn_from_but_not_listed():
    audit = Audit.begin(proposals(5000), seed=0)
    assert (audit.population, len(set(audit.sample))) == (5000, 2000)


def test_precision_is_that_of_the_answers():
    events = proposals(100)
    audit = answered(Audit.begin(events, 0), events, [1, 1, 1, 0])
    result = audit.result(events)
    assert (result.right, result.decided, result.population) == (3, 4, 100)
    assert result.precision == 0.75
    assert "3 of 4, drawn from the 100 proposals undecided when the audit began" in result.sentence


def test_a_skipped_proposal_holds_back_those_after_it():
    events = proposals(10)
    audit = answered(Audit.begin(events, 0), events, [1, 1, 1, 0])
    events[audit.sample[1]] = PROPOSAL  # undone
    result = audit.result(events)
    assert (result.right, result.decided, result.held_back) == (1, 1, 2)
    assert "2 later answers wait for the skipped one" in result.sentence


def test_decisions_made_elsewhere_count_only_once_the_audit_comes_to_them():
    events = proposals(10)
    audit = answered(Audit.begin(events, 0), events, [1])
    events[audit.sample[1]] = rejected(PROPOSAL)
    assert audit.result(events).decided == 1
    assert audit.answer(audit.sample[1]).result(events).decided == 2


def test_a_proposal_that_was_replaced_ends_the_audit():
    events = proposals(3)
    audit = answered(Audit.begin(events, 0), events, [1])
    del events[audit.sample[1]]
    result = audit.result(events)
    assert (result.decided, result.is_over) == (1, True)
    assert "begin a new audit" in result.sentence


def test_a_proposal_of_another_kind_was_wrong_and_one_moved_in_time_right():
    assert is_right(shifted("a", PROPOSAL, 1))
    assert not is_right(with_kind("a", PROPOSAL, "death"))
    assert not is_right(rejected(PROPOSAL))


def test_the_state_survives_json():
    events = proposals(5)
    audit = answered(Audit.begin(events, 0), events, [1, 0])
    assert Audit.restore(json.loads(json.dumps(audit.state()))) == audit


def test_the_interval_is_everything_at_first_and_a_point_at_last():
    assert precision_interval(0, 0, 7) == (0, 1)
    assert precision_interval(3, 10, 10) == (0.3, 0.3)
    low, high = precision_interval(3, 4, 5)  # three or four of five can be right
    assert (low, high) == (0.6, 0.8)


def test_in_a_huge_population_the_interval_is_that_of_clopper_and_pearson():
    low, high = precision_interval(45, 50, 10_000_000)
    assert binom.sf(44, 50, low) == pytest.approx(0.025, rel=1e-3)
    assert binom.cdf(45, 50, high) == pytest.approx(0.025, rel=1e-3)
    assert (round(low, 3), round(high, 3)) == (0.782, 0.967)  # as in tables


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="found 5 right of 4"):
        precision_interval(5, 4, 10)


@pytest.mark.parametrize("population", [12, 40])
@pytest.mark.parametrize("drawn", [1, 6, 12])
def test_the_interval_covers_every_true_share_often_enough(population, drawn):
    intervals = {k: precision_interval(k, drawn, population) for k in range(drawn + 1)}
    for right in range(population + 1):
        share = right / population
        possible = range(max(0, drawn - population + right), min(right, drawn) + 1)
        covered = [k for k in possible if intervals[k][0] <= share <= intervals[k][1]]
        assert hypergeom.pmf(covered, population, right, drawn).sum() >= 0.95 - 1e-9


def test_simulated_audits_are_unbiased_and_covered():
    truths = {f"{i}": i < 64 for i in range(80)}
    found, covered = [], 0
    for seed in range(300):
        events = proposals(80)
        audit = Audit.begin(events, seed)
        result = answered(audit, events, [truths[name] for name in audit.sample[:20]]).result(
            events
        )
        found.append(result.precision)
        covered += result.interval[0] <= 0.8 <= result.interval[1]
    assert np.mean(found) == pytest.approx(0.8, abs=0.02)
    assert covered / 300 >= 0.93


def test_the_page_of_the_review_shows_a_result_as_it_is_told():
    page = (Path(__file__).parents[2] / "docs" / "review.md").read_text("utf8")
    told = AuditResult(46, 50, 1204).sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert told in page.replace("\n", " ")
