"""The demo: what it learns from, what it searches, and what it leaves for a person to judge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from benchmarks.make_demo_paint import painted_divisions
from matplotlib.image import imread

from cell_events.events import Event, read_events
from cell_events.jobs import Demo, Detect, JobError, Pretrain, Result, Train, demo, run
from cell_events.jobs.event_picture import draw_events, outcomes
from cell_events.matching import match_events
from cell_events.recognition.paint import parse_frames


def test_no_frame_that_is_searched_was_learned_from() -> None:
    first, last = demo.TRAINING_FRAMES
    compared = {t - step for t in parse_frames(demo.UNSEEN_FRAMES) for step in (0, 1)}
    assert not compared & set(range(first, last + 1))
    assert min(compared) == 0


def test_there_is_something_to_learn_from_and_something_to_find() -> None:
    truth = read_events(demo.TRUTH)
    unseen = parse_frames(demo.UNSEEN_FRAMES)
    assert [event.t in unseen for event in truth] == [True, False, False]
    painted_frames = np.unique(tifffile.imread(demo.PAINT).nonzero()[0])
    assert painted_frames.tolist() == [7, 8]


def test_the_bundled_paint_is_what_its_script_makes() -> None:
    np.testing.assert_array_equal(tifffile.imread(demo.PAINT), painted_divisions())


def test_the_bundled_movie_names_its_source_and_licence() -> None:
    text = (demo.SAMPLES / "ATTRIBUTION.md").read_text()
    assert "CC BY 4.0" in text
    assert "NEUBIAS/training-resources" in text


def test_the_demo_writes_events_and_a_picture(
    tmp_path: Path, tap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = demo.demo_jobs

    def brief(job: Demo) -> tuple[Pretrain, Train, Detect]:
        pretrain, train, detect = whole(job)
        few: dict[str, Any] = {"epochs": 1, "pairs_per_epoch": 2, "batch": 2}
        return (
            replace(pretrain, start=str(tap), crop_size=16, **few),
            replace(train, head="linear", crop_size=16, **few),
            detect,
        )

    monkeypatch.setattr(demo, "demo_jobs", brief)
    *progress, result = run(Demo(tmp_path / "new" / "demo", device="cpu"))
    assert isinstance(result, Result)
    assert not [report for report in progress if isinstance(report, Result)]
    events = read_events(result.values["csv"])
    assert {event.t for event in events} <= parse_frames(demo.UNSEEN_FRAMES)
    unseen = result.values["unseen_frames"]
    assert unseen["true_positives"] + unseen["false_negatives"] == 1
    assert imread(result.values["picture"]).shape[1] > 500


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JobError, match="cannot be made"):
        next(run(Demo(tmp_path / "file" / "demo")))


def test_outcomes_are_told_in_order_of_time() -> None:
    found = [Event(9, 50, 50), Event(4, 77, 104)]
    truth = [Event(4, 76, 105), Event(6, 10, 10)]
    told = outcomes(match_events(found, truth))
    assert [(row.label, row.event.t) for row in told] == [
        ("found, true", 4),
        ("missed", 6),
        ("false alarm", 9),
    ]


def test_a_picture_shows_events_at_every_border_and_none_at_all(tmp_path: Path) -> None:
    movie = demo.MOVIE.open()
    corners = [Event(0, 0, 0), Event(29, 189, 210)]
    draw_events(tmp_path / "corners.png", movie, match_events(corners, corners[:1]))
    draw_events(tmp_path / "none.png", movie, match_events([], []))
    heights = [imread(tmp_path / f"{name}.png").shape[0] for name in ("corners", "none")]
    assert heights[0] > heights[1] > 0
