"""Single events are told apart in a mask, and can be hidden from what is learned."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.events import Event
from cell_events.movie import open_movie
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.paint import NOTHING_HERE, UNKNOWN_HERE, PaintedMask
from cell_events.recognition.painted_events import (
    events_by_pair,
    only_events,
    painted_events,
    with_paint,
)
from cell_events.recognition.rehearsal import Judge

CROPS = CropSettings(size=16, reach_px=4, clear_px=6)


def mask_with_two_divisions() -> PaintedMask:
    """A mother in frame 1 and her daughters in 2, around (20, 20); the same at (70, 70), 3 to 4."""
    paint = np.zeros((6, 100, 100), np.uint8)
    for t, middle in ((1, 20), (3, 70)):
        paint[t, middle - 4 : middle + 5, middle - 4 : middle + 5] = 1
        for side in (-6, 6):
            paint[t + 1, middle - 2 : middle + 3, middle + side - 3 : middle + side + 4] = 1
    return PaintedMask(open_movie(paint), ("division",), frozenset(range(6)))


def test_a_mother_and_her_daughters_are_one_event_at_the_midpoint_of_the_daughters() -> None:
    found = [painted.event for painted in painted_events(mask_with_two_divisions())]
    assert found == [Event(2, 20.0, 20.0, "division"), Event(4, 70.0, 70.0, "division")]


def test_paint_of_several_classes_and_of_nothing_is_kept_apart() -> None:
    paint = np.zeros((2, 40, 40), np.uint8)
    paint[:, 5:9, 5:9], paint[:, 9:13, 5:9], paint[:, 30:34, 30:34] = 1, 2, NOTHING_HERE
    mask = PaintedMask(open_movie(paint), ("division", "death"))
    assert [one.event.kind for one in painted_events(mask)] == ["division", "death"]


def test_paint_in_a_single_frame_happens_in_that_frame() -> None:
    paint = np.zeros((3, 20, 20), np.uint8)
    paint[1, 4:7, 4:7] = 1
    (found,) = painted_events(PaintedMask(open_movie(paint)))
    assert found.event == Event(1, 5.0, 5.0, "division")


def test_hidden_events_are_neither_learned_nor_taken_for_nothing() -> None:
    mask = mask_with_two_divisions()
    events = painted_events(mask)
    some = only_events(mask, events[:1])
    whole, table = labelled_crops(mask, CROPS), labelled_crops(some, CROPS)
    assert set(np.unique(some.read(3))) == {0, UNKNOWN_HERE}
    assert set(np.unique(some.read(1))) == {0, 1}
    assert {(t, y // 50) for t, y in zip(whole.t, whole.y, strict=True) if t in (1, 3)} == {
        *((1, 0), (1, 1), (3, 0), (3, 1))
    }
    near_hidden = (table.t == 3) & (abs(table.y - 70) < 10) & (abs(table.x - 70) < 10)
    assert not near_hidden.any()
    assert set(table.t[table.label == 1].tolist()) == {1}


def test_what_is_found_at_a_hidden_event_is_no_false_alarm() -> None:
    mask = mask_with_two_divisions()
    some = only_events(mask, painted_events(mask)[1:])
    assert Judge(some, 1).is_hit(Event(2, 20, 20, "division")) is None
    assert Judge(some, 1).is_hit(Event(4, 70, 70, "division")) is True
    assert Judge(some, 1).is_hit(Event(2, 70, 20, "division")) is False


def test_known_events_own_the_paint_that_is_nearest_in_their_two_frames() -> None:
    paint = np.zeros((4, 60, 120), np.uint8)
    paint[1:3, 20:30, 20:40], paint[1:3, 20:30, 42:60], paint[1, 50:55, 110:115] = 1, 1, 1
    mask = PaintedMask(open_movie(paint))
    events = [Event(2, 25, 30, "division"), Event(2, 25, 51, "division")]
    assert len(painted_events(mask)) == 2  # both divisions as one, and the paint far off
    left, right = with_paint(mask, events)
    assert (left.event, right.event) == tuple(events)
    assert {t: len(places) for t, places in left.places.items()} == {1: 200, 2: 200}
    assert {t: len(places) for t, places in right.places.items()} == {1: 180, 2: 180}


def test_paint_that_touches_in_one_frame_alone_stays_two_events_in_the_others() -> None:
    paint = np.zeros((6, 60, 120), np.uint8)
    paint[1:3, 20:30, 20:40], paint[2:4, 20:30, 42:60], paint[5, 50:55, 110:115] = 1, 1, 1
    mask = PaintedMask(open_movie(paint))
    assert len(painted_events(mask)) == 2
    found = [(e.t, e.y, e.x) for e in events_by_pair(mask)]
    assert found == [
        (2, 24.5, pytest.approx((200 * 29.5 + 180 * 50.5) / 380)),
        (3, 24.5, 50.5),
        (5, 52, 112),
    ]


def test_an_event_of_more_than_two_frames_comes_in_each_pair() -> None:
    paint = np.zeros((5, 40, 40), np.uint8)
    paint[1:4, 10:21, 10:21] = 2
    mask = PaintedMask(open_movie(paint), ("division", "death"))
    assert events_by_pair(mask) == [Event(t, 15, 15, "death") for t in (2, 3)]
