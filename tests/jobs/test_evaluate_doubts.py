"""Lists of events that may not be what the user means to compare."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cell_events.events import Event
from cell_events.jobs.evaluate_doubts import doubts
from cell_events.jobs.evaluate_lists import ComparedLists
from cell_events.jobs.evaluate_split import Split
from cell_events.matching import match_events

TRUTH = [Event(3, 10, 10), Event(5, 50, 50)]


def told(found: list[Event], truth: list[Event], against: list[Event] | None = None) -> list[str]:
    lists = ComparedLists(found, truth, against, found, truth, (Split(""),))
    return list(doubts(lists, match_events(found, truth, radius_px=5, frames=1), None))


def test_lists_that_differ_a_little_raise_no_doubt() -> None:
    assert told([Event(3, 12, 10), Event(9, 50, 50)], TRUTH) == []


def test_lists_without_a_common_kind_name_both() -> None:
    (sentence,) = told([replace(event, kind="mitosis") for event in TRUTH], TRUTH)
    assert "found mitosis, true division" in sentence


def test_lists_that_lie_apart_ask_for_their_units() -> None:
    (sentence,) = told([Event(3, 100, 100)], TRUTH)
    assert sentence.startswith("No found event lies within 5 px and 1 frame of a true one")


@pytest.mark.parametrize("late", [0, 1])
def test_equal_lists_are_pointed_out(late: int) -> None:
    found = [Event(3 + late, 10, 10), TRUTH[1]]
    assert [sentence[:36] for sentence in told(found, TRUTH)] == (
        [] if late else ["Found and true events are the very s"]
    )


def test_two_equal_lists_to_compare_are_pointed_out() -> None:
    found = [Event(3, 12, 10)]
    assert told(found, TRUTH, found) == ["A and B hold the very same events."]
    assert told(found, TRUTH, TRUTH) == []
