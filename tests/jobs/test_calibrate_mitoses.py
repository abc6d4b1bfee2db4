"""A mitosis detector is calibrated on its detections, right and wrong ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from cell_events.engine.header import ModelHeader, read_header
from cell_events.engine.held_out import HeldOut
from cell_events.engine.model_file import save_model
from cell_events.events import Event, write_events
from cell_events.jobs import Calibrate, JobError, MovieSource
from cell_events.jobs.calibrate_mitoses import judged_detections
from cell_events.jobs.calibrated_models import with_probabilities
from cell_events.mitosis.detect import MitosisReport
from cell_events.mitosis.network import new_detector
from cell_events.mitosis.train_settings import MitosisTrainSettings
from cell_events.movie import open_movie
from cell_events.trust.calibration import Calibration
from tests.jobs.conftest import write_stack
from tests.jobs.simulated import finish

SHAPE = (30, 192, 192)
SHARP, MOVED = 2.0, 1.5
"""How the detector's log-odds differ from right ones."""


def detections(count: int = 2000) -> tuple[list[Event], list[Event]]:
    """Detections whose right log-odds are known, and the mitoses that some of them are."""
    random = np.random.default_rng(0)
    right = random.normal(scale=2, size=count)
    scores = np.clip(expit(SHARP * right + MOVED), 0.05, 1 - 1e-9)
    places = random.uniform([1, 0, 0], [29, 191, 191], size=(count, 3))
    # Detections of one movie would match each other's points; far apart in rows they do not.
    is_true = random.random(count) < expit(right)
    found = [
        Event(int(t), float(y), float(x), score=float(score))
        for (t, y, x), score in zip(places, scores, strict=True)
    ]
    return found, [event for event, true in zip(found, is_true, strict=True) if true]


@pytest.fixture
def calibrate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Calibrate:
    """A job whose detector finds what it is told to."""
    movie = write_stack(tmp_path / "cells.tif", np.zeros(SHAPE, np.uint8))
    found, truth = detections()
    truth = [replace(event, score=None, status="added") for event in truth]
    write_events(tmp_path / "points.csv", truth)
    network = new_detector(1, MitosisTrainSettings(4))
    settings = {"length": 4, "shrink": 4, "scores": "binary", "time": "centre", "shift": 0.0}
    header = ModelHeader(
        "mitosis", "mitosis_detector", network.arguments, ("division",), settings=settings
    )
    save_model(tmp_path / "model.safetensors", network, header)

    def detect(*_: object, **__: object) -> Iterator[MitosisReport]:
        yield MitosisReport(30, 30, len(found), 0.0, tuple(found))

    monkeypatch.setattr("cell_events.jobs.calibrate_mitoses.detect_mitoses", detect)
    monkeypatch.setattr("cell_events.jobs.calibrate_mitoses.FRAMES", 0)
    monkeypatch.setattr("cell_events.jobs.calibrate_mitoses.DEFAULT_RADIUS_PX", 0.1)
    monkeypatch.setattr("cell_events.trust.calibration_scores.REPEATS", 10)
    return Calibrate(
        (MovieSource(movie),),
        (),
        tmp_path / "model.safetensors",
        events=(tmp_path / "points.csv",),
        done=("0-29",),
        device="cpu",
    )


def test_known_sharpness_and_shift_are_undone(calibrate: Calibrate) -> None:
    _, values = finish(calibrate)
    assert values["population"] == "as detected"
    assert values["temperature"] == pytest.approx(SHARP, rel=0.15)
    assert values["shift"][1] - values["shift"][0] == pytest.approx(-MOVED / SHARP, abs=0.25)
    assert values["after"]["ECE"] < values["before"]["ECE"] / 2
    header = read_header(calibrate.model)
    assert header.temperature == values["temperature"]
    assert header.calibration["prior"] is None


def test_detections_get_the_probability_of_their_score() -> None:
    events = [Event(1, 2, 3, score=0.9), Event(1, 2, 3, score=0.2)]
    told = with_probabilities(events, Calibration(2.0, (0.0, -1.0)))
    expected = expit(np.log(np.array([9, 0.25])) / 2 - 1)
    assert [event.probability for event in told] == pytest.approx(expected.tolist())
    assert with_probabilities(events, None) == tuple(events)


def test_only_detections_where_nothing_was_learned_count() -> None:
    movie = open_movie(np.zeros(SHAPE, np.uint8), axes="TYX")
    held = HeldOut.evenly(movie, (1, 1, 2), np.array([False, True]))
    found = [Event(5, 50, 50), Event(5, 50, 150), Event(6, 100, 150), Event(12, 20, 150)]
    truth = [Event(5, 52, 148), Event(5, 50, 50)]
    judged = judged_detections(found, truth, frozenset(range(3, 13)), movie, held)
    assert judged.events == found[1:3]  # one where it has learned, one in the last known frame
    assert judged.label.tolist() == [1, 0]
    assert judged.block.max() < judged.blocks
    everywhere = judged_detections(found, truth, frozenset(range(30)), movie, None)
    assert everywhere.label.tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"done": ()}, "give a CSV of points for each movie and the done frames"),
        ({"crops": "reviewed"}, "choose all crops"),
        ({"prior": "division=0.1"}, "leave prior out"),
    ],
)
def test_a_detector_needs_frames_in_which_all_is_known(
    calibrate: Calibrate, changes, told: str
) -> None:
    with pytest.raises(JobError, match=told):
        finish(replace(calibrate, **changes))
