"""One window may edit; another says who has the project, and a dead one is not in the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cell_events.engine import atomic
from cell_events.project import Project, ProjectError
from tests.project.strokes import MOVIE_ID, accepted, decision, new_project, painted, stroke

OPEN_AND_WAIT = """
import sys
from cell_events.project import Project
project = Project.open(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def open_elsewhere(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", OPEN_AND_WAIT, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def test_a_second_window_reads_and_says_who_may_edit(tmp_path: Path) -> None:
    with new_project(tmp_path) as first:
        first.apply(stroke(first, value=4))
        first.apply(decision(first, "e1", accepted())).wait(10)
        with Project.open(first.path) as second:
            assert second.read_only
            assert (painted(second) == painted(first)).all()
            assert second.events(MOVIE_ID) == {"e1": accepted()}
            assert f"process {os.getpid()}" in str(second.locked_by)
            for change in (
                lambda: second.apply(stroke(second)),
                second.undo,
                lambda: second.remember("a", 1),
                lambda: second.new_path("models", "update", ""),
                second.snapshot,
            ):
                with pytest.raises(ProjectError, match="is open in another window"):
                    change()
            assert second.paint_file(MOVIE_ID).is_dir()
            assert first.path not in second.decisions_file(MOVIE_ID).parents
        assert not first.read_only
        assert first.apply(stroke(first)).wait(10)


def test_a_second_window_leaves_a_line_alone_that_is_being_written(tmp_path: Path) -> None:
    with new_project(tmp_path) as first:
        first.apply(stroke(first)).wait(10)
        with (first.path / "journal.jsonl").open("ab") as file:
            file.write(b'["half of')
        size = (first.path / "journal.jsonl").stat().st_size
        with Project.open(first.path) as second:
            assert second.warnings == ()
        assert (first.path / "journal.jsonl").stat().st_size == size


def test_the_lock_goes_over_when_the_other_window_closes(tmp_path: Path) -> None:
    new_project(tmp_path).close()
    folder = tmp_path / "cells.cellevents"
    other = open_elsewhere(folder)
    with Project.open(folder) as project:
        assert f"process {other.pid}" in str(project.locked_by)
    other.communicate()
    with Project.open(folder) as project:
        assert project.locked_by is None


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    new_project(tmp_path).close()
    folder = tmp_path / "cells.cellevents"
    other = open_elsewhere(folder)
    other.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    other.communicate()
    with Project.open(folder) as project:
        assert not project.read_only
        assert project.remember("works", True).wait(10)


def test_a_folder_that_cannot_be_written_is_opened_for_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(atomic, "write_text", refuse)
    with Project.open(project.path) as project:
        assert painted(project).any()
        with pytest.raises(ProjectError, match=r"cannot be written \(Permission denied"):
            project.undo()


def test_a_project_that_is_forgotten_frees_its_folder(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.apply(decision(project, "e1", accepted()))
    del project
    with Project.open(tmp_path / "cells.cellevents") as again:
        assert not again.read_only
        assert set(again.events(MOVIE_ID)) == {"e1"}
