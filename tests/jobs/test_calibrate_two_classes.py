"""A model of two classes is trained, calibrated and used, from file to file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zarr
from scipy.special import logit, softmax

from cell_events.engine.header import ModelHeader, read_header
from cell_events.engine.model_file import save_model
from cell_events.events import Event, read_events, write_events
from cell_events.jobs import Calibrate, Detect, MovieSource, Train
from cell_events.matching import match_events
from cell_events.simulation import SimulationSettings, simulated_movie
from cell_events.simulation.life import LifeSettings
from cell_events.time_arrow.pretrain import initial_network
from tests.jobs.conftest import SMALL, write_stack
from tests.jobs.simulated import finish

pytestmark = pytest.mark.usefixtures("few_places")

CLASSES = ("division", "death")
LAST = 27
DONE = (f"0-{LAST}",)


def written(folder: Path, name: str, seed: int) -> tuple[MovieSource, Path]:
    """A movie and its events, as if somebody had added all of them."""
    life = LifeSettings(radius_px=6, cycle_frames=16, death_share=0.5)
    frames, events = simulated_movie(SimulationSettings(LAST + 1, (160, 160), life=life, seed=seed))
    movie = MovieSource(write_stack(folder / f"{name}.tif", frames))
    happened = [Event(e.t, e.y, e.x, e.kind, status="added") for e in events if e.t > 0]
    write_events(folder / f"{name}.csv", happened)
    return movie, folder / f"{name}.csv"


@pytest.fixture(scope="module")
def calibrate(tmp_path_factory: pytest.TempPathFactory) -> Calibrate:
    """A job about a movie that the model has not seen."""
    folder = tmp_path_factory.mktemp("two")
    learned, decided = written(folder, "learned", 0)
    tap = folder / "small.safetensors"
    save_model(tap, initial_network(0, **SMALL), ModelHeader("tap", "time_arrow", SMALL))
    train = Train(
        (learned,),
        (),
        folder / "model.safetensors",
        events=(decided,),
        classes=CLASSES,
        done=DONE,
        tap=tap,
        head="pyramid",
        crop_size=24,
        epochs=6,
        pairs_per_epoch=48,
        batch=24,
        rehearsals=1,
        validation=0.0,
        device="cpu",
    )
    finish(train)
    other, truth = written(folder, "other", 1)
    return Calibrate((other,), (), train.model, events=(truth,), done=DONE, device="cpu")


def detected(job: Calibrate, folder: Path) -> list[Event]:
    """What the calibrated model finds, unlikely things included."""
    csv = folder / "found.csv"
    detect = Detect(job.movies, job.target, csv, threshold=0.05, device="cpu")
    finish(replace(detect, heatmap=folder / "heat.zarr"))
    return read_events(csv)


def test_probabilities_of_two_classes_follow_from_the_scores_of_both(
    calibrate: Calibrate, tmp_path: Path
) -> None:
    job = replace(calibrate, out=tmp_path / "calibrated.safetensors")
    _, values = finish(job)
    assert set(values["counts"]) == {"nothing", *CLASSES}
    shift = read_header(job.target).calibration["shift"]
    found = detected(job, tmp_path)
    assert {event.kind for event in found} == set(CLASSES)
    maps = zarr.open_array(tmp_path / "heat.zarr", mode="r")
    checked = 0
    for event in found[:60]:
        odds = log_odds_at(maps, event)
        if abs(odds).max() < 6:  # scores nearer to 0 and 1 are kept too coarsely
            logits = np.array([np.log1p(-np.exp(logs(odds)).sum()), *logs(odds)])
            expected = softmax(logits / values["temperature"] + shift)
            own = CLASSES.index(event.kind) + 1
            assert event.probability == pytest.approx(expected[own], abs=0.02)
            checked += 1
    assert checked >= 10


def log_odds_at(maps: zarr.Array, event: Event) -> np.ndarray:
    """Log-odds (K,) of the classes at the maximum that an event is."""
    y, x = max(0, round(event.y) - 12), max(0, round(event.x) - 12)
    near = np.asarray(maps[event.t, :, y : y + 26, x : x + 26], float)
    own = abs(near[CLASSES.index(event.kind)] - event.score)
    row, column = np.unravel_index(own.argmin(), own.shape)
    return logit(near[:, row, column])


def logs(odds: np.ndarray) -> np.ndarray:
    """Logarithms of the probabilities that have these odds."""
    return -np.log1p(np.exp(-odds))


def test_as_many_of_each_class_are_right_as_detections_promise(
    calibrate: Calibrate, tmp_path: Path
) -> None:
    job = replace(calibrate, out=tmp_path / "calibrated.safetensors", crops="detections")
    _, values = finish(job)
    assert values["population"] == "as detected"
    found, truth = detected(job, tmp_path), read_events(job.events[0])
    for kind in CLASSES:
        right = match_events(found, truth, radius_px=10, frames=1, kinds=[kind]).true_positives
        told = [(event.score, event.probability) for event in found if event.kind == kind]
        scores, probabilities = np.array(told, float).sum(0)
        assert scores > 1.2 * right
        assert probabilities == pytest.approx(right, rel=0.15)
