"""Studies run on an annotated movie, go on where they were stopped, and say how they judge."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import save_model
from cell_events.events import Event, write_events
from cell_events.jobs import JobError, MovieSource, StudyLabels, StudyMitosis, StudyRecognition, run
from cell_events.jobs.options import options_of
from cell_events.jobs.study_judging import crop_metrics, event_metrics
from cell_events.jobs.study_label_rows import label_study
from cell_events.matching import Tolerance
from cell_events.recognition.report import RecognitionReport
from cell_events.time_arrow.pretrain import initial_network
from cell_events.trust.study_table import read_study_csv
from tests.jobs.conftest import SMALL
from tests.jobs.painted import write_painted
from tests.jobs.simulated import finish, stages

MARK = 0.123


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    write_painted(folder)
    save_model(folder / "tap", initial_network(0, **SMALL), ModelHeader("tap", "time_arrow", SMALL))
    write_events(folder / "one.csv", [Event(5, 30, 40, "division")])
    return folder


def labels(folder: Path, **changes: Any) -> StudyLabels:
    small = StudyLabels(
        (MovieSource(folder / "cells.tif"),),
        (folder / "paint.tif",),
        folder / "labels",
        done=("0-9",),
        truth=folder / "truth.csv",
        ways=("time arrow", "random"),
        counts=(2, 4),
        tap=folder / "tap",
        crop_size=32,
        steps=2,
        end_to_end_steps=1,
        batch=4,
        rehearsals=1,
        seeds=1,
        device="cpu",
    )
    return replace(small, **changes)


def recognition(folder: Path, **changes: Any) -> StudyRecognition:
    small = StudyRecognition(
        (MovieSource(folder / "cells.tif"),),
        (folder / "paint.tif",),
        folder / "recognition",
        tables=("strategies", "content-view"),
        strategies=("A0", "ours"),
        done=("0-9",),
        tap=folder / "tap",
        crop_size=32,
        steps=2,
        fine_tuned_steps=1,
        batch=4,
        view_size=32,
        view_pairs=4,
        seeds=1,
        device="cpu",
    )
    return replace(small, **changes)


def mitosis(folder: Path, **changes: Any) -> StudyMitosis:
    small = StudyMitosis(
        (MovieSource(folder / "cells.tif"),),
        (folder / "truth.csv",),
        folder / "mitosis",
        tap=folder / "tap",
        annotated="1-9",
        lengths=(3, 6),
        frames=(4,),
        steps=2,
        shrink=4,
        seeds=1,
        device="cpu",
    )
    return replace(small, **changes)


def mark_finished_rows(study: Path) -> int:
    """Change what was measured, so that one sees whether it is measured again."""
    files = list((study / "rows").iterdir())
    for file in files:
        stored = json.loads(file.read_text())
        stored["values"] = dict.fromkeys(stored["values"], MARK)
        file.write_text(json.dumps(stored))
    return len(files)


def test_options_that_studies_share_are_explained_where_a_study_does_not_do_so_itself() -> None:
    told = {one.field: one.description for one in options_of("study labels", StudyLabels)}
    assert told["batch"] == "Crop pairs in one training step."
    assert told["seeds"].endswith("and other events to learn from.")
    assert all(told.values())


def test_label_efficiency_goes_on_with_what_is_missing(folder: Path) -> None:
    progress, values = finish(labels(folder))
    assert values["measurements"] == 4
    assert progress[0].then == (
        "label-efficiency: random, 2 events, seed 0",
        "label-efficiency: time arrow, 4 events, seed 0",
        "label-efficiency: random, 4 events, seed 0",
    )
    assert mark_finished_rows(folder / "labels") == 4
    progress, values = finish(labels(folder, ways=("time arrow", "end to end"), counts=(2,)))
    assert {stage.partition(", seed")[0] for stage in stages(progress)} == {
        "label-efficiency: end to end, 2 events"
    }
    table = read_study_csv(folder / "labels" / "label-efficiency.csv").set_index(["row", "metric"])
    assert table.loc[("time arrow, 2 events", "AP of events"), "mean"] == MARK
    assert 0 <= table.loc[("end to end, 2 events", "AP of events"), "mean"] <= 1
    page = (folder / "labels" / "index.html").read_text("utf-8")
    assert "share no pixel. 11 events to learn, 7 to find. One event more or less changes" in page
    assert "recall by 0.14" in page


def test_a_study_that_was_stopped_can_be_read(folder: Path) -> None:
    out = folder / "stopped"
    reports = run(labels(folder, out=out, ways=("random",), counts=(2,), seeds=2))
    while not (out / "index.html").exists():
        next(reports)
    reports.close()
    page = (out / "index.html").read_text("utf-8")
    assert "1 of 2 measurements are done" in page
    assert "The same command goes on with the others." in page
    finish(labels(folder, out=out, ways=("random",), counts=(2,), seeds=2))
    page = (out / "index.html").read_text("utf-8")
    assert "2 of 2 measurements are done" in page
    assert "The same command" not in page


def test_larger_sets_of_events_hold_the_smaller_ones_and_differ_between_seeds(folder: Path) -> None:
    study = label_study(labels(folder, counts=()))
    assert study.counts() == [2, 4, 8, 11]
    sets = [study.chosen(count, 0) for count in (2, 8, 11)]
    assert [len(one) for one in sets] == [2, 8, 11]
    assert sets[0] < sets[1] < sets[2]
    assert len({study.chosen(2, seed) for seed in range(5)}) > 1


def test_strategies_and_content_views_are_compared_on_a_part_that_is_not_learned(
    folder: Path,
) -> None:
    _, values = finish(recognition(folder))
    assert values["measurements"] == 7
    out = folder / "recognition"
    strategies = read_study_csv(out / "strategies.csv")
    assert list(strategies["row"].unique()) == ["A0", "ours"]
    assert {"accuracy", "F1", "AP of events", "F1 of events"} <= set(strategies["metric"])
    assert strategies["mean"].between(0, 1).all()
    views = read_study_csv(out / "content-view.csv")["row"].tolist()
    assert views[0] == "32 px, resolution 1"
    assert len(views) == 5
    assert (out / "content-view-crops.png").read_bytes().startswith(b"\x89PNG")
    assert str(out / "content-view-crops.png") in values["written"]
    page = (out / "index.html").read_text("utf-8")
    assert "share no pixel" in page
    assert "leaks" not in page


def test_random_crops_are_judged_but_the_page_says_that_they_leak(folder: Path) -> None:
    job = recognition(
        folder, split="random", tables=("strategies",), strategies=("A0",), out=folder / "random"
    )
    finish(job)
    table = read_study_csv(folder / "random" / "strategies.csv")
    assert set(table["metric"]) == {"accuracy", "precision", "recall", "F1"}
    page = (folder / "random" / "index.html").read_text("utf-8")
    assert '<p class="warning">This split leaks' in page
    assert "share no pixel" not in page


def test_criteria_that_leave_nothing_are_named_and_the_others_measured(folder: Path) -> None:
    job = recognition(folder, tables=("criteria",), out=folder / "criteria")
    few = tifffile.imread(folder / "paint.tif")
    few[:, np.arange(few.shape[1]) % 3 > 0] = 0  # leaves less than 40 pixels of each event
    few[:, :, np.arange(few.shape[2]) % 3 > 0] = 0
    tifffile.imwrite(folder / "few.tif", few, metadata={"axes": "TYX"}, photometric="minisblack")
    job = replace(job, paints=(folder / "few.tif",), truth=folder / "truth.csv")
    _, values = finish(job)
    assert values["measurements"] == 2
    table = read_study_csv(folder / "criteria" / "criteria.csv").set_index(["row", "metric"])
    assert table.loc[("both, any size", "F1"), "n"] == 1
    assert table.loc[("both, size filter", "F1"), "n"] == 0
    page = (folder / "criteria" / "index.html").read_text("utf-8")
    assert "Not measured. criteria: both, size filter, seed 0" in page


def test_lengths_above_the_number_of_frames_are_left_out(folder: Path) -> None:
    _, values = finish(mitosis(folder))
    assert values["measurements"] == 1
    table = read_study_csv(folder / "mitosis" / "mitosis-lengths.csv")
    assert set(table["row"]) == {"k = 3, 4 frames"}
    assert "F1, 3 frames" in set(table["metric"])
    assert mark_finished_rows(folder / "mitosis") == 1
    finish(mitosis(folder, frames=(4, 6), lengths=(3,)))
    table = read_study_csv(folder / "mitosis" / "mitosis-lengths.csv").set_index(["row", "metric"])
    assert table.loc[("k = 3, 4 frames", "F1, 1 frame"), "mean"] == MARK
    assert table.loc[("k = 3, 6 frames", "F1, 1 frame"), "mean"] != MARK


def test_another_study_in_the_same_folder_is_refused(folder: Path) -> None:
    out = folder / "taken"
    finish(labels(folder, out=out, ways=("random",), counts=(2,)))
    with pytest.raises(ValueError, match="steps is 2 there, 3 here"):
        finish(labels(folder, out=out, steps=3))
    with pytest.raises(
        ValueError, match=r"other settings \(study is 'labels' there, 'mitosis' here"
    ):
        finish(mitosis(folder, out=out))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"done": ()}, "No two frames 1 apart are marked as done"),
        ({"truth": Path("one.csv")}, "happen in the done frames: 1; a study"),
        ({"done": ("0-1",)}, "painted in both frames of a pair: 1; paint at least 2"),
        ({"held_out": 0.0}, "held_out must be above 0"),
        ({"ways": ("guessing",)}, "ways must be one of time arrow, random, end to end"),
        ({"counts": (0,)}, "counts must be at least 1"),
        ({"paints": ()}, "painted mask of its movie; got 0"),
        ({"seeds": 0}, "seeds must be at least 1"),
    ],
)
def test_label_studies_that_cannot_be_meant_are_refused(
    folder: Path, changes: dict[str, Any], sentence: str
) -> None:
    if "truth" in changes:
        changes = {"truth": folder / changes["truth"]}
    with pytest.raises(JobError, match=sentence):
        finish(labels(folder, out=folder / "refused", **changes))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tables": ("table 2",)}, "tables must be one of strategies"),
        ({"strategies": ("D0",)}, "strategies must be one of A0"),
        ({"held_out": 0.0}, "held_out must be above 0"),
        ({"device": "tpu"}, "device must be one of"),
        ({"view_size": 40}, "view_size must be a multiple of 16"),
        ({"split": "halves"}, "split must be one of blocks, random"),
    ],
)
def test_recognition_studies_that_cannot_be_meant_are_refused(
    folder: Path, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(JobError, match=sentence):
        recognition(folder, **changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"frames": (12,)}, "12 frames cannot be learned from, as 9 are annotated"),
        ({"lengths": (8,)}, "The smallest length, 8, is above the largest number of frames, 4"),
        ({"points": ()}, "one CSV of points; got 0"),
        ({"kind": "death"}, "no points of kind 'death'"),
    ],
)
def test_mitosis_studies_that_cannot_be_meant_are_refused(
    folder: Path, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(JobError, match=sentence):
        finish(mitosis(folder, out=folder / "refused", **changes))


def test_crop_metrics_are_those_of_the_confusion_matrix() -> None:
    label = np.array([0, 0, 0, 1, 1, 1])
    found = np.array([0, 0, 1, 1, 1, 0])
    report = RecognitionReport(
        ("division",), label * 0, label * 0, label, np.eye(2, dtype=np.float32)[found]
    )
    third = pytest.approx(2 / 3)
    expected = {"accuracy": third, "precision": third, "recall": third, "F1": third}
    assert crop_metrics(report) == expected


def test_event_metrics_count_sure_events_and_rank_all() -> None:
    truth = [Event(1, 10, 10, "division"), Event(3, 50, 50, "division")]
    found = [
        Event(1, 12, 10, "division", score=0.9),
        Event(5, 90, 90, "division", score=0.8),
        Event(3, 50, 52, "division", score=0.2),
    ]
    measured = event_metrics(found, truth, Tolerance(10, 1))
    assert measured == {
        "AP of events": pytest.approx((1 + 2 / 3) / 2),
        "F1 of events": 0.5,
        "precision of events": 0.5,
        "recall of events": 0.5,
    }
    assert set(event_metrics([], truth, Tolerance(10, 1)).values()) == {0.0}
