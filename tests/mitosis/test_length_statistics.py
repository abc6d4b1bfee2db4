"""Events are joined over time while frames come in, and summarised."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from scipy import ndimage

from cell_events.mitosis.length_statistics import (
    PredictedEvent,
    found_events,
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
