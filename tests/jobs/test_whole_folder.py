"""Folders that are complete or say that they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell_events.jobs import JobError
from cell_events.jobs.whole_folder import whole_folder

LAST = "last.json"


def fill(path: Path, text: str) -> None:
    with whole_folder(path, LAST) as folder:
        (folder / LAST).write_text(text)
        (folder / "array").mkdir()
        (folder / "array" / text).write_text(text)


def fail(path: Path) -> None:
    with whole_folder(path, LAST) as folder:
        (folder / LAST).write_text("half")
        raise OSError("the disk is full")


def names(path: Path) -> list[str]:
    return sorted(str(file.relative_to(path)) for file in path.rglob("*") if file.is_file())


def test_a_new_result_takes_the_place_of_an_older_one_and_leaves_other_files(
    tmp_path: Path,
) -> None:
    (tmp_path / "thesis.txt").write_text("not ours")
    fill(tmp_path, "first")
    fill(tmp_path, "second")
    assert names(tmp_path) == ["array/second", LAST, "thesis.txt"]
    assert (tmp_path / LAST).read_text() == "second"


def test_a_result_that_fails_changes_nothing(tmp_path: Path) -> None:
    fill(tmp_path, "first")
    with pytest.raises(OSError, match="the disk is full"):
        fail(tmp_path)
    assert names(tmp_path) == ["array/first", LAST]


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".unfinished").mkdir()
    (tmp_path / ".unfinished" / "half").write_text("half")
    fill(tmp_path, "first")
    assert names(tmp_path) == ["array/first", LAST]


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("a file")
    with pytest.raises(JobError, match="plan cannot be made: there is a file of this name"):
        fill(tmp_path / "plan", "first")
