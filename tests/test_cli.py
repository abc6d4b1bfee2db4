"""The command line as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cell_events import cli
from cell_events.events import Event, write_events
from cell_events.jobs import Progress, Report, Result
from cell_events.progress_bar import show_progress, time_left, values_line

HEAVY = ("torch", "scipy", "pandas", "napari", "qtpy", "zarr", "matplotlib")


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


@pytest.fixture
def csvs(tmp_path: Path) -> tuple[str, str]:
    found, truth = tmp_path / "found.csv", tmp_path / "truth.csv"
    write_events(found, [Event(1, 2, 3)])
    write_events(truth, [Event(1, 2, 3), Event(9, 9, 9)])
    return str(found), str(truth)


def test_help_opens_without_heavy_imports() -> None:
    code = (
        "import sys; from cell_events import cli; sys.argv = ['cell-events', '--help']\n"
        "try: cli.main()\n"
        f"finally: print('heavy:', [name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "heavy: []" in done.stdout
    for verb in ("pretrain", "train", "detect", "evaluate", "info", "import-tarrow", "demo"):
        assert verb in done.stdout


def test_the_result_is_printed_for_people(runner: CliRunner, csvs: tuple[str, str]) -> None:
    outcome = runner.invoke(cli.app, ["evaluate", *csvs])
    assert outcome.exit_code == 0
    assert "  precision: 1\n  recall: 0.5\n" in outcome.stdout


def test_json_is_one_report_a_line(runner: CliRunner, csvs: tuple[str, str]) -> None:
    outcome = runner.invoke(cli.app, ["evaluate", *csvs, "--json"])
    (line,) = outcome.stdout.splitlines()
    assert json.loads(line)["result"]["all"]["recall"] == 0.5


def test_bad_input_is_one_sentence_and_exit_code_2(runner: CliRunner, tmp_path: Path) -> None:
    missing = str(tmp_path / "none.csv")
    outcome = runner.invoke(cli.app, ["evaluate", missing, missing])
    assert outcome.exit_code == 2
    expected = f"Error: {missing} does not exist; give the CSV of events to read.\n"
    assert outcome.stderr == expected
    assert outcome.stdout == ""


def test_bad_input_is_json_where_json_was_asked_for(runner: CliRunner, tmp_path: Path) -> None:
    missing = str(tmp_path / "none.safetensors")
    outcome = runner.invoke(cli.app, ["info", missing, "--json"])
    assert outcome.exit_code == 2
    assert "none.safetensors" in json.loads(outcome.stdout)["error"]


def test_settings_are_checked_before_anything_is_read(runner: CliRunner) -> None:
    words = ["detect", "none.tif", "--model", "m", "--csv", "c.csv", "--frames", "first"]
    outcome = runner.invoke(cli.app, words)
    assert outcome.exit_code == 2
    assert "frames must read like 0-20" in outcome.stderr


def test_a_mistake_in_the_program_is_not_hidden(
    runner: CliRunner, csvs: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> Iterator[Report]:
        raise KeyError("a mistake")

    monkeypatch.setattr(cli, "run", broken)
    outcome = runner.invoke(cli.app, ["evaluate", *csvs])
    assert isinstance(outcome.exception, KeyError)


def test_progress_is_shown_on_standard_error(
    runner: CliRunner, csvs: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_stages(_: object) -> Iterator[Report]:
        yield Progress("read", 1, 1)
        yield Progress("learn", 2, 4, {"accuracy": 0.75}, 70.0)
        yield Result({"model": "m.safetensors", "score": 0.123456, "none": None})

    monkeypatch.setattr(cli, "run", two_stages)
    outcome = runner.invoke(cli.app, ["evaluate", *csvs])
    assert "2/4 1 min 10 s accuracy 0.75" in " ".join(outcome.stderr.split())
    assert outcome.stdout == "model: m.safetensors\nscore: 0.1235\nnone: -\n"


def test_lists_are_told_in_words() -> None:
    values = {"frames": ["4-9", "2-7"], "none": [], "maps": [{"index": 0, "dead": True}]}
    assert cli.result_lines(values) == [
        "frames: 4-9, 2-7",
        "none: -",
        "maps:",
        "  index 0, dead yes",
    ]


def test_a_job_without_a_result_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="without a result"):
        show_progress([Progress("read", 1, 1)])


def test_times_and_values_read_well() -> None:
    assert [time_left(seconds) for seconds in (None, 59.4, 125)] == ["", "59 s", "2 min 05 s"]
    assert (
        values_line({"total": 0.51234, "accuracy": 1, "learning_rate": 0.1})
        == "total 0.512  accuracy 1"
    )
