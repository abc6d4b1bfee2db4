"""Jobs as JSON and as command lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cell_events import cli, jobs
from cell_events.jobs import (
    AnomaliesDetect,
    AnomaliesTrain,
    Demo,
    Detect,
    Evaluate,
    Explain,
    Export,
    ImportTarrow,
    Info,
    Job,
    JobError,
    Measure,
    MitosisMap,
    MitosisPlan,
    MitosisTrain,
    MovieSource,
    Prepare,
    Pretrain,
    SegmentsDetect,
    SegmentsPretrain,
    SegmentsTrain,
    Train,
    Update,
)
from tests.command_line import commands_by_verb

PLAIN = MovieSource(Path("a.tif"))
READ_WITH_CARE = MovieSource(Path("my movie.zarr"), "TCZYX", "H2B", "max", 0.65, 300.0)

JOBS: list[Job] = [
    Pretrain((PLAIN,), Path("tap.safetensors")),
    Explain(PLAIN, Path("tap.safetensors"), Path("why.zarr")),
    Explain(
        READ_WITH_CARE,
        Path("model.safetensors"),
        Path("why.zarr"),
        frames="10-20,30",
        kind="death",
        layer="head.block",
        top=3,
        events=Path("events.csv"),
        crops=Path("crops"),
        sanity=True,
        device="cpu",
        seed=3,
    ),
    Pretrain(
        (READ_WITH_CARE, MovieSource(Path("b.zarr"), "TCZYX", "H2B", "max", 0.65, 300.0)),
        Path("tap.safetensors"),
        start="random",
        epochs=3,
        deltas=(1, 2),
        validation_movies=(MovieSource(Path("c.zarr"), "TCZYX", "H2B", "max", 0.65, 300.0),),
        checkpoint=Path("run.checkpoint"),
        resume=True,
        device="cpu",
        seed=7,
    ),
    Train((PLAIN,), (Path("paint.tif"),), Path("model.safetensors")),
    Train(
        (MovieSource(Path("a.tif"), channel=1, z=3), MovieSource(Path("b.tif"), channel=1, z=3)),
        (Path("pa.tif"), Path("pb.tif")),
        Path("model.safetensors"),
        tap=Path("tap.safetensors"),
        done=("0-20", "3,5-9"),
        classes=("division", "death"),
        head="linear",
        time_invariant="yes",
        features="fine-tuned",
        criterion="either",
        learning_rate=0.01,
        report=Path("report"),
        events=(Path("ea.csv"), Path("eb.csv")),
        start=Path("before.safetensors"),
        checkpoint=Path("run.checkpoint"),
    ),
    Train((PLAIN,), (), Path("model.safetensors"), events=(Path("decided.csv"),)),
    Prepare((PLAIN,), Path("features"), from_frame=12),
    Update((PLAIN,), (Path("paint.zarr"),), Path("model.safetensors")),
    Update(
        (PLAIN, MovieSource(Path("b.tif"))),
        (),
        Path("model.safetensors"),
        events=(Path("ea.csv"), Path("eb.csv")),
        csvs=(Path("a.csv"), Path("b.csv")),
        heatmaps=(Path("a.zarr"), Path("b.zarr")),
        start=Path("before.safetensors"),
        done=("0-20",),
        classes=("division", "death"),
        frame=7,
        shown_movie=1,
        cache=Path("features"),
    ),
    MitosisMap((PLAIN,)),
    MitosisMap(
        (READ_WITH_CARE,),
        Path("maps of cells"),
        choose=2,
        shrink=2,
        checkpoint=Path("run.checkpoint"),
        seed=3,
    ),
    MitosisPlan((PLAIN,), Path("plan")),
    MitosisPlan(
        (PLAIN,), Path("plan"), map=Path("mitosis"), choose=0, percentile=90.0, resolution_um=2.5
    ),
    MitosisTrain((PLAIN,), (Path("p.csv"),), ("40-57",), Path("model.safetensors")),
    MitosisTrain(
        (PLAIN, MovieSource(Path("b.tif"))),
        (Path("pa.csv"), Path("pb.csv")),
        ("40-57", "3-20"),
        Path("model.safetensors"),
        length="8",
        plan=Path("plan"),
        way="quick",
        loss="dice",
        normalisation="batch",
        patience=3,
        held_out=0.25,
        scores="mean",
        time="peak",
        fit_threshold=True,
        report=Path("report"),
    ),
    AnomaliesTrain((Path("a.csv"), Path("b.csv")), Path("m.safetensors")),
    AnomaliesTrain(
        (Path("a.csv"),),
        Path("m.safetensors"),
        past="auto",
        future=7,
        column="mass",
        logarithm=True,
        backwards=True,
        checkpoint=Path("run.checkpoint"),
    ),
    SegmentsPretrain(Path("m.safetensors")),
    SegmentsPretrain(Path("m.safetensors"), "both", steps=7, checkpoint=Path("run.checkpoint")),
    SegmentsTrain((Path("a.csv"),), (Path("l.csv"),), Path("m.safetensors")),
    SegmentsTrain(
        (Path("a.csv"), Path("b.csv")),
        (Path("la.csv"), Path("lb.csv")),
        Path("m.safetensors"),
        based_on="none",
        channels=("area", "mean, channel 1"),
        kinds=("loss", "growth arrest"),
        names="none",
        center=1.5,
        spread=2.0,
        exclusive=True,
        transfer="none",
        augmentations=("jitter", "time warp"),
        held_out=0.25,
    ),
    SegmentsDetect((Path("tracks.csv"),)),
    SegmentsDetect(
        (Path("a.csv"), Path("b.csv")),
        Path("m.safetensors"),
        Path("s.csv"),
        report=Path("report"),
        pictures=False,
        channels=("area",),
        kinds=("loss",),
        length=512,
        step=64,
        threshold=0.4,
        gap=0,
        truth=Path("truth.csv"),
        baselines=True,
    ),
    AnomaliesDetect(Path("tracks.csv")),
    AnomaliesDetect(
        Path("tracks.csv"),
        Path("m.safetensors"),
        Path("f.csv"),
        report=Path("report"),
        pictures=False,
        score="isolation forest",
        reference="whole recording",
        rule="log median mad",
        value=4.0,
        threshold=12.5,
        baselines=True,
    ),
    Measure((PLAIN,), Path("labels.tif")),
    Measure(
        (READ_WITH_CARE,),
        Path("labels.zarr"),
        Path("out.csv"),
        unit="rad",
        wavelength_um=0.532,
        refraction_increment=0.18,
        background=True,
        link="labels",
        parents=Path("res_track.txt"),
        labels_out=Path("tracked.zarr"),
    ),
    Measure(
        (PLAIN,),
        pg_per_grey=0.00823,
        gap=0,
        max_step_px=12.5,
        segment=True,
        threshold=11.0,
        min_area_px=60,
    ),
    Detect((PLAIN,), Path("m.safetensors"), Path("events.csv")),
    Detect(
        (PLAIN,),
        Path("m.safetensors"),
        Path("events.csv"),
        heatmap=Path("p.zarr"),
        frames="0-3,8",
        threshold=0.7,
        missing_chunks="fill",
    ),
    Evaluate(Path("found.csv"), Path("truth.csv")),
    Evaluate(
        Path("found.csv"),
        Path("truth.csv"),
        radius_um=6.5,
        pixel_size_um=0.65,
        frames=1,
        report=Path("report.json"),
    ),
    Export(Path("events.csv"), Path("tracks.csv"), csv=Path("out.csv")),
    Export(
        Path("events.csv"),
        Path("tracks.csv"),
        ctc=Path("res_track.txt"),
        geff=Path("tracks.geff"),
        unmatched=Path("left.csv"),
        labels=Path("labels.tif"),
        radius_px=12.5,
        frames=2,
        pixel_size_um=0.65,
        frame_interval_s=300.0,
    ),
    Info(Path("m.safetensors")),
    ImportTarrow(Path("tarrow"), Path("tap.safetensors")),
    Demo(Path("out"), seed=3),
]


def name(job: Job) -> str:
    return type(job).__name__


@pytest.mark.parametrize("job", JOBS, ids=name)
def test_a_job_comes_back_from_json(job: Job) -> None:
    assert jobs.from_json(json.loads(json.dumps(jobs.to_json(job)))) == job


@pytest.mark.parametrize("job", JOBS, ids=name)
def test_the_command_line_repeats_the_job(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Job] = []

    def keep(job: Job) -> list[jobs.Report]:
        seen.append(job)
        return [jobs.Result({})]

    monkeypatch.setattr(cli, "run", keep)
    words = jobs.to_command(job)
    assert words[0] == "cell-events"
    outcome = CliRunner().invoke(cli.app, [*words[1:], "--json"])
    assert outcome.exit_code == 0, outcome.output
    assert seen == [job]


def test_a_command_line_says_only_what_differs_from_the_defaults() -> None:
    assert jobs.to_command(Train((PLAIN,), (Path("p.tif"),), Path("m.safetensors"))) == [
        *("cell-events", "train", "a.tif"),
        *("--paint", "p.tif", "--model", "m.safetensors"),
    ]


def test_movies_read_in_different_ways_have_no_common_command_line() -> None:
    job = Pretrain((PLAIN, READ_WITH_CARE), Path("tap.safetensors"))
    with pytest.raises(JobError, match="read in different ways"):
        jobs.to_command(job)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"verb": "dance"}, "verb must be one of pretrain, train, prepare, update, mitosis map"),
        ({}, "verb must be one of"),
        ({"verb": "info"}, "job info is incomplete"),
        ({"verb": "info", "model": 3}, "model has the wrong type: 3"),
        ({"verb": "info", "model": "m", "color": "red"}, "job info has no setting 'color'"),
        ({"verb": "demo", "out": "o", "seed": True}, "seed has the wrong type"),
        (
            {"verb": "detect", "movies": ["a.tif"], "model": "m", "csv": "c"},
            "movies must be a JSON object",
        ),
    ],
)
def test_json_that_is_no_job_is_refused(values: dict[str, Any], says: str) -> None:
    with pytest.raises(JobError, match=says):
        jobs.from_json(values)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"movies": ()}, "at least one movie"),
        ({"paints": ()}, "Got no painted mask for 1 movie; give one for each"),
        ({"done": ("0-3", "4")}, "done frames once for all"),
        ({"done": ("3 to 5",)}, "must read like 0-20"),
        ({"classes": ("division", "division")}, "classes must be different names"),
        ({"head": "forest"}, "head must be one of pyramid, linear, resnet"),
        ({"features": "raw"}, "features must be one of frozen, random, fine-tuned"),
        ({"criterion": "none"}, "criterion must be one of"),
        ({"device": "tpu"}, "device must be one of auto, cuda, mps, cpu"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"validation": 1.0}, "validation must be at least 0 and less than 1"),
        ({"learning_rate": 0.0}, "learning_rate must be a positive number"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, Any], says: str) -> None:
    required = {"movies": (PLAIN,), "paints": (Path("p.tif"),), "model": Path("m")}
    with pytest.raises(JobError, match=says):
        Train(**{**required, **settings})


def test_other_jobs_refuse_what_cannot_be_meant() -> None:
    model, csv = Path("m"), Path("c")
    with pytest.raises(JobError, match="resume needs a checkpoint"):
        Pretrain((PLAIN,), model, resume=True)
    with pytest.raises(JobError, match="multiple of 8"):
        Pretrain((PLAIN,), model, crop_size=50)
    with pytest.raises(JobError, match="belongs to one movie"):
        Detect((PLAIN, READ_WITH_CARE), model, csv, heatmap=Path("h.zarr"))
    with pytest.raises(JobError, match=r"Two movies are called a\.tif"):
        Detect((PLAIN, MovieSource(Path("other/a.tif"))), model, csv)
    with pytest.raises(JobError, match=r"must end in \.csv or \.json"):
        Evaluate(csv, csv, report=Path("report.xlsx"))
    with pytest.raises(JobError, match="Got no painted mask for"):
        Update((PLAIN,), (), model)
    with pytest.raises(JobError, match="1 movies need as many heat maps, or none; got 2"):
        Update((PLAIN,), (model,), model, heatmaps=(model, model))
    with pytest.raises(JobError, match="shown_movie must be a number from 0 to 0, got 1"):
        Prepare((PLAIN,), model, shown_movie=1)
    with pytest.raises(JobError, match="z must be one of max, mean"):
        MovieSource(Path("a.tif"), z="sum")


def test_every_option_of_every_verb_is_described() -> None:
    assert set(commands_by_verb()) == set(jobs.VERBS)
    for verb, command in commands_by_verb().items():
        assert [option.name for option in command.params if not option.help] == [], verb
