"""The order of review."""

import pytest

from cell_events.events import Event
from cell_events.review.event_columns import EventColumns
from cell_events.review.queue import ReviewQueue, likelihood, review_order

EVENTS = {
    "sure": Event(9, 0, 0, score=0.97),
    "unsure": Event(5, 0, 0, score=0.9, probability=0.55),
    "unlikely": Event(7, 0, 0, score=0.1),
    "unknown": Event(1, 0, 0),
}
COLUMNS = EventColumns(EVENTS)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("uncertain", ["unsure", "unlikely", "sure", "unknown"]),
        ("likely", ["sure", "unsure", "unlikely", "unknown"]),
        ("in time order", ["unknown", "unsure", "unlikely", "sure"]),
    ],
)
def test_each_order_sorts_as_it_is_called(order, expected):
    assert review_order(COLUMNS, order) == expected


def test_calibrated_probability_comes_before_the_raw_score():
    assert likelihood(COLUMNS)[1] == 0.55


def test_equal_events_are_sorted_by_time_and_place():
    same = {
        "c": Event(4, 1, 2, score=0.5),
        "b": Event(4, 1, 1, score=0.5),
        "a": Event(3, 9, 9, score=0.5),
    }
    assert review_order(EventColumns(same), "uncertain") == ["a", "b", "c"]


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match="expected one of uncertain"):
        review_order(COLUMNS, "by colour")


def all_wait(_):
    return True


def walked(queue, decided=(), start=None, steps=10):
    done, current, seen = set(decided), start, []
    for _ in range(steps):
        current = queue.following(current, lambda i: i not in done)
        if current is None:
            break
        seen.append(current)
        done.add(current)
    return seen


def test_the_queue_visits_all_that_wait_once_and_ends():
    assert walked(ReviewQueue("abcde"), decided="c") == ["a", "b", "d", "e"]
    assert walked(ReviewQueue([])) == []


def test_the_queue_goes_on_after_a_jump_and_comes_round_to_the_rest():
    assert walked(ReviewQueue("abcde"), start="d") == ["e", "a", "b", "c", "d"]


def test_an_event_outside_the_queue_does_not_change_its_place():
    queue = ReviewQueue("abcde")
    assert queue.following("b", all_wait) == "c"
    assert queue.following("added-1", all_wait) == "c"


def test_skipped_events_come_back_at_the_end_in_the_order_of_skipping():
    queue = ReviewQueue("abcd")
    queue.skip("b")
    queue.skip("a")
    assert walked(queue, start="a", decided="a") == ["c", "d", "b"]
    assert queue.skipped == ("b", "a")


def test_skipping_the_last_two_goes_to_and_fro_between_them():
    queue = ReviewQueue("ab")
    queue.skip("a")
    assert queue.following("a", all_wait) == "b"
    queue.skip("b")
    assert queue.following("b", all_wait) == "a"
    queue.skip("a")
    assert queue.following("a", all_wait) == "b"
    assert queue.following("b", lambda i: i == "b") is None


def test_preceding_walks_back_over_those_that_wait():
    queue = ReviewQueue("abcd")
    assert queue.preceding("d", lambda i: i != "c") == "b"
    assert queue.preceding("a", all_wait) == "d"
    assert ReviewQueue("abcd").preceding(None, all_wait) == "d"
