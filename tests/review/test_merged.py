"""Proposals about what was decided already do not come again."""

from cell_events.events import Event
from cell_events.review.merged import merged


def test_proposals_near_a_decision_are_left_out():
    decisions = {"a": Event(10, 50, 50, status="rejected")}
    proposals = {
        "u/0": Event(11, 55, 50),
        "u/1": Event(14, 50, 50),
        "u/2": Event(10, 50, 70),
    }
    assert list(merged(decisions, proposals)) == ["a", "u/1", "u/2"]


def test_a_decision_on_a_proposal_replaces_it():
    decided = Event(3, 4, 5, status="accepted")
    assert merged({"u/0": decided}, {"u/0": Event(30, 4, 5)}) == {"u/0": decided}


def test_without_decisions_all_proposals_stay():
    proposals = {"u/0": Event(1, 2, 3), "u/1": Event(1, 2, 4)}
    assert merged({}, proposals) == proposals


def test_without_proposals_all_decisions_stay():
    decisions = {"a": Event(1, 2, 3, status="added")}
    assert merged(decisions, {}) == decisions


def test_a_decision_leaves_its_neighbour_of_the_same_list_waiting():
    decisions = {"u/0": Event(10, 50, 50, status="accepted")}
    proposals = {"u/0": Event(10, 50, 50), "u/1": Event(11, 55, 50)}
    assert list(merged(decisions, proposals)) == ["u/0", "u/1"]
