"""The job that learns the time arrow, end to end on a tiny movie."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cell_events.engine.header import ModelFileError, read_header
from cell_events.jobs import Info, JobError, MovieSource, Pretrain, Progress, Result, run
from cell_events.jobs.pretrain import pretrain_settings
from cell_events.movie import MovieError


@pytest.fixture
def job(movie: MovieSource, tap: Path, tmp_path: Path) -> Pretrain:
    return Pretrain(
        (movie,),
        tmp_path / "new folder" / "tap.safetensors",
        start=str(tap),
        epochs=2,
        pairs_per_epoch=4,
        batch=2,
        crop_size=16,
        device="cpu",
    )


def test_progress_then_a_model_file_that_says_where_it_comes_from(job: Pretrain, tap: Path) -> None:
    *progress, result = run(job)
    steps = [report for report in progress if isinstance(report, Progress)]
    assert [(report.done, report.total) for report in steps] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert {"total", "accuracy", "validation_accuracy"} <= set(steps[1].values)
    assert isinstance(result, Result)
    assert result.values["model"] == str(job.model)
    header = read_header(job.model)
    assert (header.kind, header.pixel_size_um, header.frame_interval_s) == ("tap", 0.5, 60.0)
    assert header.weights_digest == result.values["digest"]
    assert header.provenance["movies"] == ["cells.tif"]
    assert header.provenance["started_from"] == read_header(tap).weights_digest
    (info,) = run(Info(job.model))
    assert isinstance(info, Result)
    assert info.values["settings"] == {"crop_size": 16, "deltas": [1]}


def test_a_run_that_was_stopped_goes_on_to_the_same_model(job: Pretrain, tmp_path: Path) -> None:
    (*_, whole) = run(job)
    interrupted = replace(job, model=tmp_path / "resumed", checkpoint=tmp_path / "checkpoint")
    with closing(run(interrupted)) as reports:  # type: ignore[type-var]
        for _ in range(3):
            next(reports)
    assert not interrupted.model.exists()
    with pytest.raises(JobError, match="give --resume to go on"):
        next(run(interrupted))
    (*_, resumed) = run(replace(interrupted, resume=True))
    assert isinstance(whole, Result)
    assert isinstance(resumed, Result)
    assert resumed.values["digest"] == whole.values["digest"]
    assert not (tmp_path / "checkpoint").exists()


def test_without_a_start_the_weights_depend_on_the_seed_alone(
    job: Pretrain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cell_events.time_arrow.shipped_model", lambda: None)
    short = replace(job, epochs=1, pairs_per_epoch=2)
    for name, start in (("a", "random"), ("b", "shipped")):
        list(run(replace(short, model=tmp_path / name, start=start)))
    first, second = read_header(tmp_path / "a"), read_header(tmp_path / "b")
    assert first.weights_digest == second.weights_digest
    assert first.provenance["started_from"] == "random"


def test_a_missing_movie_or_model_is_one_sentence(job: Pretrain, tmp_path: Path) -> None:
    with pytest.raises(MovieError, match=r"none\.tif"):
        list(run(replace(job, movies=(MovieSource(tmp_path / "none.tif"),))))
    with pytest.raises(ModelFileError, match="no model file"):
        list(run(replace(job, start=str(tmp_path / "none"))))
    assert not job.model.exists()


def test_a_model_is_adapted_more_gently_than_random_weights(job: Pretrain) -> None:
    assert pretrain_settings(job).learning_rate == 3e-4
    assert pretrain_settings(replace(job, start="random")).learning_rate == 1e-3
    assert pretrain_settings(replace(job, learning_rate=0.02)).learning_rate == 0.02
