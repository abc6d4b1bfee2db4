"""A full disk stops editing with a sentence; what is in memory is saved once there is room."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cell_events.project import Project, ProjectError
from tests.project.strokes import MOVIE_ID, accepted, decision, new_project, painted, stroke

real_write, real_fsync = os.write, os.fsync


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Fill the disk, so that the last bytes do not fit, or make room again."""
    monkeypatch.setattr("cell_events.project.writer.RETRY_S", 0.01)

    def write_some(descriptor: int, content: bytes) -> int:
        if len(content) < 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(descriptor, content[:-10])

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def switch(is_full: bool) -> None:
        monkeypatch.setattr(os, "write", write_some if is_full else real_write)
        monkeypatch.setattr(os, "fsync", fail if is_full else real_fsync)

    return switch


def test_edits_are_refused_while_the_disk_is_full_and_saved_afterwards(
    tmp_path: Path, full: Callable[[bool], None]
) -> None:
    with new_project(tmp_path) as project:
        project.remember("before", 1).wait(10)
        full(True)
        ticket = project.apply(stroke(project, value=7))
        assert not ticket.wait(0.2)
        with pytest.raises(ProjectError, match=r"No space left on device\); make room"):
            project.apply(decision(project, "refused", accepted()))
        assert "No space left" in str(project.error)
        assert painted(project).max() == 7
        assert project.events(MOVIE_ID) == {}
        full(False)
        assert ticket.wait(10)
        assert project.error is None
        project.apply(decision(project, "e1", accepted()))
    with Project.open(project.path) as again:
        assert again.warnings == ()
        assert painted(again).max() == 7
        assert set(again.events(MOVIE_ID)) == {"e1"}


def test_closing_while_the_disk_is_full_says_what_would_be_lost(
    tmp_path: Path, full: Callable[[bool], None]
) -> None:
    project = new_project(tmp_path)
    project.remember("before", 1).wait(10)
    full(True)
    ticket = project.apply(stroke(project, value=7))
    ticket.wait(0.2)
    with pytest.raises(ProjectError, match="1 edits are not saved yet"):
        project.close()
    full(False)
    assert ticket.wait(10)
    project.close()
    with Project.open(project.path) as again:
        assert painted(again).max() == 7


def test_what_cannot_be_saved_can_be_discarded(
    tmp_path: Path, full: Callable[[bool], None]
) -> None:
    project = new_project(tmp_path)
    project.remember("before", 1).wait(10)
    full(True)
    ticket = project.apply(stroke(project, value=7))
    ticket.wait(0.2)
    project.close(discard=True)
    full(False)
    with pytest.raises(ProjectError, match="No space left"):
        ticket.wait(10)
    with Project.open(project.path) as again:
        assert not painted(again).any()
        assert again.value("before") == 1


def test_a_snapshot_that_does_not_fit_harms_nothing(
    tmp_path: Path, full: Callable[[bool], None]
) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project, value=7)).wait(10)
        full(True)
        with pytest.raises(ProjectError, match="No space left"):
            project.snapshot()
        with pytest.raises(ProjectError, match="No space left"):
            project.paint_file(MOVIE_ID)
        full(False)
        assert project.remember("works", True).wait(10)
    with Project.open(project.path) as again:
        assert painted(again).max() == 7


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no open file")
def test_a_folder_that_is_deleted_meanwhile_is_noticed(
    tmp_path: Path, full: Callable[[bool], None]
) -> None:
    project = new_project(tmp_path)
    project.remember("before", 1).wait(10)
    shutil.rmtree(project.path)
    assert not project.apply(stroke(project)).wait(0.2)
    with pytest.raises(ProjectError, match="cannot be saved"):
        project.apply(stroke(project))
    project.close(discard=True)
