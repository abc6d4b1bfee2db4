"""One list of events behind table, inbox and layer."""

import numpy as np
import pytest

from cell_events.events import Event
from cell_events.gui.review.event_list import EventList

FIRST = Event(3, 10, 20, score=0.9, source="model")
SECOND = Event(5, 11, 21, kind="death", score=0.4)


@pytest.fixture
def events(qapp):
    listed = EventList()
    listed.set_events({"a": FIRST, "b": SECOND})
    listed.log = []
    listed.changed.connect(lambda ids: listed.log.append(("changed", ids)))
    listed.selected.connect(lambda name: listed.log.append(("selected", name)))
    listed.edit_wanted.connect(lambda *edit: listed.log.append(edit))
    return listed


def assert_columns_agree(events):
    assert list(events.ids) == list(events.columns.ids)
    for row, name in enumerate(events.ids):
        event = events.get(name)
        assert events.columns.row(name) == row
        for column in ("t", "y", "x", "kind", "status", "source"):
            assert events.columns[column][row] == getattr(event, column)
        score = events.columns["score"][row]
        assert np.isnan(score) if event.score is None else score == event.score


def test_columns_follow_replaced_added_and_removed_events(events):
    assert_columns_agree(events)
    events.put({"b": None, "c": Event(9, 1, 2), "a": Event(4, 10, 20)})
    assert list(events.ids) == ["a", "c"]
    assert_columns_agree(events)
    assert events.log == [("changed", ["b", "c", "a"])]


def test_columns_cannot_be_written_to(events):
    with pytest.raises(ValueError, match="read-only"):
        events.columns["t"][0] = 7


def test_putting_what_is_there_says_nothing(events):
    events.put({"a": FIRST, "unknown": None})
    assert events.log == []


def test_selection_is_told_once_and_only_when_it_changes(events):
    events.select("a")
    events.select("a")
    events.select("unknown")
    assert events.log == [("selected", "a"), ("selected", None)]


def test_a_selected_event_that_goes_is_no_longer_selected(events):
    events.select("b")
    events.put({"b": None})
    assert events.log[1:] == [("changed", ["b"]), ("selected", None)]
    events.select("a")
    events.set_events({"a": SECOND})
    assert events.selected_id == "a"
    events.set_events({})
    assert events.selected_id is None


def test_decisions_are_wanted_and_change_nothing_by_themselves(events):
    events.accept(["a"])
    events.reject(["a", "b"])
    title, changes = events.log[0]
    assert title == "accept division"
    assert (changes["a"].status, changes["a"].score, changes["a"].source) == (
        "accepted",
        0.9,
        "model",
    )
    assert events.log[1][0] == "reject 2 events"
    assert events.get("a") == FIRST


def test_what_is_so_already_is_not_wanted(events):
    events.set_kind(["b"], "death")
    assert events.log.pop()[1]["b"].status == "accepted"
    events.put({"a": Event(3, 10, 20, status="accepted")})
    events.log.clear()
    events.accept(["a"])
    events.set_kind(["a"], "division")
    events.delete(["a", "b"])
    assert events.log == []


def test_shifting_stays_inside_the_movie(events):
    events.last_frame = 5
    events.shift_time(["a", "b"], 1)
    title, changes = events.log.pop()
    assert title == "move 2 events in time"
    assert changes["a"].t == 4
    assert "b" not in changes or changes["b"].t == 5


def test_added_events_get_ids_of_their_own_and_can_be_deleted(events):
    name = events.add(Event(1, 2, 3))
    assert name.startswith("added-")
    _, changes = events.log.pop()
    assert changes[name].status == "added"
    events.put(changes)
    events.delete([name, "a"])
    assert events.log.pop() == ("delete division", {name: None})
