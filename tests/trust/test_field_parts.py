"""A field is cut so that both parts show every kind of event, and share no pixel."""

from __future__ import annotations

import pytest

from cell_events.events import Event
from cell_events.trust.field_parts import field_cut

SHAPE = (5, 100, 400)


def events(*columns: float, kind: str = "division") -> list[Event]:
    return [Event(1, 50.0, x, kind) for x in columns]


def test_the_cut_holds_out_the_share_of_events_and_field_that_is_asked_for() -> None:
    cut = field_cut(SHAPE, events(*range(5, 400, 10)), share=0.25)
    assert cut.axis == 2
    assert (cut.judged.columns.stop - cut.judged.columns.start) / 400 == pytest.approx(0.25, 0.05)
    assert len(cut.judged.inside(events(*range(5, 400, 10)))) == pytest.approx(10, abs=1)


def test_the_parts_share_no_pixel_and_together_are_the_field() -> None:
    cut = field_cut(SHAPE, events(30, 200, 390), share=0.3)
    spans = sorted((part.columns.start, part.columns.stop) for part in (cut.learned, cut.judged))
    assert spans[0][0] == 0
    assert spans[0][1] == spans[1][0] == cut.at
    assert spans[1][1] == 400
    assert cut.learned.rows == cut.judged.rows == slice(0, 100)


def test_events_keep_their_place_in_the_part() -> None:
    cut = field_cut(SHAPE, events(30, 200, 390), share=0.3)
    inside = [*cut.learned.inside(events(390)), *cut.judged.inside(events(390))]
    part = cut.learned if cut.learned.columns.stop == 400 else cut.judged
    assert [event.x for event in inside] == [390 - part.columns.start]


def test_every_kind_is_on_both_sides() -> None:
    mixed = [*events(10, 150, 390), *events(20, 120, kind="death")]
    cut = field_cut(SHAPE, mixed, share=0.2)
    for part in (cut.learned, cut.judged):
        assert {event.kind for event in part.inside(mixed)} == {"division", "death"}


@pytest.mark.parametrize("given", [[], events(200), [*events(10, 390), *events(10, kind="death")]])
def test_events_that_cannot_be_parted_are_refused_by_a_sentence(given: list[Event]) -> None:
    with pytest.raises(ValueError, match="cannot be parted"):
        field_cut(SHAPE, given, share=0.4)


def test_a_field_too_narrow_for_two_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="80 x 90 pixels cannot be parted"):
        field_cut((5, 80, 90), events(10, 80), share=0.4)
