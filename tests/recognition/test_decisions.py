"""Decisions of a person are examples: accepted events like paint, rejected ones against it."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.events import Event
from cell_events.movie import open_movie
from cell_events.recognition.crops import NOTHING, CropSettings
from cell_events.recognition.decisions import with_decisions
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.paint import REJECTED_HERE, PaintedMask, PaintError

CROPS = CropSettings(size=24, reach_px=4, clear_px=8, inside=True)


def empty_mask(classes: tuple[str, ...] = ("division",)) -> PaintedMask:
    return PaintedMask(open_movie(np.zeros((6, 64, 64), np.uint8)), classes)


def event(status: str, t: int = 3, y: float = 30, x: float = 20, kind: str = "division") -> Event:
    return Event(t, y, x, kind, score=0.6, status=status)


def test_accepted_and_added_events_are_discs_in_both_frames_of_their_pair() -> None:
    for status in ("accepted", "added"):
        mask = with_decisions(empty_mask(), [event(status)], CROPS)
        assert not mask.read(1).any()
        assert not mask.read(4).any()
        for t in (2, 3):
            rows, columns = np.nonzero(mask.read(t) == 1)
            assert (rows.min(), rows.max()) == (26, 34)
            assert (columns.min(), columns.max()) == (16, 24)
            assert len(rows) == pytest.approx(np.pi * 4**2, rel=0.1)


def test_own_paint_wins_and_accepted_events_win_over_rejected_ones() -> None:
    mask = empty_mask(("division", "death"))
    mask.movie.array[3, 30, 20] = 2
    decided = with_decisions(mask, [event("rejected"), event("accepted", x=22)], CROPS)
    frame = decided.read(3)
    assert frame[30, 20] == 2
    assert frame[30, 21] == 1
    assert frame[30, 16] == REJECTED_HERE


def test_events_at_the_border_and_in_the_first_frame_are_drawn_as_far_as_they_go() -> None:
    mask = with_decisions(empty_mask(), [event("added", t=0, y=0, x=63)], CROPS)
    assert mask.read(0)[0, 63] == 1


def test_a_project_without_paint_learns_from_decisions() -> None:
    decided = [event("accepted"), event("rejected", t=5, x=50), event("proposed", t=5, y=8)]
    table = labelled_crops(with_decisions(empty_mask(), decided, CROPS), CROPS)
    events, nothing = table.label == 1, table.label == NOTHING
    assert set(table.t[events]) == {2}
    assert set(table.t[nothing]) == {4}
    assert np.abs(table.x[nothing] - 50).max() <= 8
    assert np.abs(table.x[events] - 20).max() <= 4


def test_a_rejection_speaks_of_its_own_pair_alone() -> None:
    decided = [event("accepted", t=4), event("rejected", t=3, y=32, x=24)]
    table = labelled_crops(with_decisions(empty_mask(), decided, CROPS), CROPS)
    assert set(table.t[table.label == NOTHING]) <= {2}
    assert set(table.t[table.label == 1]) == {3}


def test_decisions_of_another_movie_or_class_are_refused() -> None:
    with pytest.raises(PaintError, match=r"decided in frame 6, but .* has the frames 0 to 5"):
        with_decisions(empty_mask(), [event("rejected", t=6)], CROPS)
    with pytest.raises(PaintError, match="class 'death' was accepted, but the classes are divis"):
        with_decisions(empty_mask(), [event("accepted", kind="death")], CROPS)
