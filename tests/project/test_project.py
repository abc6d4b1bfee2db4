"""Paint, decisions and settings come back as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import zarr

from cell_events.events import Event, read_events
from cell_events.movie import open_movie
from cell_events.project import Edit, PaintChange, Project, ProjectError, ValueChange
from cell_events.recognition.paint import open_mask
from tests.project.strokes import (
    MOVIE_ID,
    SHAPE,
    accepted,
    decision,
    new_project,
    painted,
    small_movie,
    stroke,
    without_snapshots,
)


@pytest.fixture(params=[True, False], ids=["with snapshot", "journal only"])
def reopened(request: pytest.FixtureRequest) -> Callable[[Project], Project]:
    """Close a project and open it again, from a snapshot or from the journal alone."""

    def reopen(project: Project) -> Project:
        project.close()
        if not request.param:
            without_snapshots(project.path)
        again = Project.open(project.path)
        assert again.warnings == ()
        return again

    return reopen


def test_everything_is_there_after_reopening(
    tmp_path: Path, reopened: Callable[[Project], Project]
) -> None:
    project = new_project(tmp_path)
    project.apply(stroke(project, t=2, value=3))
    project.apply(stroke(project, t=5, top=0, left=0, value=255))
    project.apply(decision(project, "e1", accepted()))
    project.apply(Edit("name classes", (ValueChange("classes", None, ["division", "death"]),)))
    project.remember("view", {"zoom": 2.5})
    frames = painted(project)
    with reopened(project) as again:
        assert (painted(again) == frames).all()
        assert frames.sum() == 12 * 12 * (3 + 255)
        assert again.paint(MOVIE_ID).painted_frames() == [2, 5]
        assert again.paint(MOVIE_ID).values() == {3, 255}
        assert again.events(MOVIE_ID) == {"e1": accepted()}
        assert again.value("classes") == ["division", "death"]
        assert again.value("view") == {"zoom": 2.5}
        assert again.value("unknown", "default") == "default"
        assert again.name == "cells"


def test_undo_and_redo_follow_one_order_across_reopening(
    tmp_path: Path, reopened: Callable[[Project], Project]
) -> None:
    project = new_project(tmp_path)
    project.apply(stroke(project, value=1))
    project.apply(decision(project, "e1", accepted()))
    project.apply(stroke(project, value=2))
    assert project.undo() is not None
    with reopened(project) as again:
        assert (again.undo_title, again.redo_title) == ("decide e1", "paint 2")
        again.undo()
        assert again.events(MOVIE_ID) == {}
        again.undo()
        assert again.undo() is None
        assert not painted(again).any()
        assert again.paint(MOVIE_ID).painted_frames() == []
        titles = [edit.title for edit in iter(again.redo, None)]
        assert titles == ["paint 1", "decide e1", "paint 2"]
        assert painted(again).max() == 2
        assert again.events(MOVIE_ID) == {"e1": accepted()}


def test_undo_returns_what_a_viewer_is_to_show(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project, t=4, top=10, left=20, value=2))
        project.apply(stroke(project, t=4, top=10, left=20, value=3))
        undone = project.undo()
        assert undone is not None
        (change,) = undone.changes
        assert isinstance(change, PaintChange)
        assert (change.t, change.top, change.left, change.after.max()) == (4, 10, 20, 2)


def test_a_new_edit_ends_what_could_be_redone(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project, value=1))
        project.undo()
        project.apply(decision(project, "e1", accepted()))
        assert project.redo_title is None
        assert project.redo() is None


def test_undo_leaves_alone_what_is_only_remembered(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(Edit("set", (ValueChange("a", None, 1),)))
        project.remember("view", 7)
        project.undo()
        assert (project.value("a"), project.value("view")) == (None, 7)


def test_an_edit_without_changes_is_no_step_of_undo(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        assert project.apply(Edit("nothing", ())).done
        assert project.undo_title is None


def test_a_proposal_is_no_decision(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(decision(project, "e1", accepted()))
        project.apply(decision(project, "e1", Event(3, 4.5, 7.0)))
        assert project.events(MOVIE_ID) == {}
        project.undo()
        assert project.events(MOVIE_ID) == {"e1": accepted()}


def test_a_ticket_is_done_once_the_edit_is_on_disk(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        ticket = project.apply(decision(project, "the-event", accepted()))
        assert ticket.wait(10)
        assert ticket.done
        assert b"the-event" in (project.path / "journal.jsonl").read_bytes()


@pytest.mark.parametrize("place", [{"t": 6}, {"top": 290}, {"left": 270}])
def test_paint_beside_the_movie_is_refused(tmp_path: Path, place: dict[str, int]) -> None:
    patch = np.ones((12, 12), np.uint8)
    change = PaintChange(
        MOVIE_ID, **{"t": 0, "top": 0, "left": 0, **place}, before=patch, after=patch
    )
    with new_project(tmp_path) as project, pytest.raises(ProjectError, match="paint inside"):
        project.apply(Edit("outside", (change,)))


def test_paint_of_an_unknown_movie_is_refused(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        edit = stroke(project)
        (change,) = edit.changes
        assert isinstance(change, PaintChange)
        elsewhere = PaintChange("movie-9", 0, 0, 0, change.before, change.after)
        with pytest.raises(ProjectError, match="movie-9"):
            project.apply(Edit("elsewhere", (elsewhere,)))


def test_jobs_read_the_painted_mask_and_find_painted_chunks_only(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project, t=2, top=0, left=0))
        path = project.paint_file(MOVIE_ID)
        mask = open_mask(path, small_movie())
        assert mask.shape == SHAPE
        assert (mask.read(2) == project.paint(MOVIE_ID).read(2)).all()
        assert [file.relative_to(path).as_posix() for file in (path / "c").rglob("0/0")] == [
            "c/2/0/0"
        ]
        assert len([file for file in (path / "c").rglob("*") if file.is_file()]) == 1
        project.undo()
        assert project.paint_file(MOVIE_ID) == path
        assert not [file for file in (path / "c").rglob("*") if file.is_file()]
        assert not open_mask(path, small_movie()).read(2).any()


def test_the_painted_mask_of_a_project_without_paint_can_be_opened(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        assert zarr.open_array(str(project.paint_file(MOVIE_ID)), mode="r").shape == SHAPE


def test_decisions_are_written_for_jobs_in_order_of_time(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(decision(project, "later", accepted(t=5)))
        project.apply(decision(project, "earlier", accepted(t=1)))
        events = read_events(project.decisions_file(MOVIE_ID))
        assert [event.extra["event_id"] for event in events] == ["earlier", "later"]
        assert [event.t for event in events] == [1, 5]
        project.undo()
        assert [event.t for event in read_events(project.decisions_file(MOVIE_ID))] == [5]


def test_numbers_of_files_are_never_given_twice(
    tmp_path: Path, reopened: Callable[[Project], Project]
) -> None:
    project = new_project(tmp_path)
    first = project.new_path("models", "update", ".safetensors")
    assert first == project.path / "models" / "update-1.safetensors"
    with reopened(project) as again:
        assert again.new_path("models", "update", ".safetensors").name == "update-2.safetensors"
        (again.path / "models" / "update-8.safetensors").touch()
        assert again.new_path("models", "update", ".safetensors").name == "update-9.safetensors"
        assert again.new_path("results", "update", ".csv").name == "update-1.csv"


def test_a_project_is_not_made_where_something_else_lies(tmp_path: Path) -> None:
    new_project(tmp_path).close()
    with pytest.raises(ProjectError, match="holds a project already"):
        Project.create(tmp_path / "cells.cellevents")
    with pytest.raises(ProjectError, match=r"such as cells\.cellevents"):
        Project.create(tmp_path)
    with pytest.raises(ProjectError, match="is no project"):
        Project.open(tmp_path)
    with Project.open_or_create(tmp_path / "cells.cellevents") as project:
        assert list(project.movies) == [MOVIE_ID]


def test_what_a_crash_leaves_while_a_project_is_made_does_not_stop_the_next_try(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "p.cellevents"
    folder.mkdir()
    for name in ("lock", "owner.json", ".journal.jsonl.abc"):
        (folder / name).touch()
    Project.open_or_create(folder).close()


def test_many_edits_lead_to_snapshots_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cell_events.project.edit_log.ENTRIES_PER_SNAPSHOT", 5)
    with new_project(tmp_path) as project:
        for value in range(1, 40):
            project.apply(stroke(project, value=value))
        project.snapshot()
        assert len(list((project.path / "snapshots").iterdir())) == 2
        frames = painted(project)
    with Project.open(project.path) as again:
        assert (painted(again) == frames).all()
        again.undo()
        assert painted(again).max() == 38


def test_chunks_leave_memory_once_they_rest_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cell_events.project.painted_frames.MAX_RESTING_CHUNKS", 2)
    with new_project(tmp_path) as project:
        for t in range(SHAPE[0]):
            project.apply(stroke(project, t=t, value=t + 1))
        project.snapshot()
        frames = painted(project)
        assert [frames[t].max() for t in range(SHAPE[0])] == [1, 2, 3, 4, 5, 6]
        assert len(project.paint(MOVIE_ID)._in_memory) <= 6
        assert project.paint(MOVIE_ID).values() == {1, 2, 3, 4, 5, 6}


def test_a_closed_project_says_so(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.close()
    project.close()
    with pytest.raises(ProjectError, match="closed"):
        project.remember("a", 1)


def test_a_movie_opened_from_the_mask_has_its_axes(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        assert open_movie(project.paint_file(MOVIE_ID), missing_chunks="fill").shape == SHAPE
