"""The jobs `anomalies train` and `anomalies detect`, from a track table to flags and a report."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from cell_events import cli
from cell_events.dry_mass.baselines import BASELINES
from cell_events.dry_mass.curves import MassCurve, tracks_of
from cell_events.dry_mass.flags import CellFlag, read_flags
from cell_events.dry_mass.forecast_table import read_forecasts
from cell_events.jobs import AnomaliesDetect, AnomaliesTrain, JobError, Progress, Result, run
from cell_events.jobs.anomalies_detect import SCORES
from cell_events.jobs.anomalies_detection import threshold_notes
from cell_events.tracks import write_tracks
from tests.dry_mass.growing_cells import curve_of, growing_curves

LOST = (3, 8, 21)
"""Cells that lose 30 % of their mass in frame 22; half of it would be a division."""

FRAMES = 30


def cells() -> list[MassCurve]:
    """Sixty cells that grow, of which three lose mass, and two that were hardly seen."""
    curves = growing_curves(60, FRAMES)
    for curve in curves:
        if curve.track_id in LOST:
            curve.mass_pg[22:] *= 0.7
    return [*curves, curve_of([200.0] * 5, 61), curve_of([200.0], 62)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tracks.csv, its truth and a model."""
    folder = tmp_path_factory.mktemp("anomalies")
    write_tracks(folder / "tracks.csv", tracks_of(cells()))
    kinds = ["loss" if track_id in LOST else "" for track_id in range(1, 63)]
    pd.DataFrame({"track_id": range(1, 63), "kind": kinds}).to_csv(folder / "truth.csv")
    result(train_job(folder))
    return folder


def train_job(folder: Path, **settings: Any) -> AnomaliesTrain:
    values = {"past": "16", "steps": 150, **settings}
    return AnomaliesTrain((folder / "tracks.csv",), folder / "m.safetensors", **values)


def detect_job(folder: Path, out: Path, **settings: Any) -> AnomaliesDetect:
    values = {"model": folder / "m.safetensors", "score": "paper", **settings}
    return AnomaliesDetect(folder / "tracks.csv", csv=out / "flags.csv", **values)


def result(job: AnomaliesTrain | AnomaliesDetect) -> dict[str, Any]:
    *_, last = run(job)
    assert isinstance(last, Result)
    return dict(last.values)


def ask(*words: object) -> tuple[int, str]:
    outcome = CliRunner().invoke(cli.app, ["anomalies", *map(str, words)])
    return outcome.exit_code, outcome.stderr.splitlines()[-1] if outcome.stderr else ""


def test_training_leaves_a_model_that_says_what_it_learned_from(folder: Path) -> None:
    told = list(run(train_job(folder, past="auto", steps=3)))
    values = told[-1].values  # type: ignore[union-attr]
    assert [report.stage for report in told if isinstance(report, Progress)] == [
        "read the curves",
        *["learn to forecast"] * 3,
    ]
    assert (values["curves"], values["long_enough"]) == (62, 60)
    assert (values["past"], values["future"]) == (20, 10)
    assert values["validation"]["rmse_pg"] > 0
    (info,) = CliRunner().invoke(cli.app, ["info", values["model"], "--json"]).stdout.splitlines()
    header = json.loads(info)["result"]
    assert header["kind"] == "mass_forecast"
    assert header["provenance"]["tracks"] == ["tracks.csv"]
    assert header["weights_digest"] == values["digest"]
    result(train_job(folder))


def test_the_checkpoint_is_removed_at_the_end(folder: Path, tmp_path: Path) -> None:
    job = train_job(folder, steps=2, checkpoint=tmp_path / "run")
    result(replace(job, model=tmp_path / "m.safetensors"))
    assert [path.name for path in tmp_path.iterdir()] == ["m.safetensors"]


def test_the_future_is_half_of_the_past_unless_it_is_given(folder: Path, tmp_path: Path) -> None:
    job = replace(train_job(folder, steps=1), model=tmp_path / "m.safetensors")
    assert result(job)["future"] == 8
    assert result(replace(job, future=5))["future"] == 5


def test_the_papers_rule_flags_the_cells_that_lose_mass(folder: Path, tmp_path: Path) -> None:
    values = result(detect_job(folder, tmp_path))
    flags = {flag.track_id: flag for flag in read_flags(tmp_path / "flags.csv")}
    scores = np.array([flag.score for flag in flags.values() if flag.flag != "not assessed"])
    assert values["threshold"] == pytest.approx(scores.mean() + 1.96 * scores.std())
    assert {track for track, flag in flags.items() if flag.flag == "flagged"} == set(LOST)
    assert values["flagged"], values["reasons"] == (3, {"unexpected mass": 3})
    assert flags[3].rmse_pg == flags[3].score
    assert flags[3].first <= 22 <= flags[3].last


