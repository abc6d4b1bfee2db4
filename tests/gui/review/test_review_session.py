"""Walking through the proposals."""

import json

import pytest

from cell_events.events import Event
from cell_events.gui.review.event_list import EventList
from cell_events.gui.review.review_session import ReviewSession

SCORES = {"a": 0.9, "b": 0.5, "c": 0.6, "d": 0.1}  # from most to least uncertain: b, c, a or d
PROPOSALS = {name: Event(i, 0, 0, score=SCORES[name]) for i, name in enumerate("abcd")}


@pytest.fixture
def events(qapp):
    """A list whose owner grants every wish at once."""
    listed = EventList()
    listed.set_events(PROPOSALS)
    listed.edit_wanted.connect(lambda _, changes: listed.put(changes))
    return listed


@pytest.fixture
def session(events):
    return ReviewSession(events)


def test_next_begins_with_the_most_uncertain_and_decisions_go_on(session, events):
    session.next()
    assert events.selected_id == "b"
    session.accept()
    assert (events.get("b").status, events.selected_id) == ("accepted", "c")
    session.reject()
    assert events.get("c").status == "rejected"
    assert session.progress.sentence.startswith("2 of 4, last 2: 50")


def test_accepting_as_another_kind_goes_on_and_shifting_in_time_stays(session, events):
    session.next()
    session.shift_time(1)
    assert (events.get("b").t, events.get("b").status, events.selected_id) == (2, "accepted", "b")
    session.set_kind("death")
    assert (events.get("b").kind, events.selected_id) == ("death", "c")
    assert session.progress.agreed == 0


def test_skipped_events_come_back_at_the_end(session, events):
    session.order = "in time order"
    session.next()
    session.skip()
    seen = []
    for _ in range(4):
        seen.append(events.selected_id)
        session.accept()
    assert seen == ["b", "c", "d", "a"]
    assert session.progress.decided == session.progress.total == 4


def test_nothing_is_gone_on_from_while_the_owner_refuses(qapp):
    events = EventList()
    events.set_events(PROPOSALS)
    session = ReviewSession(events)
    session.next()
    session.accept()
    assert events.selected_id == "b"
    events.select("d")
    events.put({"b": Event(1, 0, 0, status="accepted")})
    assert events.selected_id == "d"  # the answer to b came too late to move on


def test_an_owner_who_answers_later_moves_the_review_on_then(qapp):
    events, wishes = EventList(), []
    events.set_events(PROPOSALS)
    events.edit_wanted.connect(lambda _, changes: wishes.append(changes))
    session = ReviewSession(events)
    session.next()
    session.accept()
    assert events.selected_id == "b"
    events.put(wishes.pop())
    assert events.selected_id == "c"


def test_decisions_made_elsewhere_do_not_move_the_review(session, events):
    session.next()
    events.reject(["a", "b"])
    assert events.selected_id == "b"
    session.next()
    assert events.selected_id == "c"
    assert session.progress.decided == 2


def test_back_leads_to_what_was_looked_at_before_even_if_decided(session, events):
    session.next()
    session.accept()
    session.accept()
    session.back()
    assert events.selected_id == "c"
    session.back()
    assert events.selected_id == "b"
    session.reject()
    assert events.get("b").status == "rejected"
    assert events.selected_id == "a"


def test_undone_decisions_wait_again(session, events):
    session.next()
    session.accept()
    events.put({"b": PROPOSALS["b"]})
    assert session.progress.decided == session.progress.recent == 0
    events.select("c")
    session.accept()
    session.accept()
    session.accept()
    assert events.selected_id == "b"


def test_new_proposals_join_the_queue(session, events):
    session.next()
    events.put({"e": Event(9, 0, 0, score=0.51)})
    session.accept()
    assert events.selected_id == "e"


def test_an_audit_walks_in_its_random_order_and_measures_precision(session, events):
    session.order = "random audit"
    session.begin()
    sample = session.audit.sample
    assert sorted(sample) == ["a", "b", "c", "d"]
    assert events.selected_id == sample[0]
    session.accept()
    session.skip()
    session.reject()
    result = session.audit.result(events.events)
    assert (result.right, result.decided, result.held_back) == (1, 1, 1)


def test_an_audit_shows_also_what_was_decided_elsewhere_meanwhile(session, events):
    session.order = "random audit"
    session.begin()
    second = session.audit.sample[1]
    events.reject([second])
    session.accept()
    assert events.selected_id == second
    assert session.audit.result(events.events).decided == 1
    session.reject()
    assert session.audit.result(events.events).decided == 2


def test_a_new_audit_draws_from_what_is_undecided_now(session, events):
    session.order = "random audit"
    session.begin()
    session.accept()
    session.begin_audit()
    assert session.audit.population == 3
    assert session.audit.result(events.events).decided == 0


def test_the_state_survives_a_restart(session, events):
    session.order = "random audit"
    session.begin()
    session.accept()
    session.skip()
    kept = json.loads(json.dumps(session.state()))

    reopened = EventList()
    reopened.set_events(events.events)
    again = ReviewSession(reopened)
    again.restore(kept)
    assert again.state() == session.state()
    assert reopened.selected_id == events.selected_id
    assert again.progress == session.progress


def test_a_state_that_is_empty_or_from_elsewhere_is_as_at_the_start(session, events):
    session.restore({})
    session.restore({"order": "by colour", "position": "gone", "skipped": ["gone"]})
    assert session.order == "uncertain"
    session.next()
    assert events.selected_id == "b"


def test_an_unknown_order_is_refused(session):
    with pytest.raises(ValueError, match="expected one of uncertain"):
        session.order = "by colour"
