"""The job that compares found with true events."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from cell_events.events import Event, EventsError, write_events
from cell_events.jobs import Evaluate, JobError, Result, run


def result_of(job: Evaluate) -> dict[str, Any]:
    *_, report = run(job)
    assert isinstance(report, Result)
    return dict(report.values)


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    """Two of three divisions found, one late; a false death; one rejected event."""
    found, truth = tmp_path / "found.csv", tmp_path / "truth.csv"
    write_events(
        found,
        [
            Event(5, 13, 14),
            Event(22, 50, 50),
            Event(9, 9, 9, kind="death"),
            Event(8, 90, 90, status="rejected"),
        ],
    )
    truth.write_text("t,y,x\n5,10,10\n20,50,50\n40,50,50\n")
    return found, truth


def test_scores_are_counted_for_all_and_for_each_kind(lists: tuple[Path, Path]) -> None:
    values = result_of(Evaluate(*lists))
    assert values["radius_px"] == 10
    assert values["all"]["precision"] == pytest.approx(2 / 3)
    division = values["kinds"]["division"]
    counts = [
        division[f"{name}s"] for name in ("true_positive", "false_positive", "false_negative")
    ]
    assert counts == [2, 0, 1]
    assert division["mean_time_error_frames"] == 1
    assert division["mean_distance_px"] == 2.5
    assert values["kinds"]["death"]["false_positives"] == 1
    assert values["kinds"]["death"]["mean_distance_px"] is None


def test_tolerances_are_used(lists: tuple[Path, Path]) -> None:
    assert result_of(Evaluate(*lists, frames=1))["all"]["true_positives"] == 1
    narrow = Evaluate(*lists, radius_um=2.0, pixel_size_um=0.5)
    assert result_of(narrow)["all"]["true_positives"] == 1


def test_the_table_has_a_row_for_every_event(lists: tuple[Path, Path], tmp_path: Path) -> None:
    report = tmp_path / "new folder" / "matches.csv"
    result_of(Evaluate(*lists, report=report))
    with report.open() as file:
        rows = list(csv.DictReader(file))
    outcomes = [row["outcome"] for row in rows]
    assert outcomes == ["match", "match", "false positive", "false negative"]
    assert (rows[0]["found_x"], rows[0]["true_x"], rows[0]["distance_px"]) == (
        "14.0",
        "10.0",
        "5.0",
    )
    assert rows[2]["kind"] == "death"
    assert (rows[3]["true_t"], rows[3]["found_t"]) == ("40", "")


def test_the_json_report_holds_scores_and_events(lists: tuple[Path, Path], tmp_path: Path) -> None:
    report = tmp_path / "matches.json"
    values = result_of(Evaluate(*lists, report=report))
    written = json.loads(report.read_text())
    assert written["all"] == values["all"]
    assert len(written["events"]) == 4


def test_events_of_several_movies_are_refused(tmp_path: Path) -> None:
    found, truth = tmp_path / "found.csv", tmp_path / "truth.csv"
    write_events(found, [Event(1, 2, 3, extra={"movie": name}) for name in ("a.tif", "b.tif")])
    write_events(truth, [])
    with pytest.raises(JobError, match=r"holds events of 2 movies \(a\.tif, b\.tif\)"):
        result_of(Evaluate(found, truth))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EventsError, match=r"none\.csv does not exist"):
        result_of(Evaluate(tmp_path / "none.csv", tmp_path / "none.csv"))


def test_a_report_cannot_replace_a_folder(lists: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(JobError, match="is a folder"):
        result_of(Evaluate(*lists, report=tmp_path / "folder.csv"))
