"""Which frames are proposed for annotation, and the picture of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from cell_events.mitosis.annotation_plan import annotation_plan
from cell_events.mitosis.length_figure import write_length_figure
from cell_events.mitosis.length_statistics import PredictedEvent, length_statistics


def event(first: int, last: int) -> PredictedEvent:
    return PredictedEvent(first, last, 1.0, 1.0, 9.0)


@pytest.mark.parametrize(("length", "annotate"), [(8, 14), (10, 18), (1, 2), (4, 7)])
def test_a_few_more_frames_than_k_are_annotated(length: int, annotate: int) -> None:
    assert annotation_plan([event(3, 5)], length, 110).annotate == annotate


def test_the_frames_with_most_whole_events_are_chosen() -> None:
    events = [event(1, 3), event(40, 45), event(44, 50), event(48, 52), event(39, 70)]
    plan = annotation_plan(events, 8, 110)
    assert (plan.first, plan.last, plan.complete) == (39, 52, 3)
    assert plan.frames == "39-52"


def test_of_equals_the_earliest_frames_are_chosen() -> None:
    assert annotation_plan([event(2, 4), event(60, 62)], 8, 110).first == 0
    assert annotation_plan([], 8, 110).first == 0


def test_a_short_movie_is_annotated_whole() -> None:
    plan = annotation_plan([event(3, 7)], 8, 10)
    assert (plan.annotate, plan.first, plan.last) == (10, 0, 9)


def test_a_movie_shorter_than_k_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="has 5 frames, fewer than the 8"):
        annotation_plan([event(1, 3)], 8, 5)
    with pytest.raises(ValueError, match="at least 1 frame, got 0"):
        annotation_plan([], 0, 5)


def test_a_plan_is_written_as_json() -> None:
    plan = annotation_plan([event(3, 7)], 8, 110)
    assert json.loads(json.dumps(asdict(plan)))["annotate"] == 14


def test_the_picture_is_a_png(tmp_path: Path) -> None:
    events = [event(3, 7), event(20, 29)]
    path = tmp_path / "plan.png"
    plan = annotation_plan(events, 10, 50)
    write_length_figure(path, events, length_statistics(events), plan)
    assert path.read_bytes().startswith(b"\x89PNG")
