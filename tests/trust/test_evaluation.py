"""Found against true events: confusion, errors over time, held-out places."""

from types import SimpleNamespace

import numpy as np
import pytest

from cell_events.engine.held_out import HeldOut
from cell_events.events import Event
from cell_events.matching import Tolerance, match_events
from cell_events.trust.confusion import confusion
from cell_events.trust.errors_over_time import errors_over_time
from cell_events.trust.evaluation import EvaluationSettings, evaluated
from cell_events.trust.held_out_events import held_out_events
from cell_events.trust.quality import Resampling


def matched(found, truth):
    return match_events(found, truth, radius_px=5, frames=1)


def test_a_death_called_division_stands_beside_the_diagonal():
    truth = [Event(0, 0, 0), Event(0, 50, 0, kind="death"), Event(0, 90, 0, kind="death")]
    found = [Event(0, 0, 0), Event(0, 50, 1), Event(9, 9, 9)]
    table = confusion(matched(found, truth))
    assert table.kinds == ("death", "division")
    assert table.counts.tolist() == [[0, 1, 1], [0, 1, 0], [0, 1, 0]]
    assert table.renamed == ((1, 1),)
    assert table.rows[-1] == "nothing there"
    assert table.columns[-1] == "missed"


def test_the_diagonal_holds_all_hits_although_a_wrong_kind_is_nearer():
    truth = [Event(0, 0, 0)]
    found = [Event(0, 0, 0, kind="death"), Event(0, 4, 0)]
    assert confusion(matched(found, truth)).counts.tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 0]]


def test_errors_are_counted_in_the_frame_of_the_true_event():
    truth = [Event(3, 0, 0), Event(7, 0, 0)]
    found = [Event(4, 0, 0), Event(9, 90, 90)]
    counts = errors_over_time(matched(found, truth))
    assert counts.width == 1
    assert np.flatnonzero(counts.hits).tolist() == [3]
    assert np.flatnonzero(counts.misses).tolist() == [7]
    assert np.flatnonzero(counts.false_alarms).tolist() == [9]


def test_long_movies_are_counted_in_wider_bins():
    counts = errors_over_time(matched([], [Event(599, 0, 0)]))
    assert (counts.width, len(counts.misses)) == (10, 60)
    assert counts.first_frames[-1] == 590
    assert errors_over_time(matched([], []), 5).hits.tolist() == [0]
    with pytest.raises(ValueError, match="at least 1 frame"):
        errors_over_time(matched([], []), 0)


def test_a_threshold_leaves_the_curve_and_average_precision_as_they_are():
    truth = [Event(0, 0, 0), Event(0, 50, 0)]
    found = [Event(0, 0, 0, score=0.9), Event(0, 50, 0, score=0.2), Event(0, 90, 0, score=0.1)]
    all_of_them, sure = (
        evaluated(found, truth, EvaluationSettings(Tolerance(5, 1), least, resampling=FEW))
        for least in (None, 0.5)
    )
    assert all_of_them.quality.figures["precision"].value == pytest.approx(2 / 3)
    assert sure.quality.figures["precision"].value == 1
    assert sure.quality.figures["recall"].value == 0.5
    assert sure.matching.false_negatives == 1
    for one in (all_of_them, sure):
        assert one.quality.figures["average_precision"].value == 1
        assert one.kinds["division"].figures["recall"].value == one.quality.figures["recall"].value


FEW = Resampling(repeats=10)


def left_half(length=100):
    """A movie of which the left half was held out."""
    movie = SimpleNamespace(name="movie.tif", fingerprint="f", shape=(20, length, length))
    return HeldOut.evenly(movie, (1, 1, 2), np.array([True, False]))


def test_only_events_whose_whole_crop_was_held_out_stay():
    truth = [Event(5, 50, 20), Event(5, 50, 45), Event(5, 50, 80)]
    found = [Event(5, 50, 22), Event(5, 50, 47), Event(9, 50, 30), Event(9, 50, 60)]
    kept = held_out_events(found, truth, left_half(), 16, 1, Tolerance(5, 1))
    assert kept == ([found[0], found[2]], [truth[0]])


def test_what_matches_a_true_event_at_the_border_goes_with_it():
    truth = [Event(5, 50, 41)]
    found = [Event(5, 50, 44)]  # its own crop reaches over the border
    assert held_out_events(found, truth, left_half(), 16, 1, Tolerance(5, 1)) == (found, truth)
    assert held_out_events(truth, found, left_half(), 16, 1, Tolerance(5, 1)) == ([], [])
