"""Stretches that are drawn and erased frame by frame."""

from cell_events.series.labelled_series import Segment
from cell_events.series.painting import with_stretch, without_frames, without_stretch_at


def arrest(start, end):
    return Segment("7", "arrest", start, end)


LOSS = Segment("7", "loss", 4, 6)


def spans(segments):
    return [(one.kind, one.start, one.end) for one in segments]


def test_stretches_of_a_kind_that_touch_become_one():
    drawn = with_stretch([arrest(1, 3), LOSS, arrest(9, 12)], arrest(4, 8))
    assert spans(drawn) == [("arrest", 1, 12), ("loss", 4, 6)]


def test_a_frame_between_two_stretches_keeps_them_apart():
    assert spans(with_stretch([arrest(1, 3)], arrest(5, 5))) == [("arrest", 1, 3), ("arrest", 5, 5)]


def test_other_cells_are_left_alone():
    other = Segment("8", "arrest", 1, 3)
    assert len(with_stretch([other], arrest(2, 4))) == 2


def test_erased_frames_are_cut_out_of_every_kind():
    left = without_frames([arrest(1, 9), LOSS], 5, 7)
    assert spans(left) == [("arrest", 1, 4), ("loss", 4, 4), ("arrest", 8, 9)]


def test_a_stretch_inside_the_erased_frames_is_gone():
    assert without_frames([LOSS], 0, 20) == ()


def test_a_whole_stretch_is_taken_away_at_one_of_its_frames():
    assert spans(without_stretch_at([arrest(1, 3), LOSS], 5)) == [("arrest", 1, 3)]
