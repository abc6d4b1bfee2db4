"""Figures and their intervals."""

import numpy as np
import pytest

from cell_events.events import Event
from cell_events.matching import Tolerance
from cell_events.trust.outcomes import Blocks, outcomes
from cell_events.trust.quality import FIGURES, Resampling, quality


def found_and_true(n_blocks, seed=0):
    """In each block of 100 px: ten true events, of which a share of its own is found."""
    random = np.random.default_rng(seed)
    truth = [Event(0, 10 * i + 5, 100 * b + 50) for b in range(n_blocks) for i in range(10)]
    shares = random.uniform(0.2, 1.0, n_blocks)
    kept = random.random(len(truth)) < np.repeat(shares, 10)
    found = [e for e, keep in zip(truth, kept, strict=True) if keep]
    return [Event(e.t, e.y, e.x, score=random.uniform(0.1, 1)) for e in found], truth


def measured(found, truth, **settings):
    scores = np.array([event.score for event in found])
    rows = outcomes(found, truth, scores, Tolerance(3, 0))
    return quality(rows, None, Resampling(Blocks(100, 12), **settings)).figures


def test_the_interval_is_that_of_the_clustered_standard_error():
    found, truth = found_and_true(60)
    recall = measured(found, truth)["recall"]
    places = {(e.y, e.x) for e in found}
    of_block = np.array([(e.y, e.x) in places for e in truth]).reshape(60, 10).mean(1)
    error = of_block.std(ddof=1) / np.sqrt(60)
    assert recall.value == pytest.approx(of_block.mean())
    assert recall.low == pytest.approx(of_block.mean() - 1.96 * error, abs=0.3 * error)
    assert recall.high == pytest.approx(of_block.mean() + 1.96 * error, abs=0.3 * error)


def test_one_block_gives_figures_without_intervals():
    recall = measured(*found_and_true(1))["recall"]
    assert 0 < recall.value < 1
    assert np.isnan(recall.low)


def test_no_repeats_and_no_events_give_no_intervals():
    assert np.isnan(measured(*found_and_true(5), repeats=0)["f1"].low)
    empty = measured([], [])
    assert all(np.isnan(empty[name].value) for name in FIGURES)


def test_the_same_seed_gives_the_same_interval():
    lists = found_and_true(10)
    assert measured(*lists, repeats=50)["f1"] == measured(*lists, repeats=50)["f1"]
    assert measured(*lists, repeats=50)["f1"] != measured(*lists, repeats=50, seed=1)["f1"]


def test_a_pair_lies_in_the_block_of_its_true_event():
    rows = outcomes([Event(0, 0, 101, score=1)], [Event(0, 0, 99)], np.ones(1), Tolerance(3, 0))
    assert rows.places.tolist() == [[0, 0, 99]]
    assert Blocks(100, 1).numbers(np.array([[0, 0, 99], [0, 0, 101], [1, 0, 99.0]])).max() == 2


def test_impossible_settings_are_refused():
    with pytest.raises(ValueError, match="repeats must be at least 0"):
        Resampling(repeats=-1)
    with pytest.raises(ValueError, match="at least 1 px wide"):
        Blocks(0, 12)


def test_a_figure_without_any_error_has_no_interval_instead_of_a_point():
    truth = [Event(0, 5, 100 * b + 50) for b in range(8)]
    found = [Event(0, 5, e.x, score=0.9) for e in truth[:5]]
    figures = measured(found, truth)
    assert figures["precision"].value == 1
    assert np.isnan(figures["precision"].low)
    assert 0 <= figures["recall"].low < 5 / 8 < figures["recall"].high
