"""The jobs that learn painted events and find them, end to end on a tiny movie."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zarr

from cell_events.engine.header import ModelFileError, read_header
from cell_events.events import read_events, write_events
from cell_events.jobs import (
    Detect,
    Evaluate,
    JobError,
    MovieSource,
    Pretrain,
    Progress,
    Result,
    Train,
    run,
)
from cell_events.jobs.train import head_settings
from cell_events.recognition.paint import PaintError


def finish(job: Any) -> tuple[list[Progress], dict[str, Any]]:
    *progress, result = run(job)
    assert isinstance(result, Result)
    return [report for report in progress if isinstance(report, Progress)], dict(result.values)


@pytest.fixture
def train(movie: MovieSource, paint: Path, tap: Path, tmp_path: Path) -> Train:
    return Train(
        (movie,),
        (paint,),
        tmp_path / "model.safetensors",
        tap=tap,
        done=("0-7",),
        head="linear",
        crop_size=24,
        epochs=2,
        pairs_per_epoch=16,
        batch=8,
        validation=0.0,
        device="cpu",
    )


def test_painted_events_are_found_again(train: Train, truth: Path, tmp_path: Path) -> None:
    finish(
        replace(
            train,
            head="resnet",
            time_invariant="no",
            crop_size=32,
            epochs=15,
            pairs_per_epoch=128,
            batch=32,
            learning_rate=0.01,
        )
    )
    csv = tmp_path / "events.csv"
    detect = Detect(train.movies, train.model, csv, threshold=0.9, device="cpu")
    progress, values = finish(detect)
    assert progress[-1].done == progress[-1].total == 7
    assert values["events"] == len(read_events(csv)) == values["kinds"]["division"]
    scores = finish(Evaluate(csv, truth, radius_px=6, frames=0))[1]["all"]
    assert scores["recall"] == 1
    assert scores["precision"] >= 0.8
    assert scores["mean_distance_px"] < 3


def test_training_tells_of_each_step_and_writes_a_model(train: Train, tap: Path) -> None:
    progress, values = finish(train)
    learned = [report for report in progress if report.stage == "learn the painted events"]
    assert [(report.done, report.total) for report in learned] == [(n, 4) for n in (1, 2, 3, 4)] * 2
    tried = [report for report in progress if report.stage == "try on the done frames"]
    assert tried[-1].done == tried[-1].total
    assert progress[0].stage == "read the painted crops"
    header = read_header(train.model)
    assert (header.kind, header.classes, header.pixel_size_um) == ("events", ("division",), 0.5)
    assert header.provenance["tap_digest"] == read_header(tap).weights_digest
    assert header.provenance["trained_on"] == values["trained_on"]
    assert header.weights_digest == values["digest"]
    assert header.settings["criterion"] == "both"
    assert values["validation"] == {}


def test_held_out_crops_are_reported(train: Train, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    job = replace(train, split="random", validation=0.25, report=folder)
    progress, values = finish(job)
    learned = [report for report in progress if report.stage == "learn the painted events"]
    assert {"validation_accuracy", "validation_recall division"} <= learned[-1].values.keys()
    assert set(values["validation"]) >= {"accuracy", "precision division", "recall division"}
    assert str(folder / "report.png") in values["report"]
    assert json.loads((folder / "report.json").read_text())["metrics"] == values["validation"]


def test_every_setting_arrives_at_the_training(train: Train) -> None:
    job = replace(
        train,
        criterion="either",
        min_painted_px=40,
        delta=2,
        seed=5,
        head="resnet",
        validation=0.1,
        time_invariant="no",
    )
    settings = head_settings(job)
    assert (settings.steps, settings.batch_size, settings.validate_every) == (4, 8, 2)
    crops = settings.crops
    assert (crops.size, crops.delta, crops.criterion, crops.min_painted_px) == (24, 2, "either", 40)
    assert settings.head.time_invariant is False
    assert (settings.head.name, settings.splitting.fraction, settings.seed) == ("resnet", 0.1, 5)


def test_paint_that_does_not_fit_is_refused(train: Train, tmp_path: Path) -> None:
    with pytest.raises(PaintError, match="Frame 99"):
        finish(replace(train, done=("99",)))
    with pytest.raises(ModelFileError, match="no model file"):
        finish(replace(train, tap=tmp_path / "none"))
    assert not train.model.exists()


def test_a_tap_is_no_classifier_and_a_classifier_no_tap(
    train: Train, movie: MovieSource, tap: Path, tmp_path: Path
) -> None:
    finish(train)
    with pytest.raises(ModelFileError, match="finds no events; expected one that train, update or"):
        finish(Detect((movie,), tap, tmp_path / "events.csv", device="cpu"))
    with pytest.raises(ModelFileError, match="one that pretrain has written"):
        finish(Pretrain((movie,), tmp_path / "tap", start=str(train.model), device="cpu"))


def test_without_a_shipped_model_training_asks_for_one(
    train: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cell_events.time_arrow.shipped_model", lambda: None)
    with pytest.raises(JobError, match="make one with pretrain"):
        finish(replace(train, tap=None))


def test_several_movies_share_a_csv_that_names_them(
    train: Train, movie: MovieSource, tmp_path: Path
) -> None:
    finish(train)
    other = replace(movie, path=movie.path.with_name("other.tif"), pixel_size_um=1.0)
    other.path.write_bytes(movie.path.read_bytes())
    csv = tmp_path / "new folder" / "events.csv"
    finish(Detect((movie, other), train.model, csv, threshold=0.3, device="cpu"))
    events = read_events(csv)
    assert {event.extra["movie"] for event in events} == {"cells.tif", "other.tif"}
    assert {event.source for event in events} == {"model.safetensors"}
    header = csv.read_text().splitlines()[0]
    assert "t_s" in header
    assert "y_um" not in header  # the pixel sizes differ


def test_frames_threshold_and_heat_map_are_used(
    train: Train, movie: MovieSource, tmp_path: Path
) -> None:
    finish(train)
    csv, heatmap = tmp_path / "events.csv", tmp_path / "scores.zarr"
    job = Detect(
        (movie,), train.model, csv, heatmap=heatmap, frames="2,4-5", threshold=0.2, device="cpu"
    )
    progress, _ = finish(job)
    assert progress[-1].total == 3
    events = read_events(csv)
    assert {event.t for event in events} <= {2, 4, 5}
    assert min(event.score or 0 for event in events) >= 0.2
    assert zarr.open_array(str(heatmap), mode="r").shape == (8, 1, 96, 96)
    assert (csv.read_text().splitlines()[0]).endswith("t_s,y_um,x_um")


def test_a_killed_training_goes_on_bit_by_bit(train: Train, tmp_path: Path) -> None:
    whole = finish(train)[1]["digest"]
    checkpoint = tmp_path / "run.checkpoint"
    resumed = replace(train, checkpoint=checkpoint, model=tmp_path / "resumed.safetensors")
    reports = run(resumed)
    while not checkpoint.with_name("run.checkpoint1").exists():  # the second of two trainings
        next(reports)
    reports.close()
    assert not resumed.model.exists()
    progress, values = finish(resumed)
    assert values["digest"] == whole
    assert not [report for report in progress if report.stage == "learn the painted events"]
    assert not list(tmp_path.glob("run.checkpoint*"))


def test_a_checkpoint_of_other_paint_is_refused(train: Train, tmp_path: Path) -> None:
    job = replace(train, checkpoint=tmp_path / "run.checkpoint")
    reports = run(job)
    while not (tmp_path / "run.checkpoint").exists():
        next(reports)
    reports.close()
    with pytest.raises(ModelFileError, match=r"other settings \(.*examples\)"):
        finish(replace(job, done=("0-5",)))


def test_training_goes_on_from_a_model(train: Train, tmp_path: Path) -> None:
    finish(train)
    further = replace(train, start=train.model, model=tmp_path / "further.safetensors")
    assert finish(further)[1]["digest"] != read_header(train.model).weights_digest
    with pytest.raises(PaintError, match="made for other classes"):
        finish(replace(further, classes=("division", "death")))


def test_decisions_alone_can_be_learned(train: Train, truth: Path, tmp_path: Path) -> None:
    happened = [replace(event, status="accepted") for event in read_events(truth)]
    rejected = [
        replace(event, x=(event.x + 48) % 96, status="rejected") for event in read_events(truth)
    ]
    write_events(tmp_path / "decided.csv", [*happened, *rejected])
    job = replace(train, paints=(), done=(), events=(tmp_path / "decided.csv",))
    trained_on = finish(job)[1]["trained_on"]
    assert min(trained_on["division"], trained_on["nothing"]) > 0
