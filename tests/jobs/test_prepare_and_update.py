"""The jobs that make paint a result within seconds, end to end on a tiny movie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr

from cell_events.engine.header import read_header
from cell_events.events import read_events, write_events
from cell_events.jobs import Detect, MovieSource, Prepare, Progress, Result, Update, kept, run
from cell_events.recognition import painted_pairs
from cell_events.time_arrow.features import DenseFeatures


def finish(job: Any) -> tuple[list[Progress], dict[str, Any]]:
    *progress, result = run(job)
    assert isinstance(result, Result)
    return [report for report in progress if isinstance(report, Progress)], dict(result.values)


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept from another test."""
    monkeypatch.setattr(kept, "_kept", {})
    kept.recent_frames.cache_clear()


@pytest.fixture
def update(movie: MovieSource, paint: Path, tap: Path, tmp_path: Path) -> Update:
    return Update(
        (movie,),
        (paint,),
        tmp_path / "model.safetensors",
        csvs=(tmp_path / "events.csv",),
        heatmaps=(tmp_path / "scores.zarr",),
        tap=tap,
        done=("0-7",),
        crop_size=24,
        steps=30,
        frame=4,
        device="cpu",
    )


def test_an_update_writes_a_model_scores_and_events(update: Update, truth: Path) -> None:
    progress, values = finish(update)
    stages = list(dict.fromkeys(report.stage for report in progress))
    assert stages == ["read the painted places", "learn the painted events", "predict"]
    frames = [report.values["frame"] for report in progress if report.stage == "predict"]
    assert frames == [4, 5, 3, 6, 2, 7, 1]
    assert read_header(update.model).weights_digest == values["digest"]
    scores = zarr.open_array(str(update.heatmaps[0]), mode="r")
    assert (scores.shape, scores.dtype) == ((8, 1, 24, 24), np.uint8)
    assert dict(scores.attrs)["offset_px"] == 1.5
    assert values["events"] == len(read_events(update.csvs[0]))
    event = read_events(truth)[-1]
    around = scores[event.t, 0][int(event.y) // 4 - 1 :, int(event.x) // 4 - 1 :][:3, :3]
    assert around.max() > 100


def test_a_frame_is_on_disk_when_it_is_reported(update: Update) -> None:
    reports = run(update)
    for report in reports:
        if isinstance(report, Progress) and report.stage == "predict":
            break
    chunks = update.heatmaps[0]
    assert [file.name for file in chunks.glob("c.*")] == ["c.4.0.0.0"]
    reports.close()
    assert update.model.exists()
    assert not update.csvs[0].exists()
    finish(update)  # the unfinished heat map is replaced
    assert len(list(chunks.glob("c.*"))) == 7


def test_the_model_of_an_update_serves_detection(update: Update, tmp_path: Path) -> None:
    finish(update)
    csv = tmp_path / "detected.csv"
    finish(Detect(update.movies, update.model, csv, threshold=0.3, device="cpu"))
    assert csv.exists()


def test_an_update_goes_on_from_a_model_that_fits(update: Update, tap: Path) -> None:
    assert finish(update)[1]["went_on"] is False
    again = replace(update, start=update.model, model=update.model.with_name("next.safetensors"))
    assert finish(again)[1]["went_on"] is True
    assert finish(replace(again, classes=("division", "death")))[1]["went_on"] is False


def test_prepared_frames_are_not_computed_again(
    update: Update, movie: MovieSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "features"
    prepare = Prepare((movie,), cache, update.tap, crop_size=24, from_frame=3, device="cpu")
    progress, values = finish(prepare)
    assert [report.values["frame"] for report in progress] == [3, 4, 2, 5, 1, 6, 0, 7]
    assert values["frames"] == 8
    monkeypatch.setattr(kept, "_kept", {})
    kept.recent_frames.cache_clear()
    monkeypatch.setattr(DenseFeatures, "compute_window", lambda *_: pytest.fail("computed again"))
    finish(replace(update, cache=cache))


def test_only_pairs_whose_paint_has_changed_are_labelled_again(
    update: Update, paint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    labels = tifffile.imread(paint)
    array = zarr.create_array(
        str(tmp_path / "p.zarr"), shape=labels.shape, chunks=(1, 96, 96), dtype="uint8"
    )
    array[:] = labels
    job = replace(update, paints=(tmp_path / "p.zarr",))
    finish(job)
    labelled: list[int] = []
    real = painted_pairs.PaintedPairs._labelled
    monkeypatch.setattr(
        painted_pairs.PaintedPairs,
        "_labelled",
        lambda self, t, *rest: labelled.append(t) or real(self, t, *rest),
    )
    finish(job)
    assert labelled == []
    array[3, :4, :4] = 255
    finish(job)
    assert labelled == [2, 3]


def test_decisions_alone_are_enough(update: Update, truth: Path, tmp_path: Path) -> None:
    happened = [replace(event, status="accepted") for event in read_events(truth)]
    rejected = [replace(event, x=(event.x + 48) % 96, status="rejected") for event in happened]
    decided = tmp_path / "decided.csv"
    write_events(decided, [*happened, *rejected])
    _, values = finish(replace(update, paints=(), done=(), events=(decided,)))
    assert min(values["trained_on"].values()) > 0


def test_several_movies_and_classes_learn_together(update: Update, tmp_path: Path) -> None:
    first = update.movies[0]
    other = replace(first, path=tmp_path / "other.tif")
    other.path.write_bytes(first.path.read_bytes())
    job = replace(
        update,
        movies=(first, other),
        paints=(*update.paints, *update.paints),
        csvs=(tmp_path / "a.csv", tmp_path / "b.csv"),
        heatmaps=(tmp_path / "a.zarr", tmp_path / "b.zarr"),
        classes=("division", "death"),
        shown_movie=1,
    )
    progress, _ = finish(job)
    movies = [report.values["movie"] for report in progress if report.stage == "predict"]
    assert movies == [1] * 7 + [0] * 7
    assert all(path.exists() for path in (*job.csvs, *job.heatmaps))
    assert zarr.open_array(str(job.heatmaps[0]), mode="r").shape == (8, 2, 24, 24)


def test_a_folder_of_something_else_is_not_overwritten(update: Update) -> None:
    update.heatmaps[0].mkdir()
    (update.heatmaps[0] / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match="is no heat map on a grid"):
        finish(update)
    assert (update.heatmaps[0] / "thesis.txt").exists()
