"""Which frames to annotate for another length than a plan has found."""

import pytest

from cell_events.jobs.frames_to_annotate import frames_to_annotate


@pytest.fixture
def lengths(tmp_path):
    path = tmp_path / "lengths.csv"
    path.write_text("first,last,length,y,x\n3,5,3,1.5,2.5\n20,23,4,9.5,9.5\n21,25,5,1.5,1.5\n")
    return path


def test_the_frames_with_most_complete_events_are_chosen_for_the_length_asked_for(lengths):
    plan = frames_to_annotate(lengths, 4, 40)
    assert (plan.annotate, plan.first, plan.last) == (7, 19, 25)
    assert frames_to_annotate(lengths, 2, 40).frames == "2-5"


def test_a_movie_shorter_than_the_length_is_refused(lengths):
    with pytest.raises(ValueError, match="fewer than the 50"):
        frames_to_annotate(lengths, 50, 40)


def test_a_damaged_table_is_explained(lengths):
    lengths.write_text("t,y,x\n1,2,3\n")
    with pytest.raises(ValueError, match="make the plan anew"):
        frames_to_annotate(lengths, 4, 40)
