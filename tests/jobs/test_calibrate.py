"""Scores become probabilities, learned from what a model has not learned from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cell_events.engine.header import ModelFileError, read_header
from cell_events.engine.held_out import HeldOut
from cell_events.engine.model_file import load_model, save_model
from cell_events.events import read_events, write_events
from cell_events.jobs import Calibrate, Detect, Info, JobError, MovieSource, Train, run
from cell_events.jobs.calibrate import shares_of
from cell_events.jobs.calibrate_detections import true_events
from cell_events.jobs.calibrated_models import calibration_in, not_learned_from
from cell_events.matching import match_events
from cell_events.movie import open_movie
from cell_events.recognition.paint import open_mask
from tests.jobs.conftest import write_stack
from tests.jobs.simulated import finish
from tests.synthetic import dividing_cells

pytestmark = pytest.mark.usefixtures("few_places")

FRAMES = 24
OTHER: dict[str, Any] = {"n_frames": 30, "size": (192, 192), "seed": 5}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Train:
    """A model that learned from half of a movie, with its movie and paint."""
    from cell_events.engine.header import ModelHeader
    from cell_events.time_arrow.pretrain import initial_network
    from tests.jobs.conftest import SMALL

    folder = tmp_path_factory.mktemp("trained")
    cells, paint, events = dividing_cells(n_frames=FRAMES, size=(192, 192))
    movie = write_stack(folder / "cells.tif", cells)
    write_events(folder / "truth.csv", [replace(event, status="added") for event in events])
    tap = folder / "small.safetensors"
    save_model(tap, initial_network(0, **SMALL), ModelHeader("tap", "time_arrow", SMALL))
    job = Train(
        (MovieSource(movie),),
        (write_stack(folder / "paint.tif", paint),),
        folder / "model.safetensors",
        tap=tap,
        done=(f"0-{FRAMES - 1}",),
        head="pyramid",
        crop_size=24,
        epochs=4,
        pairs_per_epoch=32,
        batch=16,
        rehearsals=1,
        validation=0.5,
        device="cpu",
    )
    finish(job)
    return job


@pytest.fixture
def calibrate(trained: Train, tmp_path: Path) -> Calibrate:
    return Calibrate(
        trained.movies,
        trained.paints,
        trained.model,
        done=trained.done,
        out=tmp_path / "calibrated.safetensors",
        device="cpu",
    )


def test_a_model_tells_probabilities_after_it_was_calibrated(
    calibrate: Calibrate, tmp_path: Path
) -> None:
    progress, values = finish(replace(calibrate, report=tmp_path / "report"))
    assert progress[-1].done == progress[-1].total
    header = read_header(values["model"])
    assert header.temperature == values["temperature"] == header.calibration["temperature"]
    assert header.calibration["counts"] == values["counts"]
    assert header.weights_digest == read_header(calibrate.model).weights_digest
    assert read_header(calibrate.model).temperature is None  # --out leaves the model as it was
    csv = tmp_path / "events.csv"
    finish(Detect(calibrate.movies, Path(values["model"]), csv, threshold=0.05, device="cpu"))
    events = read_events(csv)
    calibration = calibration_in(header)
    expected = calibration.of_scores(np.array([event.score for event in events]))
    np.testing.assert_allclose([e.probability for e in events], expected, atol=2e-3)
    assert len({round(event.probability, 6) for event in events}) > 1


def test_the_report_holds_every_step(calibrate: Calibrate, tmp_path: Path) -> None:
    _, values = finish(replace(calibrate, report=tmp_path / "report"))
    told = json.loads((tmp_path / "report" / "calibration.json").read_text("utf8"))
    steps = [(step["population"], step["step"]) for step in told["steps"]]
    assert steps[-1] == ("as in the movie", "bias")
    assert ("drawn evenly", "temperature") in steps
    assert values["after"]["NLL"] == told["steps"][-1]["figures"]["NLL"]["value"]
    table = pd.read_csv(tmp_path / "report" / "reliability.csv")
    assert set(table["when"]) == {"before", "after"}
    before, after = (table[table["when"] == when]["crops"].sum() for when in ("before", "after"))
    assert before == after == told["steps"][-1]["crops"]
    assert "reliability.png" in Path(values["report"]).read_text("utf8")
    assert (tmp_path / "report" / "reliability.png").read_bytes().startswith(b"\x89PNG")


def test_calibration_crops_share_no_pixel_with_training(trained: Train) -> None:
    (entry,) = read_header(trained.model).held_out
    held = HeldOut.from_json(entry)
    assert held.fingerprint == trained.movies[0].open().fingerprint
    assert 0.3 < held.held.mean() < 0.7


def test_a_movie_never_seen_needs_no_held_out_blocks(calibrate: Calibrate, tmp_path: Path) -> None:
    cells, paint, _ = dividing_cells(n_frames=20, size=(192, 192), seed=5)
    movie = MovieSource(write_stack(tmp_path / "other.tif", cells))
    other = write_stack(tmp_path / "other_paint.tif", paint)
    _, values = finish(replace(calibrate, movies=(movie,), paints=(other,), done=("0-19",)))
    assert values["counts"]["division"] >= 10


def test_a_prior_shifts_the_odds_by_its_logarithm(calibrate: Calibrate) -> None:
    shifts = []
    for share in (0.01, 0.0001):
        _, values = finish(replace(calibrate, prior=f"division={share}"))
        shifts.append(values["shift"][1] - values["shift"][0])
    odds = [np.log(share / (1 - share)) for share in (0.01, 0.0001)]
    assert shifts[0] - shifts[1] == pytest.approx(odds[0] - odds[1])


def test_reviewed_events_calibrate_without_paint(
    calibrate: Calibrate, trained: Train, tmp_path: Path
) -> None:
    events = read_events(trained.model.with_name("truth.csv"))
    shape = trained.movies[0].open().shape
    places = [(event.t, event.y, event.x) for event in events]
    random = np.random.default_rng(0)
    rejected = [
        replace(events[0], t=int(t), y=float(y), x=float(x), status="rejected")
        for t, y, x in random.integers([1, 0, 0], shape, size=(80, 3))
        if all(abs(t - s) > 3 or np.hypot(y - v, x - u) > 40 for s, v, u in places)
    ]
    write_events(tmp_path / "decided.csv", [*events, *rejected])
    job = replace(calibrate, events=(tmp_path / "decided.csv",), crops="reviewed")
    _, values = finish(job)
    assert values["population"] == "drawn evenly"
    assert values["counts"]["nothing"] >= 10


@pytest.fixture
def on_detections(calibrate: Calibrate, tmp_path: Path) -> Calibrate:
    """A job about another movie with many divisions, some painted and some decided."""
    cells, paint, events = dividing_cells(**OTHER)
    movie = MovieSource(write_stack(tmp_path / "other.tif", cells))
    decided = [replace(event, status="added") for event in events[::2]]
    for event in decided:
        y, x = round(event.y), round(event.x)
        paint[event.t - 2 : event.t + 3, max(0, y - 15) : y + 15, max(0, x - 15) : x + 15] = 0
    write_events(tmp_path / "decided.csv", decided)
    return replace(
        calibrate,
        movies=(movie,),
        paints=(write_stack(tmp_path / "other_paint.tif", paint),),
        events=(tmp_path / "decided.csv",),
        done=("0-29",),
        crops="detections",
    )


def test_detections_are_promised_as_often_as_they_are_right(
    on_detections: Calibrate, tmp_path: Path
) -> None:
    _, values = finish(replace(on_detections, report=tmp_path / "report"))
    assert values["population"] == "as detected"
    assert read_header(values["model"]).calibration["crops"] == "detections"
    csv = tmp_path / "events.csv"
    finish(Detect(on_detections.movies, Path(values["model"]), csv, threshold=0.05, device="cpu"))
    found = read_events(csv)
    truth = dividing_cells(**OTHER)[2]
    right = match_events(found, truth, radius_px=10, frames=1).true_positives
    assert values["counts"]["division"] <= right  # those at the ends of the movie do not count
    promised = sum(event.probability for event in found)
    assert promised == pytest.approx(right, rel=0.2)
    assert "Detections, unlikely ones included" in Path(values["report"]).read_text("utf8")


def test_too_few_detections_are_told_in_one_sentence(on_detections: Calibrate) -> None:
    with pytest.raises(JobError, match=r"Only \d detections in \d blocks .* or choose all crops"):
        finish(replace(on_detections, done=("0-2",)))


def test_detections_take_their_frequency_from_the_done_frames(on_detections: Calibrate) -> None:
    with pytest.raises(JobError, match=r"leave prior out"):
        finish(replace(on_detections, prior="division=0.01"))


def test_what_is_both_painted_and_decided_is_one_event() -> None:
    _, paint, events = dividing_cells(**OTHER)
    mask = open_mask(paint, open_movie(paint, axes="TYX"))
    found = true_events(mask, [replace(event, status="accepted") for event in events], 1)
    assert found == [replace(event, status="accepted") for event in events]
    rejected = true_events(mask, [replace(event, status="rejected") for event in events], 1)
    painted = match_events(rejected, events, radius_px=3, frames=0)
    assert (painted.true_positives, painted.false_negatives) == (len(events), 0)


def test_the_header_that_info_shows_stays_readable(calibrate: Calibrate) -> None:
    *_, result = run(Info(calibrate.model))
    (blocks,) = result.values["held_out"]
    assert set(blocks) == {"movie", "shape", "held"}
    assert "blocks" in blocks["held"]


def test_a_model_without_a_calibration_split_says_what_to_do(
    calibrate: Calibrate, tmp_path: Path
) -> None:
    network, header = load_model(calibrate.model)
    model = tmp_path / "whole.safetensors"
    save_model(model, network, replace(header, held_out=()))
    with pytest.raises(JobError, match=r"has learned from all of cells.tif.* held out in blocks"):
        finish(replace(calibrate, model=model))


def test_an_old_model_knows_its_movie_by_name(trained: Train, tmp_path: Path) -> None:
    header = replace(read_header(trained.model), held_out=(), provenance={"movies": ["a.tif"]})
    path = write_stack(tmp_path / "a.tif", np.zeros((3, 8, 8), np.uint8))
    with pytest.raises(JobError, match=r"learned from all of a\.tif"):
        not_learned_from(open_movie(path), trained.model, header)
    other = write_stack(tmp_path / "b.tif", np.zeros((3, 8, 8), np.uint8))
    assert not_learned_from(open_movie(other), trained.model, header) is None


def test_too_few_crops_are_told_in_one_sentence(calibrate: Calibrate, tmp_path: Path) -> None:
    paint = np.zeros(calibrate.movies[0].open().shape, np.uint8)
    held = HeldOut.from_json(read_header(calibrate.model).held_out[0])
    t, y, x = np.argwhere(held.held)[0]
    middle = [(edge[i] + edge[i + 1]) // 2 for edge, i in zip(held.edges, (t, y, x), strict=True)]
    paint[
        middle[0] : middle[0] + 2, middle[1] - 3 : middle[1] + 3, middle[2] - 3 : middle[2] + 3
    ] = 1
    job = replace(calibrate, paints=(write_stack(tmp_path / "one.tif", paint),))
    with pytest.raises(JobError, match=r"show 'division', but at least 10 in 3 blocks are needed"):
        finish(job)


def test_weights_that_are_not_numbers_are_told(calibrate: Calibrate, tmp_path: Path) -> None:
    network, header = load_model(calibrate.model)
    network.head.bias.data.fill_(float("nan"))
    model = tmp_path / "broken.safetensors"
    save_model(model, network, header)
    with pytest.raises(ModelFileError, match=r"NaN or infinite weights, in 'head\.bias'"):
        finish(replace(calibrate, model=model))


def test_models_that_find_nothing_cannot_be_calibrated(
    calibrate: Calibrate, trained: Train
) -> None:
    assert trained.tap is not None
    with pytest.raises(ModelFileError, match="of kind 'tap', which finds no events"):
        finish(replace(calibrate, model=trained.tap))


@pytest.mark.parametrize(
    ("prior", "told"),
    [
        ("division", "must read like division=0.001"),
        ("division=2", "together below 1"),
        ("division=0", "above 0"),
    ],
)
def test_a_prior_that_cannot_be_meant_is_refused(calibrate: Calibrate, prior, told) -> None:
    with pytest.raises(JobError, match=told):
        replace(calibrate, prior=prior)


def test_a_prior_names_the_classes_of_the_model(calibrate: Calibrate) -> None:
    assert shares_of(" division = 0.001, death=0.01") == {"division": 0.001, "death": 0.01}
    with pytest.raises(JobError, match=r"prior names death, but the classes of .* are division"):
        finish(replace(calibrate, prior="death=0.01"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"crops": "some"}, "crops must be one of all, reviewed, detections"),
        ({"crops": "detections", "done": ()}, "give the done frames, or choose all crops"),
        ({"by": "guess"}, "by must be one of likelihood, calibration error"),
        ({"crops": "reviewed"}, "on reviewed events, give the CSV"),
    ],
)
def test_impossible_settings_are_refused(
    calibrate: Calibrate, wrong: dict[str, Any], told: str
) -> None:
    with pytest.raises(JobError, match=told):
        replace(calibrate, **wrong)
