"""The jobs `segments pretrain`, `segments train` and `segments detect`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
import torch
from typer.testing import CliRunner

from cell_events import cli
from cell_events.engine.header import read_header
from cell_events.engine.model_file import save_model
from cell_events.jobs import (
    Job,
    JobError,
    Progress,
    Result,
    SegmentsDetect,
    SegmentsPretrain,
    SegmentsTrain,
    run,
)
from cell_events.jobs.segments_tables import labelled_series
from cell_events.jobs.segments_thresholds import held_out_thresholds
from cell_events.series.segment_tables import read_segments
from cell_events.series.series_file import load_series_network
from cell_events.series.transfer import SeriesNetwork

POINTS = 60
SEEN = ("1", "2", "3", "4", "5", "6", "7", "8")


def result(job: Job) -> dict[str, Any]:
    *reports, last = run(job)
    assert all(isinstance(report, Progress) for report in reports)
    assert isinstance(last, Result)
    return dict(last.values)


def curves() -> pd.DataFrame:
    """Ten curves; each makes a step up for ten points, the tenth never."""
    random = np.random.default_rng(0)
    rows = []
    for number in range(1, 11):
        values = random.normal(0, 0.1, POINTS)
        if number < 10:
            values[begin(number) : begin(number) + 10] += 3
        rows.append(pd.DataFrame({"track_id": number, "t": range(POINTS), "mass": values}))
    return pd.concat(rows)


def begin(number: int) -> int:
    return 5 + 4 * number


def labels(numbers: tuple[str, ...]) -> str:
    rows = [f"{n},step,{begin(int(n))},{begin(int(n)) + 9}" for n in numbers]
    return "series,kind,start,end\n" + "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with curves.csv, labels.csv, truth.csv and two models."""
    folder = tmp_path_factory.mktemp("segments")
    curves().to_csv(folder / "curves.csv", index=False)
    (folder / "labels.csv").write_text(labels(SEEN), "utf-8")
    (folder / "truth.csv").write_text(labels((*SEEN, "9")), "utf-8")
    pretrain = SegmentsPretrain(folder / "pre.safetensors", steps=2, batch=4, held_out=4)
    assert result(pretrain)["curves"] == 8
    learned = result(train_job(folder, steps=60, learning_rate=3e-3, center=0.0, spread=1.0))
    assert learned["stretches"] == {"step": 8}
    return folder


def train_job(folder: Path, **settings: Any) -> SegmentsTrain:
    values = {"based_on": "none", "batch": 8, **settings}
    model = values.pop("model", folder / "m.safetensors")
    return SegmentsTrain((folder / "curves.csv",), (folder / "labels.csv",), model, **values)


def detect_job(folder: Path, out: Path, **settings: Any) -> SegmentsDetect:
    values = {"model": folder / "m.safetensors", **settings}
    return SegmentsDetect((folder / "curves.csv",), csv=out / "segments.csv", **values)


def test_what_was_learned_is_found_in_a_curve_that_was_not_learned_from(
    folder: Path, tmp_path: Path
) -> None:
    told = result(detect_job(folder, tmp_path))
    segments = read_segments(tmp_path / "segments.csv")
    (ninth,) = (one for one in segments if one.series == "9")
    assert ninth.kind == "step"
    assert abs(ninth.start - begin(9)) <= 1
    assert abs(ninth.end - begin(9) - 9) <= 1
    assert 0.5 < ninth.probability <= ninth.score <= 1
    assert not [one for one in segments if one.series == "10"]
    assert told["stretches"] == len(segments)
    assert told["series"] == 10


def test_the_report_holds_numbers_stretches_and_curves(folder: Path, tmp_path: Path) -> None:
    job = detect_job(
        folder, tmp_path, report=tmp_path / "r", truth=folder / "truth.csv", baselines=True
    )
    told = result(job)
    report = json.loads((tmp_path / "r" / "report.json").read_text("utf-8"))
    assert report["kinds"] == {"step": told["stretches"]}
    assert (tmp_path / "r" / "curves_01.png").stat().st_size > 10_000
    assert read_segments(tmp_path / "r" / "segments.csv") == read_segments(job.csv)
    quality = {(row["score"], row["kind"]): row for row in report["quality"]}
    assert quality["model", "step"]["iou"] > 0.8
    assert quality["random", "any kind"]["iou"] < 0.5
    assert {name for name, _ in quality} == {
        "model",
        "random",
        "moving z-score",
        "difference z-score",
    }


