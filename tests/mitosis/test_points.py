"""Points and annotated frames are read, and refused in one sentence where they do not fit."""

import numpy as np
import pytest

from cell_events.events import Event
from cell_events.mitosis.points import AnnotatedFrames, annotated_frames, checked_points
from cell_events.movie import Movie

MOVIE = Movie(np.zeros((30, 20, 40), np.uint8), "dish")
FRAMES = AnnotatedFrames(10, 19)


def test_both_ends_of_a_range_are_included() -> None:
    frames = annotated_frames("40-57")
    assert (frames.first, frames.last, len(frames)) == (40, 57, 18)
    assert 40 in frames
    assert 57 in frames
    assert 58 not in frames
    assert annotated_frames(" 40 - 57 ") == frames == annotated_frames(str(frames))


@pytest.mark.parametrize("text", ["", "40", "57-40", "-3-5", "4-5-6", "a-b", "40:57"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as 40-57"):
        annotated_frames(text)


def test_points_come_back_in_the_order_of_time() -> None:
    late, early = Event(19, 0, 39), Event(10, -0.4, 0)
    assert checked_points([late, early], FRAMES, MOVIE, 10) == (early, late)


@pytest.mark.parametrize(
    ("points", "frames", "length", "sentence"),
    [
        ([], FRAMES, 8, "There are no points in dish; set one on each mitosis of the frames 10-19"),
        ([Event(9, 1, 1), Event(10, 1, 1)], FRAMES, 8, r"1 of 2 points lie outside .*first: frame"),
        ([Event(12, 20, 1)], FRAMES, 8, r"outside the image of dish, 20 x 40 pixels \(first: y 20"),
        ([Event(12, 1, -3)], FRAMES, 8, "outside the image of dish"),
        ([Event(12, 1, 1)], FRAMES, 11, r"10 annotated frames \(10-19\) are fewer than the 11"),
        ([Event(12, 1, 1)], FRAMES, 31, "dish has 30 frames, fewer than the 31"),
        ([Event(22, 1, 1)], AnnotatedFrames(20, 30), 8, "end after dish, whose last frame is 29"),
    ],
)
def test_points_that_cannot_be_learned_from_are_refused(points, frames, length, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        checked_points(points, frames, MOVIE, length)
