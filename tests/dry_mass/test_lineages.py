"""Mothers and daughters with tracks of their own: what divisions tell beside the curves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cell_events.dry_mass.cell_scores import CellScore
from cell_events.dry_mass.combined import combined_scores
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.division_odds import division_odds
from cell_events.dry_mass.division_shares import (
    Divisions,
    UsualShares,
    divisions_of,
    usual_shares,
)
from cell_events.dry_mass.threshold import threshold_of
from tests.dry_mass.growing_cells import curve_of

MOTHERS, FRAMES, RATE = 40, 40, 0.006
USUAL = UsualShares(center=np.log(0.48), together=0.03**2, apart=0.06**2)
"""What two daughters get in the populations below."""


def families(wrong: dict[int, float] | None = None) -> list[MassCurve]:
    """Each mother, then her two daughters; masses of some cells are multiplied."""
    random = np.random.default_rng(0)
    curves = []
    for mother in range(MOTHERS):
        begin = 200 * random.lognormal(0, 0.2)
        grown = np.exp(RATE * FRAMES)
        share = np.array([1, -1]) * random.normal(0, 0.03) + random.normal(0.48, 0.01)
        begins = [begin, *(begin * grown * share)]
        for place, mass in enumerate(begins):
            number = 3 * mother + place
            errors = 1 + 0.01 * random.standard_normal(FRAMES)
            masses = mass * np.exp(RATE * np.arange(FRAMES)) * errors * (wrong or {}).get(number, 1)
            parent = 3 * mother + 1 if place else None
            curves.append(curve_of(masses, number + 1, FRAMES * (place > 0), parent))
    return curves


def flagged(curves: list[MassCurve]) -> dict[int, CellScore]:
    """Scores of the flagged cells, by the row of their curve."""
    scores = combined_scores(curves)
    threshold = threshold_of(np.array([score.score for score in scores]), "false flags")
    return {row: score for row, score in enumerate(scores) if score.score > threshold}


def test_divisions_into_two_tracks_are_normal() -> None:
    assert flagged(families()) == {}


def test_a_daughter_that_is_too_heavy_for_her_mother_is_an_odd_division_from_her_birth_on() -> None:
    found = flagged(families({31: 2.0}))
    assert list(found) == [31]
    assert (found[31].reason, found[31].cause) == ("odd division", "")
    assert (found[31].first, found[31].last) == (FRAMES, FRAMES + 2)


def test_a_mother_that_is_too_light_for_both_daughters_is_to_blame_herself() -> None:
    found = flagged(families({30: 0.5}))
    assert list(found) == [30]
    assert (found[30].reason, found[30].last) == ("odd division", FRAMES - 1)


def test_a_daughter_with_the_wrong_parent_is_an_odd_division() -> None:
    curves = families({12: 2.4, 13: 2.4, 14: 2.4})
    curves[31] = replace(curves[31], parent_id=curves[12].track_id)
    assert 31 in flagged(curves)


@pytest.mark.parametrize("parent", [None, 9999, 32])
def test_a_parent_that_is_unknown_or_the_cell_itself_changes_nothing(parent: int | None) -> None:
    curves = families()
    curves[31] = replace(curves[31], parent_id=parent)
    assert flagged(curves) == {}


def test_a_daughter_that_begins_long_after_her_mother_is_not_compared_with_her() -> None:
    curves = families({31: 2.0})
    curves[31] = replace(curves[31], first=FRAMES + 30)
    assert flagged(curves) == {}


def test_daughters_without_a_sister_are_divisions_by_themselves() -> None:
    curves = families()[:3]
    found = divisions_of(curves[:2], RATE)
    assert (found.mothers.tolist(), found.daughters.tolist()) == ([0], [[1, -1]])
    third = replace(curves[2], track_id=99)
    assert divisions_of([*curves, third], RATE).daughters.tolist() == [[1, -1], [2, -1], [3, -1]]


def test_shares_are_daughters_masses_relative_to_the_mothers() -> None:
    mother = curve_of([50.0, 100, 100, 100], 1)
    daughters = [curve_of([share] * 3, share, 4, 1) for share in (40, 55)]
    found = divisions_of([mother, *daughters], 0.0)
    assert np.allclose(np.exp(found.shares), [[0.4, 0.55]])


def test_frames_between_mother_and_daughter_count_as_usual_growth() -> None:
    mother, late = curve_of([100.0] * 3, 1), curve_of([60.0] * 3, 2, 8, 1)
    assert divisions_of([mother, late], 0.02).shares[0, 0] == pytest.approx(np.log(0.6) - 0.1)


def test_usual_shares_are_learned_from_many_divisions_and_expected_without() -> None:
    random = np.random.default_rng(0)
    together, apart = random.normal(-0.8, 0.05, 4000), random.normal(0, 0.1, 4000)
    shares = np.stack([together + apart / 2, together - apart / 2], axis=1)
    rows = np.arange(4000)
    learned = usual_shares(Divisions(rows, np.stack([rows, rows], axis=1), shares))
    assert learned.center == pytest.approx(-0.8, abs=0.01)
    assert learned.together == pytest.approx(0.05**2, rel=0.1)
    assert learned.apart == pytest.approx(0.1**2, rel=0.1)
    nothing = Divisions(rows[:0], np.zeros((0, 2), int), np.zeros((0, 2)))
    assert 2 * np.exp(usual_shares(nothing).center) == pytest.approx(0.92)


def test_odds_at_a_division_go_to_the_cell_that_explains_it() -> None:
    excess = np.array([[0.0, 0.0], [0.5, 0.0], [0.0, -0.5], [0.5, 0.5]])
    mothers, daughters = np.array([0, 3, 6, 9]), np.array([[1, 2], [4, 5], [7, 8], [10, 11]])
    divisions = Divisions(mothers, daughters, excess + USUAL.center)
    odds = division_odds(divisions, USUAL, np.zeros(12, bool)).max(axis=0)
    assert np.flatnonzero(odds > 5).tolist() == [4, 8, 9]
    assert (odds[[0, 1, 2]] < 0).all()


def test_a_cell_that_is_abnormal_by_itself_takes_the_blame() -> None:
    divisions = Divisions(
        np.array([0]), np.array([[1, -1]]), np.array([[USUAL.center + 1, np.nan]])
    )
    alone = division_odds(divisions, USUAL, np.array([False, False]))[1, 1]
    blamed = division_odds(divisions, USUAL, np.array([True, False]))[1, 1]
    assert (alone > 5, blamed > 0) == (True, False)
