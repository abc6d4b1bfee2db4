"""A range of frames as people write it."""

import pytest

from cell_events.gui.forms.frame_range import frame_range, told_range


def test_both_ends_belong_to_a_range():
    assert frame_range("40-53", 100) == range(40, 54)
    assert frame_range(" 0 - 0 ", 1) == range(1)
    assert told_range(range(40, 54)) == "40-53"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No frames are named"),
        ("40", "must be one range"),
        ("53-40", "must be one range"),
        ("40-53, 60", "must be one range"),
        ("40-53", "which has the frames 0 to 52"),
    ],
)
def test_what_is_no_range_of_the_movie_is_explained(text, words):
    with pytest.raises(ValueError, match=words):
        frame_range(text, 53)
