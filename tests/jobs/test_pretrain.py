"""The job that learns the time arrow, end to end on a tiny movie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tifffile

from cell_events.engine.header import ModelFileError, read_header
from cell_events.jobs import Info, JobError, MovieSource, Pretrain, Progress, Result, run
from cell_events.movie import MovieError
from tests.synthetic import dividing_cells


@pytest.fixture
def movie(tmp_path: Path) -> MovieSource:
    path = tmp_path / "cells.tif"
    cells = dividing_cells(n_frames=5, size=(64, 96))[0]
    tifffile.imwrite(path, cells, metadata={"axes": "TYX"}, photometric="minisblack")
    return MovieSource(path, pixel_size_um=0.5, frame_interval_s=60.0)


def small(movie: MovieSource, model: Path, **settings: Any) -> Pretrain:
    few = {"epochs": 2, "pairs_per_epoch": 4, "batch": 2, "crop_size": 16, "start": "random"}
    return Pretrain((movie,), model, **{**few, "device": "cpu", **settings})


def test_progress_then_a_model_file_that_says_where_it_comes_from(
    movie: MovieSource, tmp_path: Path
) -> None:
    model = tmp_path / "new folder" / "tap.safetensors"
    *progress, result = run(small(movie, model))
    assert [(report.done, report.total) for report in progress if isinstance(report, Progress)] == [
        (1, 4),
        (2, 4),
        (3, 4),
        (4, 4),
    ]
    assert isinstance(progress[1], Progress)
    assert {"total", "accuracy", "validation_accuracy"} <= set(progress[1].values)
    assert isinstance(result, Result)
    assert result.values["model"] == str(model)
    header = read_header(model)
    assert (header.kind, header.pixel_size_um, header.frame_interval_s) == ("tap", 0.5, 60.0)
    assert header.weights_digest == result.values["digest"]
    assert header.provenance["movies"] == ["cells.tif"]
    assert header.provenance["started_from"] == "random"
    (info,) = run(Info(model))
    assert isinstance(info, Result)
    assert info.values["settings"] == {"crop_size": 16, "deltas": [1]}


def test_a_run_that_was_stopped_goes_on_to_the_same_model(
    movie: MovieSource, tmp_path: Path
) -> None:
    (*_, whole) = run(small(movie, tmp_path / "whole"))
    checkpoint = tmp_path / "run.checkpoint"
    stopped = run(small(movie, tmp_path / "resumed", checkpoint=checkpoint))
    for _ in range(3):
        next(stopped)
    stopped.close()  # type: ignore[attr-defined]
    assert checkpoint.exists()
    with pytest.raises(JobError, match="give --resume to go on"):
        next(run(small(movie, tmp_path / "resumed", checkpoint=checkpoint)))
    again = small(movie, tmp_path / "resumed", checkpoint=checkpoint, resume=True)
    (*_, resumed) = run(again)
    assert isinstance(whole, Result)
    assert isinstance(resumed, Result)
    assert resumed.values["digest"] == whole.values["digest"]
    assert not checkpoint.exists()


def test_training_starts_from_a_model(movie: MovieSource, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    list(run(small(movie, first, epochs=1)))
    list(run(small(movie, second, epochs=1, start=str(first), learning_rate=1e-9)))
    assert read_header(second).provenance["started_from"] == read_header(first).weights_digest
    assert read_header(second).weights_digest != read_header(first).weights_digest


def test_a_missing_movie_or_model_is_one_sentence(movie: MovieSource, tmp_path: Path) -> None:
    model = tmp_path / "tap"
    with pytest.raises(MovieError):
        list(run(small(MovieSource(tmp_path / "none.tif"), model)))
    with pytest.raises(ModelFileError):
        list(run(small(movie, model, start=str(tmp_path / "none.safetensors"))))
    assert not model.exists()
