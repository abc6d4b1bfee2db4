"""Events are joined over time while frames come in, and summarised."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from scipy import ndimage, stats

from cell_events.mitosis.length_statistics import (
    PredictedEvent,
    found_events,
    length_interval,
    length_statistics,
    sequence_length,
)


def maps(n_frames: int, *boxes: tuple[int, int, int, int]) -> np.ndarray:
    """Probabilities with 2 x 2 places of 0.9 at (first, last, y, x)."""
    frames = np.full((n_frames, 12, 12), 0.1, np.float32)
    for first, last, y, x in boxes:
        frames[first : last + 1, y : y + 2, x : x + 2] = 0.9
    return frames


def events_of(*lengths: int) -> list[PredictedEvent]:
    return [PredictedEvent(5, 4 + length, 1.0, 1.0, 4.0) for length in lengths]


def test_an_event_has_its_frames_place_and_area() -> None:
    assert found_events(maps(9, (2, 5, 3, 7))) == [PredictedEvent(2, 5, 3.5, 7.5, 4.0)]


def test_events_in_the_same_place_with_a_frame_between_are_two() -> None:
    assert [e.length for e in found_events(maps(12, (1, 3, 3, 3), (5, 9, 3, 3)))] == [3, 5]


def test_an_event_goes_on_where_it_overlaps_and_only_there() -> None:
    moved = found_events(maps(9, (1, 3, 3, 3), (4, 6, 3, 4)))
    assert [(e.first, e.last) for e in moved] == [(1, 6)]
    beside = found_events(maps(9, (1, 3, 3, 3), (4, 6, 3, 5)))
    assert [(e.first, e.last) for e in beside] == [(1, 3), (4, 6)]


def test_one_that_parts_into_two_and_two_that_meet_are_one_event() -> None:
    frames = maps(9, (1, 3, 3, 2), (1, 3, 3, 6))
    frames[4, 3, 2:8] = 0.9
    frames[5:7] = maps(2, (0, 1, 3, 2), (0, 1, 3, 6))
    assert [(e.first, e.last) for e in found_events(frames)] == [(1, 6)]


def test_events_cut_by_the_ends_of_the_movie_are_left_out() -> None:
    assert found_events(maps(9, (0, 3, 3, 3), (5, 8, 7, 7))) == []


def test_threshold_and_least_area_choose() -> None:
    frames = maps(9, (2, 5, 3, 7))
    assert len(found_events(frames, threshold=0.9)) == 1
    assert found_events(frames, threshold=0.95) == []
    assert found_events(frames, least_area=4.5) == []
    assert found_events([], 0.5) == []


def test_events_are_the_components_of_the_whole_movie() -> None:
    """Overlap from frame to frame plus areas of touching sides: scipy's plain 3-D labelling."""
    random = np.random.default_rng(0)
    for _ in range(20):
        frames = np.pad(random.random((12, 9, 9)), ((1, 1), (0, 0), (0, 0))).astype(np.float32)
        labels, count = ndimage.label(frames >= 0.75)
        spans = [part[0] for part in ndimage.find_objects(labels)]
        centres = ndimage.center_of_mass(labels > 0, labels, range(1, count + 1))
        expected = sorted(
            (span.start, y, x, span.stop - 1)
            for span, (_, y, x) in zip(spans, centres, strict=True)
        )
        found = [(e.first, e.y, e.x, e.last) for e in found_events(frames, 0.75)]
        assert np.array(found) == pytest.approx(np.array(expected))


def test_statistics_of_known_lengths() -> None:
    statistics = length_statistics(events_of(*range(1, 101)))
    assert statistics.count == 100
    assert statistics.mean == pytest.approx(50.5)
    assert statistics.sd == pytest.approx(np.std(range(1, 101), ddof=1))
    assert statistics.percentiles == {5: 5, 25: 25, 50: 50, 75: 75, 95: 95}


def test_k_is_the_least_length_that_holds_three_quarters() -> None:
    assert sequence_length(events_of(4, 4, 8, 12)) == 8
    assert sequence_length(events_of(4, 4, 8, 12), percentile=76) == 12
    assert sequence_length(events_of(9)) == 9


def test_statistics_of_a_single_event_have_no_spread() -> None:
    assert length_statistics(events_of(7)).sd == 0


def test_statistics_are_written_as_json() -> None:
    again = json.loads(json.dumps(asdict(length_statistics(events_of(3, 5)))))
    assert again["percentiles"]["75"] == 5
    assert json.loads(json.dumps(asdict(events_of(3)[0])))["last"] == 7


def test_without_events_a_sentence_says_so() -> None:
    for summary in (length_statistics, sequence_length):
        with pytest.raises(ValueError, match=r"No event is predicted .* choose another map"):
            summary([])


def test_percentiles_outside_0_to_100_are_refused() -> None:
    with pytest.raises(ValueError, match="got 101"):
        sequence_length(events_of(3), percentile=101)


def test_the_interval_of_k_holds_the_order_statistics_that_the_binomial_law_names() -> None:
    events = events_of(*range(1, 101))
    low, high = length_interval(events, 75.0)
    below = [stats.binom.cdf(rank, 100, 0.75) for rank in range(101)]
    assert low == 1 + max(rank for rank in range(100) if below[rank] <= 0.025)
    assert high == 1 + min(rank for rank in range(101) if below[rank] >= 0.975)


def test_few_events_leave_k_open() -> None:
    fifth_of_ten = 4  # binom.cdf(4, 10, 0.75) = 0.02, and even the tenth may lie below (0.06)
    assert length_interval(events_of(2, 3, 3, 4, 4, 4, 5, 6, 7, 8)) == (fifth_of_ten, None)
    assert length_interval(events_of(5)) == (None, None)
    assert length_interval(events_of(5, 6, 7), 100.0) == (None, None)
