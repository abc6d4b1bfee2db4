"""Progress of a review."""

from cell_events.events import Event
from cell_events.review.agreement import Progress, agrees, progress
from cell_events.review.decisions import accepted, rejected, shifted, with_kind

PROPOSAL = Event(5, 1, 2)


def test_agreement_is_acceptance_of_the_unchanged_proposal():
    assert agrees(accepted("a", PROPOSAL))
    assert not agrees(rejected(PROPOSAL))
    assert not agrees(with_kind("a", PROPOSAL, "death"))
    assert not agrees(shifted("a", PROPOSAL, 1))


def test_only_the_latest_twenty_decisions_are_told():
    events = {f"{i}": rejected(PROPOSAL) for i in range(30)}
    events |= {f"{i}": accepted("", PROPOSAL) for i in range(12, 30)}
    told = progress(events, [f"{i}" for i in range(30)], decided=37, total=1120)
    assert told == Progress(37, 1120, 20, 18)
    assert told.sentence.replace("\N{NO-BREAK SPACE}", " ") == "37 of 1,120, last 20: 90 % agreed"


def test_undone_and_added_events_do_not_count():
    events = {
        "a": PROPOSAL,
        "b": accepted("b", PROPOSAL),
        "added-1": Event(1, 1, 1, status="added"),
    }
    assert progress(events, ["a", "gone", "added-1", "b"], 1, 2) == Progress(1, 2, 1, 1)


def test_without_decisions_only_the_count_is_told():
    assert progress({}, [], 0, 12).sentence == "0 of 12"
