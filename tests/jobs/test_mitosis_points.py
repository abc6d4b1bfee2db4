"""Which events of a CSV are points that a person has set."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell_events.events import Event, write_events
from cell_events.jobs import JobError
from cell_events.jobs.mitosis_points import annotated_ranges, read_points


def written(path: Path, *statuses: str, kind: str = "division") -> Path:
    events = [Event(t, 1.0, 2.0, kind, status=status) for t, status in enumerate(statuses)]
    write_events(path, events)
    return path


def test_a_plain_table_counts_as_a_whole(tmp_path: Path) -> None:
    csv = tmp_path / "points.csv"
    csv.write_text("t,y,x\n4,10.5,20\n5,11,21\n")
    assert [(point.t, point.y, point.x) for point in read_points(csv, "division")] == [
        (4, 10.5, 20.0),
        (5, 11.0, 21.0),
    ]


def test_of_a_reviewed_list_only_what_a_person_said_yes_to_counts(tmp_path: Path) -> None:
    csv = written(tmp_path / "p.csv", "proposed", "accepted", "rejected", "added")
    assert [point.t for point in read_points(csv, "division")] == [1, 3]


def test_a_list_of_which_nothing_is_left_says_why(tmp_path: Path) -> None:
    csv = written(tmp_path / "p.csv", "proposed", "rejected", "rejected")
    with pytest.raises(JobError, match="accepted or added, only 1 proposed, 2 rejected"):
        read_points(csv, "division")
    with pytest.raises(JobError, match="no points of kind 'death'; found division"):
        read_points(csv, "death")
    with pytest.raises(JobError, match="it is empty; set one on each mitosis"):
        read_points(written(csv), "division")


def test_one_range_serves_all_movies() -> None:
    assert [str(found) for found in annotated_ranges(("4-9",), 2)] == ["4-9", "4-9"]
    assert [str(found) for found in annotated_ranges(("4-9", "0-3"), 2)] == ["4-9", "0-3"]