def test_the_model_file_says_how_it_is_to_be_used(folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "given.safetensors"
    result(train_job(folder, model=model, steps=1, length=32, step=16, center=1.0, spread=2.0))
    header = read_header(model)
    assert header.classes == ("step",)
    assert header.settings["points"] == 32
    assert header.normalisation == {"kind": "given", "center": 1.0, "spread": 2.0}
    report = detect_job(folder, tmp_path, model=model, report=tmp_path / "r", pictures=False)
    result(report)
    told = json.loads((tmp_path / "r" / "report.json").read_text("utf-8"))
    assert told["snapshot"] == {"points": 32, "step": 16}


def test_thresholds_are_fitted_to_series_that_were_held_out(folder: Path) -> None:
    job = train_job(folder, center=0.0, spread=1.0)
    network = cast(SeriesNetwork, NeverSure().eval())
    assert held_out_thresholds(job, network, labelled_series(job)) == {"step": 0.2}


class NeverSure(torch.nn.Module):
    """Says 0.22 where values are high, 0.12 elsewhere."""

    channels, classes = 1, 1

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.where(x > 1.5, 0.22, 0.12)

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        return logits


def test_detection_takes_the_thresholds_of_the_model_unless_told(
    folder: Path, tmp_path: Path
) -> None:
    network, header = load_series_network(folder / "m.safetensors")
    fitted = replace(header, settings={**header.settings, "thresholds": {"step": 0.9999}})
    save_model(tmp_path / "fitted.safetensors", network, fitted)
    told = result(detect_job(folder, tmp_path, model=tmp_path / "fitted.safetensors"))
    assert told["thresholds"] == {"step": 0.9999}
    assert told["stretches"] == 0
    assert "reaches its threshold, 0.9999 or more" in told["notes"][0]
    asked = detect_job(folder, tmp_path, model=tmp_path / "fitted.safetensors", threshold=0.4)
    assert result(asked)["thresholds"] == {"step": 0.4}
    assert result(asked)["stretches"] >= 9


def test_what_most_series_share_is_left_out_on_request(folder: Path, tmp_path: Path) -> None:
    table = curves()
    table["t"] = table.groupby("track_id").cumcount()
    usual = table[table["track_id"] == 8]["mass"].to_numpy()
    for number in range(3, 10):
        table.loc[table["track_id"] == number, "mass"] = usual
    table.to_csv(tmp_path / "alike.csv", index=False)
    job = SegmentsDetect(
        (tmp_path / "alike.csv",), folder / "m.safetensors", tmp_path / "segments.csv", shared=0.5
    )
    told = result(job)
    assert {one.series for one in read_segments(job.csv)} == {"1", "2"}
    assert told["notes"] == ["7 stretches are left out, which too many series share."]


def test_without_series_held_out_the_threshold_is_a_half(folder: Path, tmp_path: Path) -> None:
    assert result(detect_job(folder, tmp_path))["thresholds"] == {"step": 0.5}


def test_training_goes_on_from_a_model_for_other_kinds(folder: Path, tmp_path: Path) -> None:
    learned = result(
        train_job(
            folder,
            model=tmp_path / "m.safetensors",
            based_on=str(folder / "pre.safetensors"),
            steps=2,
            held_out=0.25,
            augmentations=("jitter",),
        )
    )
    assert learned["series"] == 8
    assert "iou" in learned["validation"]


def test_two_channels_make_a_munet(folder: Path, tmp_path: Path) -> None:
    table = curves()
    table["area"] = table["mass"] * 2
    table.to_csv(tmp_path / "curves.csv", index=False)
    (tmp_path / "labels.csv").write_text(labels(SEEN), "utf-8")
    model = tmp_path / "m.safetensors"
    pre = str(folder / "pre.safetensors")
    learned = result(train_job(tmp_path, model=model, based_on=pre, steps=1, batch=2))
    assert learned["channels"] == ["mass", "area"]
    assert read_header(model).architecture == "series_munet"
    with pytest.raises(ValueError, match="reads 2 channels, and the table has 1: mass"):
        result(detect_job(folder, tmp_path, model=model))


def test_a_single_series_is_held_out_in_its_last_part(folder: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    pd.DataFrame({"time": range(400), "cars": random.normal(size=400)}).to_csv(
        tmp_path / "ramp.csv", index=False
    )
    (tmp_path / "l.csv").write_text("kind,start,end\ngame,10,40\ngame,330,380\n", "utf-8")
    job = SegmentsTrain(
        (tmp_path / "ramp.csv",),
        (tmp_path / "l.csv",),
        tmp_path / "m.safetensors",
        based_on="none",
        length=100,
        steps=1,
        held_out=0.5,
    )
    learned = result(job)
    assert learned["snapshots"] == 5
    assert learned["stretches"] == {"game": 2}


def test_stretches_of_two_tables_tell_which_one(folder: Path, tmp_path: Path) -> None:
    both = (folder / "curves.csv", tmp_path / "again.csv")
    curves().to_csv(both[1], index=False)
    job = SegmentsDetect(both, folder / "m.safetensors", tmp_path / "s.csv", report=tmp_path / "r")
    result(job)
    found = read_segments(tmp_path / "s.csv")
    assert {one.extra["table"] for one in found} == {"curves", "again"}


def test_labels_of_several_tables_must_say_which(folder: Path, tmp_path: Path) -> None:
    curves().to_csv(tmp_path / "again.csv", index=False)
    both = (folder / "curves.csv", tmp_path / "again.csv")
    job = SegmentsTrain(both, (folder / "labels.csv",), tmp_path / "m.safetensors")
    with pytest.raises(ValueError, match="Several tables have a series 1"):
        result(SegmentsTrain(both, job.labels, job.model, based_on="none", steps=1))


def test_a_measured_mass_is_looked_at_where_nothing_else_is_asked_for(
    folder: Path, tmp_path: Path
) -> None:
    table = curves().rename(columns={"mass": "dry_mass_pg"}).assign(area_um2=1.0)
    table.to_csv(tmp_path / "tracks.csv", index=False)
    model, csv = folder / "m.safetensors", tmp_path / "s.csv"
    told = result(SegmentsDetect((tmp_path / "tracks.csv",), model, csv))
    assert told["notes"] == [
        "The model has learned from mass, and these series are of dry_mass_pg."
    ]
    assert "9" in {one.series for one in read_segments(csv)}


BAD_LABELS: list[tuple[str, dict[str, Any], str]] = [
    ("series,kind,start,end\n99,step,1,2\n", {}, "labels of series '99', which is not there"),
    ("series,kind,start,end\n1,step,900,901\n", {}, "holds no point of series 1"),
    ("series,kind,start,end\n1,normal,,\n", {}, "no label of an abnormal stretch"),
    (labels(SEEN), {"kinds": ("loss",)}, "no label of the kind 'loss' .* are of step"),
    (labels(SEEN), {"channels": ("area",)}, "There is no column 'area'"),
    (labels(SEEN), {"augmentations": ("odd",)}, "There is no augmentation 'odd'"),
]


@pytest.mark.parametrize(("text", "settings", "sentence"), BAD_LABELS)
def test_labels_that_cannot_be_learned_from_are_refused(
    folder: Path, tmp_path: Path, text: str, settings: dict[str, Any], sentence: str
) -> None:
    (tmp_path / "l.csv").write_text(text, "utf-8")
    job = SegmentsTrain(
        (folder / "curves.csv",),
        (tmp_path / "l.csv",),
        tmp_path / "m.safetensors",
        based_on="none",
        **settings,
    )
    with pytest.raises(ValueError, match=sentence):
        result(job)


BAD_SETTINGS: list[tuple[Callable[[], Job], str]] = [
    (lambda: SegmentsDetect(()), "Give at least one table of series"),
    (lambda: SegmentsDetect((Path("a"),), threshold=1.0), "threshold must lie between 0 and 1"),
    (lambda: SegmentsDetect((Path("a"),), length=32, step=33), "step must be at most the length"),
    (lambda: SegmentsDetect((Path("a"),), center=1.0), "center and spread make one scale"),
    (lambda: SegmentsDetect((Path("a"),), baselines=True), "give a CSV of known stretches"),
    (
        lambda: SegmentsTrain((Path("a"),) * 3, (Path("l"),) * 2, Path("m")),
        "one for each, got 2",
    ),
    (
        lambda: SegmentsTrain(
            (Path("a"),), (Path("l"),), Path("m"), based_on="none", transfer="freeze"
        ),
        "training starts from nothing",
    ),
    (lambda: SegmentsPretrain(Path("m"), curves="odd"), "curves must be one of"),
]


@pytest.mark.parametrize(("make", "sentence"), BAD_SETTINGS)
def test_settings_that_cannot_be_meant_are_refused(make: Callable[[], Job], sentence: str) -> None:
    with pytest.raises(JobError, match=sentence):
        make()


def test_a_model_of_another_kind_is_refused_in_one_sentence(folder: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(
        cli.app,
        [
            *("segments", "detect", str(folder / "curves.csv"), "--csv", str(tmp_path / "s.csv")),
            *("--model", str(Path(cli.__file__).parent / "models" / "time_arrow.safetensors")),
        ],
    )
    assert told.exit_code == 2
    assert "expected one for series" in told.stderr


@pytest.mark.parametrize(
    ("settings", "channels", "transfer"),
    [
        ({}, 1, "none"),
        ({}, 3, "freeze"),
        ({"network": "munet"}, 1, "freeze"),
        ({"network": "unet"}, 3, "none"),
        ({"based_on": "none"}, 3, "none"),
        ({"transfer": "rates"}, 1, "rates"),
    ],
)
def test_what_was_learned_before_is_kept_as_was_best_for_the_network(
    settings: dict[str, Any], channels: int, transfer: str
) -> None:
    job = SegmentsTrain((Path("a"),), (Path("l"),), Path("m"), **settings)
    assert job.settled_transfer(channels) == transfer
