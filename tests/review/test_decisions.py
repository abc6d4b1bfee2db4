"""What a decision makes of an event."""

from cell_events.events import Event
from cell_events.review.decisions import accepted, is_unchanged, rejected, shifted, with_kind

PROPOSAL = Event(5, 1, 2, kind="division", score=0.7, source="model", extra={"cell": "7"})


def test_accepting_keeps_score_source_and_extra_columns():
    event = accepted("a", PROPOSAL)
    assert (event.status, event.score, event.source) == ("accepted", 0.7, "model")
    assert event.extra == {"cell": "7"}
    assert is_unchanged(event)


def test_a_changed_kind_or_time_notes_what_was_proposed():
    event = shifted("a", with_kind("a", PROPOSAL, "death"), 2)
    assert (event.kind, event.t, event.status) == ("death", 7, "accepted")
    assert event.extra == {"cell": "7", "proposed_kind": "division", "proposed_t": "5"}
    assert not is_unchanged(event)


def test_changing_back_counts_as_unchanged():
    event = shifted("a", shifted("a", PROPOSAL, 1), -1)
    assert event == accepted("a", PROPOSAL)
    assert is_unchanged(event)


def test_shifting_ends_at_the_first_and_last_frame():
    assert shifted("a", PROPOSAL, -9).t == 0
    assert shifted("a", PROPOSAL, 9, last_frame=6).t == 6


def test_an_added_event_stays_added_whatever_is_changed():
    added = Event(5, 1, 2, status="added")
    assert with_kind("added-1", added, "death") == Event(5, 1, 2, kind="death", status="added")
    assert accepted("added-1", rejected(added)) == added
