"""A detector learns from annotated frames, goes on where it stopped, and finds mitoses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cell_events.engine.model_file import ModelFileError, network_digest, save_model
from cell_events.engine.training import TrainReport
from cell_events.events import Event
from cell_events.matching import match_events
from cell_events.mitosis.detect import detect_mitoses
from cell_events.mitosis.detector_file import detection_of, detector_header, load_detector
from cell_events.mitosis.points import AnnotatedFrames
from cell_events.mitosis.train import AnnotatedMovie, TrainedDetector, train_detector
from cell_events.mitosis.train_settings import MitosisTrainSettings, quick_settings
from cell_events.movie import Movie
from cell_events.recognition.classifier import tap_arguments
from tests.mitosis.fake_detector import GivenFrames
from tests.recognition.fake_features import small_tap

SETTINGS = MitosisTrainSettings(4, steps=12, validate_every=4, checkpoint_every=5)


def flashes(n_frames: int = 16, seed: int = 0) -> AnnotatedMovie:
    """Still spots of noise, some of which light up when something happens."""
    random = np.random.default_rng(seed)
    values = random.uniform(0, 0.3, (n_frames, 1, 40, 60)).astype(np.float32)
    places = random.permutation([(t, y, x) for t in (5, 10) for y in (8, 30) for x in (9, 28, 47)])
    for t, y, x in places:
        values[t : t + 2, 0, y - 2 : y + 3, x - 2 : x + 3] = 1
    points = tuple(Event(int(t), float(y), float(x)) for t, y, x in places)
    return AnnotatedMovie(GivenFrames(values), points, AnnotatedFrames(1, n_frames - 2))


def trained(settings: MitosisTrainSettings = SETTINGS, **options):
    *reports, last = train_detector([flashes()], settings, **options)
    assert isinstance(last, TrainedDetector)
    return reports, last


def test_a_few_flashes_are_learned_and_found_in_another_movie() -> None:
    settings = quick_settings(4, steps=80)
    reports, detector = trained(settings)
    assert [report.step for report in reports] == list(range(1, 81))
    assert reports[-1].losses["total"] < 0.3 * reports[0].losses["total"]
    assert (detector.points, detector.steps, detector.length, detector.shrink) == (12, 80, 4, 1)
    assert detector.fitted.f1 == 1
    other = flashes(seed=1)
    *_, last = detect_mitoses(other.frames, detector.network, detector.detection())
    matching = match_events(last.events, other.points, radius_px=2, frames=1)
    assert matching.f1 == 1


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"loss": "dice", "crop": 20, "batch": 2},
        {
            "normalisation": "batch",
            "convolutions": 2,
            "held_out": 0.4,
            "patience": 1,
            "steps": 20,
            "scores": "mean",
            "fit_threshold": True,
        },
    ],
)
@pytest.mark.parametrize("interrupted_at", [5, 8])
def test_a_resumed_run_equals_an_uninterrupted_one_bit_by_bit(
    tmp_path: Path, options, interrupted_at: int
) -> None:
    settings = replace(SETTINGS, **options)
    whole, first = trained(settings)
    assert network_digest(first.network) == network_digest(trained(settings)[1].network)
    run = train_detector([flashes()], settings, checkpoint=tmp_path / "run")
    for _ in range(interrupted_at):
        next(run)
    run.close()
    reports, second = trained(settings, checkpoint=tmp_path / "run")
    assert reports[0].step == 6
    assert [r.losses for r in reports] == [r.losses for r in whole[5:]]
    assert network_digest(first.network) == network_digest(second.network)
    assert (first.steps, first.validation) == (second.steps, second.validation)


def test_another_seed_gives_another_detector_and_is_no_run_to_go_on_from(tmp_path: Path) -> None:
    _, first = trained(checkpoint=tmp_path / "run")
    _, other = trained(replace(SETTINGS, seed=1))
    assert network_digest(first.network) != network_digest(other.network)
    with pytest.raises(ModelFileError, match="other settings"):
        trained(replace(SETTINGS, seed=1), checkpoint=tmp_path / "run")
    movie = flashes()
    fewer = replace(movie, points=movie.points[1:])
    with pytest.raises(ModelFileError, match="learns from"):
        list(train_detector([fewer], SETTINGS, checkpoint=tmp_path / "run"))


def test_training_stops_when_it_no_longer_gets_better_and_keeps_the_best() -> None:
    settings = replace(SETTINGS, steps=400, learning_rate=0.3, held_out=0.4, patience=2)
    reports, detector = trained(settings)
    losses = {r.step: r.metrics["loss"] for r in reports if r.metrics}
    best = min(losses, key=lambda step: losses[step])
    assert reports[-1].step == best + 2 * 4 < 400
    assert detector.steps == best
    assert detector.validation["loss"] == pytest.approx(losses[best])
    assert 0 < detector.points < 12


def test_without_anything_held_out_there_is_no_validation() -> None:
    reports, detector = trained()
    assert all(isinstance(r, TrainReport) and r.metrics == {} for r in reports)
    assert detector.validation == {}
    assert detector.fitted is None
    assert detector.shift == 0


def test_several_movies_are_learned_from_together() -> None:
    settings = replace(SETTINGS, crop=20, batch=2)
    *_, detector = train_detector([flashes(), flashes(12, seed=1)], settings)
    assert detector.points == 24


def test_what_cannot_be_learned_from_is_refused() -> None:
    movie = flashes()

    with pytest.raises(ValueError, match="no points to learn from; set one on each"):
        next(train_detector([replace(movie, points=())], SETTINGS))
    with pytest.raises(ValueError, match="hold no sequence of 15"):
        next(train_detector([movie], replace(SETTINGS, length=15)))
    wide = AnnotatedMovie(
        GivenFrames(np.zeros((9, 3, 20, 20), np.float32)), movie.points[:1], AnnotatedFrames(0, 8)
    )
    with pytest.raises(ValueError, match=r"\[\(1, 1\), \(1, 3\)\] \(shrink, maps\)"):
        next(train_detector([movie, wide], SETTINGS))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"length": 0}, "length must be at least 1"),
        ({"loss": "l2"}, "loss must be one of cross entropy, dice; got 'l2'"),
        ({"time": "start"}, "time must be one of centre, peak"),
        ({"scores": "sum"}, "scores must be one of binary, mean"),
        ({"dropout": 1}, "dropout must be at least 0 and below 1"),
        ({"patience": 3}, "patience needs something to validate on"),
        ({"patience": 0, "held_out": 0.2}, "patience must be at least 1"),
        ({"crop": 8}, "crop must be at least 16"),
        ({"time_dilations": -1}, "time_dilations must be at least 0"),
        ({"steps": 0}, "steps must be at least 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        MitosisTrainSettings(**{"length": 8, **wrong})


def test_a_model_file_holds_all_that_detection_needs(tmp_path: Path) -> None:
    _, detector = trained(replace(SETTINGS, scores="mean", time="peak", fit_threshold=True))
    movie = Movie(np.zeros((9, 8, 8), np.uint8), pixel_size_um=0.5, frame_interval_s=60)
    header = detector_header(detector, {"seed": 0}, movie, kind="birth")
    save_model(tmp_path / "m.safetensors", detector.network, header)
    network, read = load_detector(tmp_path / "m.safetensors")
    assert network_digest(network) == network_digest(detector.network)
    assert detection_of(read) == replace(detector.detection(), kind="birth")
    assert read.settings["shrink"] == 1
    assert (read.kind, read.classes, read.pixel_size_um) == ("mitosis", ("birth",), 0.5)


def test_models_of_other_kinds_are_refused(tmp_path: Path) -> None:
    _, detector = trained()
    header = detector_header(detector, {})
    with pytest.raises(ModelFileError, match="lacks 'length'; it was not written by mitosis train"):
        detection_of(replace(header, settings={}))
    tap = small_tap()
    arguments = tap_arguments(tap)
    other = replace(header, kind="tap", architecture="time_arrow", arguments=arguments)
    save_model(tmp_path / "m.safetensors", tap, other)
    with pytest.raises(ModelFileError, match="of kind 'tap'; expected a mitosis detector"):
        load_detector(tmp_path / "m.safetensors")


def test_dropout_does_not_touch_the_state_of_torch() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    trained()
    assert torch.equal(torch.rand(1), expected)
