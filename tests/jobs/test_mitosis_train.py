"""Learning from points and finding mitoses, as jobs and as a user does it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import zarr
from numpy.typing import NDArray
from typer.testing import CliRunner

from cell_events import cli
from cell_events.engine.header import ModelFileError, ModelHeader, read_header
from cell_events.engine.model_file import network_digest, save_model
from cell_events.events import Event, read_events, write_events
from cell_events.jobs import (
    Detect,
    JobError,
    MitosisTrain,
    MovieSource,
    Progress,
    mitosis_training,
    run,
    to_command,
)
from cell_events.jobs.cell_map_folder import StoredMasks
from cell_events.jobs.detect_mitoses import inside
from cell_events.jobs.mitosis_ways import PAPER, QUICK, WAYS
from cell_events.jobs.trained_mitosis import train_settings
from cell_events.mitosis.shrink_choice import object_width_px
from cell_events.mitosis.train_settings import MitosisTrainSettings, quick_settings
from cell_events.time_arrow.network import TimeArrowNetwork
from tests.jobs.simulated import FRAMES, finish, stages, write_simulated


@pytest.fixture
def movie(tmp_path: Path) -> MovieSource:
    return write_simulated(tmp_path)


@pytest.fixture
def train(movie: MovieSource, tmp_path: Path) -> MitosisTrain:
    return MitosisTrain(
        (movie,),
        (tmp_path / "points.csv",),
        (FRAMES,),
        tmp_path / "model.safetensors",
        length="4",
        steps=6,
        shrink=4,
        checkpoint_every=2,
        device="cpu",
    )


def write_plan(folder: Path, source: MovieSource, places: int = 24, **changes: object) -> Path:
    """A plan as `mitosis plan` writes it, as far as training reads it."""
    opened = source.open()
    digests = {"digest": "d1", "map_digest": "d0", "fingerprint": opened.fingerprint}
    values = {"length": 5, "shrink": 4, "movie": opened.name, **digests, **changes}
    folder.mkdir()
    (folder / "plan.json").write_text(json.dumps(values))
    events = np.zeros((opened.n_frames, 1, places, places), np.uint8)
    events[6, 0, 3, 3] = 255
    zarr.save_array(str(folder / "events.zarr"), events)
    return folder


def test_what_was_learned_is_found_by_detect_and_judged_by_evaluate(
    train: MitosisTrain, tmp_path: Path
) -> None:
    model, csv, heat = (str(tmp_path / name) for name in ("m.safetensors", "e.csv", "heat.zarr"))
    cells, points, truth = (
        str(tmp_path / name) for name in ("cells.tif", "points.csv", "truth.csv")
    )
    learn = [*("mitosis", "train", cells, "--points", points, "--frames", FRAMES, "--shrink", "4")]
    learn += [*("--length", "4", "--steps", "60", "--learning-rate", "0.005")]
    learn += [*("--loss", "dice", "--model", model, "--device", "cpu")]
    find = ["detect", cells, "--model", model, "--csv", csv, "--heatmap", heat, "--device", "cpu"]
    for words in (learn, find, ["evaluate", csv, truth], ["info", model]):
        outcome = CliRunner().invoke(cli.app, [*words, "--json"])
        assert outcome.exit_code == 0, outcome.output
    assert json.loads(outcome.stdout)["result"]["kind"] == "mitosis"
    events = read_events(csv)
    assert {event.kind for event in events} <= {"division"}
    scores = zarr.open_array(heat, mode="r")
    assert (scores.shape, scores.attrs["step_px"]) == ((20, 1, 24, 24), 4)


def test_training_tells_of_each_step_and_writes_where_the_model_comes_from(
    train: MitosisTrain,
) -> None:
    progress, values = finish(train)
    assert [(report.done, report.total) for report in progress] == [(n, 6) for n in range(1, 7)]
    assert stages(progress) == ["learn from the points"]
    header = read_header(train.model)
    assert (header.kind, header.classes, header.pixel_size_um) == ("mitosis", ("division",), 0.5)
    assert (header.settings["length"], header.settings["shrink"]) == (4, 4)
    assert header.weights_digest == values["digest"]
    assert header.provenance["movies"] == ["cells.tif"]
    assert header.provenance["frames"] == values["frames"] == [FRAMES]
    assert header.provenance["points"] == [len(read_events(train.points[0]))]
    assert header.provenance["learned_with"]["steps"] == 6


def test_a_detector_on_features_holds_all_that_detect_needs(
    train: MitosisTrain, movie: MovieSource, tmp_path: Path
) -> None:
    tap = tmp_path / "tap.safetensors"
    network = TimeArrowNetwork(width=8, features=8)
    save_model(tap, network, ModelHeader("tap", "time_arrow", {"width": 8, "features": 8}))
    train = replace(train, features="time-arrow", tap=tap)
    finish(train)
    tap.unlink()
    header = read_header(train.model)
    assert header.arguments["channels"] == 8
    assert header.provenance["features_digest"] == network_digest(network)
    finish(Detect((movie,), train.model, tmp_path / "e.csv", threshold=0.05, device="cpu"))
    assert (tmp_path / "e.csv").exists()


def test_points_of_another_kind_are_called_so_when_found(train: MitosisTrain) -> None:
    events = read_events(train.points[0])
    write_events(train.points[0], [replace(event, kind="death") for event in events])
    finish(replace(train, kind="death"))
    assert read_header(train.model).classes == ("death",)


def test_a_run_that_was_interrupted_goes_on_bit_by_bit(train: MitosisTrain, tmp_path: Path) -> None:
    whole = finish(train)[1]["digest"]
    checkpoint = tmp_path / "run.checkpoint"
    kept = replace(train, checkpoint=checkpoint)
    for _ in islice(run(kept), 4):
        pass
    assert checkpoint.exists()
    progress, values = finish(kept)
    assert progress[0].done == 5
    assert values["digest"] == whole
    assert not checkpoint.exists()


def test_cells_are_shown_in_the_size_that_was_learned(
    train: MitosisTrain, movie: MovieSource, tmp_path: Path
) -> None:
    finish(replace(train, shrink=None, resolution_um=2.0))
    heat = tmp_path / "heat.zarr"
    wide = replace(movie, pixel_size_um=1.0)
    finish(Detect((wide,), train.model, tmp_path / "e.csv", heatmap=heat, device="cpu"))
    assert zarr.open_array(str(heat), mode="r").attrs["step_px"] == 2


def one_long_event(_: object, y: StoredMasks, *__: object) -> Iterator[NDArray[np.float32]]:
    """Probabilities with one event, from frame 5 to 10."""
    for t in range(y.shape[0]):
        seen = np.zeros(y.shape[1:], np.float32)
        seen[2:5, 2:5] = 5 <= t <= 10
        yield seen


@pytest.mark.slow
def test_without_a_length_a_plan_is_made_first_and_an_interrupted_run_goes_on(
    train: MitosisTrain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_job = mitosis_training._plan_job
    monkeypatch.setattr("cell_events.jobs.plan_files.predicted_events", one_long_event)
    monkeypatch.setattr(
        mitosis_training,
        "_plan_job",
        lambda *given: replace(plan_job(*given), map_steps=40, steps=3),
    )
    checkpoint = tmp_path / "run.checkpoint"
    job = replace(train, length="auto", report=tmp_path / "plan", checkpoint=checkpoint)
    begun = islice(run(job), 40 + 20 + 3 + 20 + 3)
    assert [report.then for report in begun if isinstance(report, Progress)][-1] == ()
    kept = [tmp_path / f"run.checkpoint{stage}" for stage in ("", 1, 2)]
    assert all(file.exists() for file in kept)
    progress, values = finish(job)
    assert stages(progress) == ["predict events", "learn from the points"]
    assert values["length"] == 6
    assert not any(file.exists() for file in kept)
    assert (tmp_path / "plan" / "map" / "maps.png").exists()


def test_a_plan_gives_the_length(train: MitosisTrain, movie: MovieSource, tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "plan", movie, shrink=2)
    _, values = finish(replace(train, length="auto", plan=plan, shrink=None))
    assert values["length"] == 5
    header = read_header(train.model)
    assert header.settings["shrink"] == 4
    assert header.provenance["plan"] == {"length": 5, "digest": "d1", "map_digest": "d0"}


def test_a_plan_whose_length_is_replaced_may_be_of_something_else(
    train: MitosisTrain, movie: MovieSource, tmp_path: Path
) -> None:
    plan = write_plan(tmp_path / "plan", movie, fingerprint="f", movie="other.tif")
    assert finish(replace(train, plan=plan))[1]["length"] == 4


def test_a_plan_of_something_else_is_refused(
    train: MitosisTrain, movie: MovieSource, tmp_path: Path
) -> None:
    other = write_plan(tmp_path / "other", movie, fingerprint="f", movie="other.tif")
    job = replace(train, length="auto")
    with pytest.raises(JobError, match=r"made of another movie, other\.tif, than cells\.tif"):
        finish(replace(job, plan=other))
    coarse = write_plan(tmp_path / "coarse", movie, shrink=8)
    with pytest.raises(JobError, match="holds no complete plan"):
        finish(replace(job, plan=tmp_path / "none"))
    (coarse / "plan.json").write_text("{")
    with pytest.raises(JobError, match=r"plan\.json is damaged; make the plan anew"):
        finish(replace(job, plan=coarse))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"frames": ("4-6",)}, r"3 annotated frames \(4-6\) are fewer than the 4"),
        ({"frames": ("4-40",)}, "end after cells.tif, whose last frame is 19"),
        ({"frames": ("0-3",)}, "lie outside the annotated frames 0-3"),
        ({"length": "30"}, "cells.tif has 20 frames, fewer than the 30"),
        ({"kind": "death"}, "no points of kind 'death'"),
    ],
)
def test_what_cannot_be_learned_from_is_told_in_a_sentence(
    train: MitosisTrain, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        finish(replace(train, **changes))
    assert not train.model.exists()


def test_points_outside_the_image_are_told_before_a_plan_is_made(train: MitosisTrain) -> None:
    write_events(train.points[0], [Event(6, 10.0, 200.0)])
    with pytest.raises(ValueError, match="lie outside the image"):
        next(run(replace(train, length="auto")))


def test_settings_that_cannot_be_meant_are_refused(train: MitosisTrain) -> None:
    for changes, says in (
        ({"movies": train.movies * 2}, "2 movies need as many CSVs of points, got 1"),
        ({"frames": ()}, "annotated frames once for all 1 movies"),
        ({"frames": ("40 to 57",)}, "one range of consecutive frames such as 40-57"),
        ({"frames": ("57-40",)}, "one range of consecutive frames"),
        ({"length": "few"}, "length must be auto or at least 2 frames, got 'few'"),
        ({"length": "1"}, "length must be auto or at least 2"),
        ({"way": "slow"}, "way must be one of paper, quick"),
        ({"loss": "none"}, "loss must be one of cross entropy, dice"),
        ({"patience": 3}, "patience needs something to validate on"),
        ({"resolution_um": 2.0}, "shrink or the resolution in micrometres, not both"),
    ):
        with pytest.raises(JobError, match=says):
            replace(train, **changes)


def test_the_paper_s_way_is_the_default_and_sets_what_the_paper_says(train: MitosisTrain) -> None:
    plain = MitosisTrain(train.movies, train.points, train.frames, train.model)
    papers = MitosisTrainSettings(8, time_dilations=3)
    assert train_settings(plain, 8) == papers
    assert set(WAYS[PAPER]) == set(WAYS[QUICK])


def test_the_quick_way_sets_what_is_not_given(train: MitosisTrain) -> None:
    plain = MitosisTrain(train.movies, train.points, train.frames, train.model, way=QUICK)
    assert train_settings(plain, 8) == quick_settings(8)
    assert plain.settled().features == "time-arrow"
    given = replace(plain, loss="cross entropy", crop=0, steps=90)
    assert (train_settings(given, 8).loss, train_settings(given, 8).crop) == ("cross entropy", None)
    assert "--steps" not in to_command(plain)
    words = to_command(replace(given, fit_threshold=False))
    assert words[words.index("--steps") + 1] == "90"
    assert "--no-fit-threshold" in words


def test_cells_are_five_places_wide_in_the_quick_way(train: MitosisTrain, tmp_path: Path) -> None:
    tap = tmp_path / "small.safetensors"
    header = ModelHeader("tap", "time_arrow", {"width": 8, "features": 8})
    save_model(tap, TimeArrowNetwork(width=8, features=8), header)
    finish(replace(train, way=QUICK, tap=tap, shrink=None))
    width_px = object_width_px(train.movies[0].open())
    assert read_header(train.model).settings["shrink"] == round(width_px / 5)


def test_detect_names_a_kind_of_model_that_finds_nothing(
    train: MitosisTrain, tap: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelFileError, match="of kind 'tap', which finds no events"):
        finish(Detect(train.movies, tap, tmp_path / "e.csv", device="cpu"))


def test_events_beyond_the_last_row_are_moved_to_the_edge(movie: MovieSource) -> None:
    opened = movie.open()
    rows, columns = opened.shape[1:]
    beyond, within = Event(3, rows + 0.5, 2.0), Event(4, 5.0, columns - 1.0)
    assert inside((beyond, within), opened) == (replace(beyond, y=rows - 1.0), within)