def test_cells_that_are_too_short_are_not_assessed(folder: Path, tmp_path: Path) -> None:
    values = result(detect_job(folder, tmp_path, report=tmp_path / "report"))
    *_, five, one = read_flags(tmp_path / "flags.csv")
    assert (five.flag, five.reason) == ("not assessed", "5 frames, 24 are needed")
    assert (one.flag, one.reason) == ("not assessed", "1 frame, 24 are needed")
    assert (values["cells"], values["assessed"], values["not_assessed"]) == (62, 60, 2)
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert report["why_not_assessed"] == {"fewer than 24 frames": 2}


def test_the_report_holds_forecasts_histogram_and_curves(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report"
    out.mkdir()
    (out / "curves_17.png").write_text("of an older report")
    values = result(detect_job(folder, tmp_path, report=out))
    assert sorted(path.name for path in out.iterdir()) == [
        "curves_01.png",
        "forecasts.csv",
        "histogram.png",
        "report.json",
    ]
    assert values["report"] == str(out / "report.json")
    forecast = read_forecasts(out / "forecasts.csv")[3]
    assert len(forecast.frames) == 8
    assert (forecast.low_pg <= forecast.high_pg).all()


def test_a_report_without_pictures_holds_numbers_only(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report"
    result(detect_job(folder, tmp_path, report=out))
    result(detect_job(folder, tmp_path, report=out, pictures=False))
    assert sorted(path.name for path in out.iterdir()) == ["forecasts.csv", "report.json"]
    assert json.loads((out / "report.json").read_text())["drawn"] == 0


def test_baselines_stand_beside_the_score(folder: Path, tmp_path: Path) -> None:
    job = detect_job(folder, tmp_path, baselines=True, truth=folder / "truth.csv")
    values = result(job)
    assert [row["name"] for row in values["scores"]] == ["paper", *BASELINES]
    ours = values["scores"][0]
    assert (ours["precision"], ours["recall"], ours["average_precision"]) == (1, 1, 1)
    linear = next(row for row in values["scores"] if row["name"] == "linear")
    assert linear["average_precision"] == pytest.approx(1)
    assert any(
        sentence.startswith("linear is as good or better against the truth: average precision 1.00")
        for sentence in values["says"]
    )


def test_a_threshold_can_be_given(folder: Path, tmp_path: Path) -> None:
    values = result(detect_job(folder, tmp_path, threshold=1e9, report=tmp_path / "report"))
    assert (values["rule"], values["threshold"], values["flagged"]) == ("given", 1e9, 0)


def test_a_baseline_needs_no_model(folder: Path, tmp_path: Path) -> None:
    values = result(
        detect_job(folder, tmp_path, model=None, score="linear", report=tmp_path / "report")
    )
    assert (values["rule"], values["value"]) == ("gaussian", 1.96)
    assert {f.track_id for f in read_flags(tmp_path / "flags.csv") if f.flag == "flagged"} >= set(
        LOST
    )
    assert not (tmp_path / "report" / "forecasts.csv").exists()


def test_the_combined_score_needs_no_model_and_gives_reasons(folder: Path, tmp_path: Path) -> None:
    values = result(detect_job(folder, tmp_path, model=None, score="combined"))
    flags = read_flags(tmp_path / "flags.csv")
    assert values["rule"] == "false flags"
    assert set(LOST) <= {flag.track_id for flag in flags if flag.flag == "flagged"}
    assert Counter(map(_has_forecast, flags)) == {False: 62}


def test_outliers_of_one_frame_are_not_flagged_unless_they_are_kept(tmp_path: Path) -> None:
    curves = growing_curves(60, 60)
    curves[4].mass_pg[30] *= 1.5
    write_tracks(tmp_path / "tracks.csv", tracks_of(curves))
    spiky = {}
    for outliers in (None, 0):
        out = tmp_path / "flags.csv"
        job = AnomaliesDetect(tmp_path / "tracks.csv", csv=out, outliers=outliers)
        values = result(job)
        spiky[outliers] = read_flags(out)[4].flag
        said = [note for note in values["notes"] if "count as missing" in note]
        assert bool(said) == (outliers is None)
    assert spiky == {None: "normal", 0: "flagged"}


def test_with_a_model_every_score_has_an_error_in_pg(folder: Path, tmp_path: Path) -> None:
    result(detect_job(folder, tmp_path, score="isolation forest"))
    flags = read_flags(tmp_path / "flags.csv")
    assert Counter(map(_has_forecast, flags)) == {True: 60, False: 2}


def _has_forecast(flag: CellFlag) -> bool:
    return bool(np.isfinite(flag.rmse_pg))


def test_a_model_of_another_frame_interval_is_said_to_be_one(folder: Path, tmp_path: Path) -> None:
    for seconds in (300.0, 900.0):
        tracks = tracks_of(cells())
        write_tracks(tmp_path / f"{seconds:g}.csv", tracks.assign(t_s=tracks["t"] * seconds))
    model = tmp_path / "m.safetensors"
    train = AnomaliesTrain((tmp_path / "300.csv",), model, past="16", steps=2)
    result(train)
    detect = AnomaliesDetect(tmp_path / "900.csv", model, tmp_path / "f.csv", score="paper")
    assert (
        "learned from frames every 300 s, and these come every 900 s" in result(detect)["notes"][0]
    )
    assert result(replace(detect, tracks=tmp_path / "300.csv"))["notes"] == []


def test_a_threshold_above_all_scores_is_explained() -> None:
    high = np.array([1.0, 7.0, 8.0, np.nan])
    assert threshold_notes("paper", high, 7.5) == []
    (note,) = threshold_notes("paper", high, 9.0)
    assert "No cell is above the threshold 9, and the largest score is 8; " in note
    assert "Half of the cells score above 7.0" in threshold_notes("combined", high, 7.5)[0]


def test_names_of_scores_are_those_of_the_baselines() -> None:
    assert SCORES[2:] == tuple(BASELINES)


def test_curves_shorter_than_the_windows_are_answered_with_lengths_that_fit(
    folder: Path, tmp_path: Path
) -> None:
    code, says = ask("train", folder / "tracks.csv", "--model", tmp_path / "m.safetensors")
    assert code == 2
    assert "0 of 62 curves are as long as a window of 120 + 60 frames" in says
    assert "try a past of 20 and a future of 10, or a past of auto." in says


def test_a_model_that_is_too_long_for_most_curves_says_so(folder: Path, tmp_path: Path) -> None:
    short = [curve_of(c.mass_pg[:14], c.track_id) for c in cells()[:60]]
    write_tracks(tmp_path / "short.csv", tracks_of(short))
    words = ("detect", tmp_path / "short.csv", "--model", folder / "m.safetensors")
    code, says = ask(*words, "--score", "paper", "--csv", tmp_path / "flags.csv")
    assert code == 2
    assert "0 of 60 cells can be assessed (median length 14 frames)" in says
    assert "train a model that sees 10 frames and tells 4 (past auto" in says
    long = [replace(curve, track_id=curve.track_id + 100) for curve in cells()[:20]]
    write_tracks(tmp_path / "mixed.csv", tracks_of([*short, *long]))
    job = AnomaliesDetect(
        tmp_path / "mixed.csv", folder / "m.safetensors", tmp_path / "f.csv", score="paper"
    )
    assert result(job)["notes"][0].startswith("20 of 80 cells can be assessed")


BAD_TABLES = {
    "NaN mass": ({"dry_mass_pg": [200.0, np.nan, 210.0]}, "nan is no finite number"),
    "negative mass": ({"dry_mass_pg": [200.0, -1.0, 210.0]}, "-1.0 is negative"),
    "a row twice": ({"t": [0, 1, 1]}, "track 1 is twice in frame 1"),
    "uneven intervals": ({"t_s": [0.0, 300.0, 1500.0]}, "expected even intervals"),
    "half frames": ({"t": [0, 0.5, 1]}, "'0.5' is no whole number"),
}


@pytest.mark.parametrize("what", BAD_TABLES)
@pytest.mark.parametrize("verb", ["train", "detect"])
def test_bad_tables_are_one_sentence(what: str, verb: str, tmp_path: Path) -> None:
    columns, expected = BAD_TABLES[what]
    good = {"track_id": 1, "t": [0, 1, 2], "y": 0.0, "x": 0.0, "dry_mass_pg": [200.0, 205, 210]}
    path = tmp_path / "tracks.csv"
    pd.DataFrame({**good, **columns}).to_csv(path, index=False)
    out = ("--model", tmp_path / "m") if verb == "train" else ("--csv", tmp_path / "flags.csv")
    code, says = ask(verb, path, *out)
    assert code == 2
    assert says.startswith(f"Error: {path}")
    assert expected in says
    assert not (tmp_path / "flags.csv").exists()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("track_id,frame,y,x,dry_mass_pg", "'t' is missing; .* did you mean 'frame'"),
        (
            "track_id,t,y,x,mass",
            "'dry_mass_pg' is missing; .* did you mean 'mass'. Then name that column as the mass",
        ),
        ("ID,t,y,x,dry_mass_pg", "'track_id' is missing; .* did you mean 'ID'"),
    ],
)
def test_wrong_columns_propose_the_right_ones(names: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "tracks.csv"
    path.write_text(f"{names}\n1,0,0,0,200\n")
    code, says = ask("detect", path, "--csv", tmp_path / "flags.csv")
    assert code == 2
    assert re.search(expected, says), says


def test_unsorted_rows_change_nothing(folder: Path, tmp_path: Path) -> None:
    tracks = pd.read_csv(folder / "tracks.csv").sample(frac=1, random_state=1)
    tracks.to_csv(tmp_path / "tracks.csv", index=False)
    result(detect_job(folder, tmp_path))
    sorted_flags = (tmp_path / "flags.csv").read_text()
    result(replace(detect_job(folder, tmp_path), tracks=tmp_path / "tracks.csv"))
    assert (tmp_path / "flags.csv").read_text() == sorted_flags


def test_a_table_of_trackmate_is_read(folder: Path, tmp_path: Path) -> None:
    tracks = pd.read_csv(folder / "tracks.csv")
    names = {"track_id": "TRACK_ID", "t": "FRAME", "y": "POSITION_Y", "x": "POSITION_X"}
    spots = tracks.rename(columns={**names, "dry_mass_pg": "TOTAL_INTENSITY_CH1"})
    text = spots.drop(columns=["doubt", "parent_id"]).to_csv(index_label="ID")
    header, _, rows = text.partition("\n")
    more = [header, header, ",,,(micron),(micron),(counts)"]
    (tmp_path / "spots.csv").write_text("\n".join([header, *more, rows]))
    job = detect_job(folder, tmp_path, column="TOTAL_INTENSITY_CH1", pixel_size_um=1.0)
    assert result(replace(job, tracks=tmp_path / "spots.csv"))["flagged"] == 3


def test_a_missing_table_and_a_missing_model_are_said_to_be_missing(
    folder: Path, tmp_path: Path
) -> None:
    code, says = ask("detect", tmp_path / "none.csv", "--csv", tmp_path / "f.csv")
    assert (code, says.endswith("does not exist; give the CSV of tracks to read.")) == (2, True)
    words = ("detect", folder / "tracks.csv", "--csv", tmp_path / "f.csv")
    code, says = ask(*words, "--model", tmp_path / "none.safetensors")
    assert (code, "There is no model file" in says) == (2, True)


def test_truth_that_cannot_be_read_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text("cell,kind\n1,\n")
    with pytest.raises(JobError, match="expected a CSV with track_id and kind"):
        result(detect_job(folder, tmp_path, truth=tmp_path / "truth.csv"))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"score": "paper", "model": None}, "give the model that anomalies train has written"),
        ({"score": "best"}, "score must be one of combined, paper"),
        ({"reference": "yesterday"}, "reference must be one of same time, whole recording"),
        ({"rule": "otsu"}, "rule must be one of gaussian"),
        ({"value": 0.0}, "value must be a positive number"),
        ({"rule": "quantile", "value": 2.0}, "must be a share less than 1 for the rule quantile"),
        ({"threshold": float("nan")}, "threshold must be a finite number"),
    ],
)
def test_settings_of_detection_that_cannot_be_meant_are_refused(
    settings: dict[str, Any], says: str
) -> None:
    with pytest.raises(JobError, match=says):
        AnomaliesDetect(Path("tracks.csv"), **{"model": Path("m"), **settings})


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"tracks": ()}, "at least one track table"),
        ({"past": "long"}, "past must be auto or at least 4 frames, got 'long'"),
        ({"past": "3"}, "at least 4 frames"),
        ({"future": 0}, "future must be at least 1"),
        ({"validation": 0.5, "test": 0.5}, "together must be less than 1"),
        ({"steps": 0}, "steps must be at least 1"),
    ],
)
def test_settings_of_training_that_cannot_be_meant_are_refused(
    settings: dict[str, Any], says: str
) -> None:
    with pytest.raises(JobError, match=says):
        AnomaliesTrain(**{"tracks": (Path("t.csv"),), "model": Path("m"), **settings})
