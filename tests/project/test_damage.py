"""Whatever happens to the files, nothing that can still be read is lost, and all of it is said."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cell_events.movie import open_movie
from cell_events.project import Edit, Project, ProjectError, ValueChange
from cell_events.project.checked_lines import checked_body, checked_line
from tests.project.strokes import (
    MOVIE_ID,
    accepted,
    decision,
    new_project,
    painted,
    stroke,
    without_snapshots,
)

JOURNAL = "journal.jsonl"


def count_to(folder: Path, last: int) -> Path:
    """A project whose value "count" was set to 1, 2, ..., `last`, with nothing but a journal."""
    with Project.create(folder) as project:
        for number in range(1, last + 1):
            before = project.value("count")
            project.apply(Edit(f"count {number}", (ValueChange("count", before, number),)))
    return without_snapshots(folder)


def copy_of(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(folder, folder.with_name(name)))


def replace_line(folder: Path, number: int, line: bytes) -> None:
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    lines[number] = line
    (folder / JOURNAL).write_bytes(b"".join(lines))


def test_a_line_knows_whether_any_byte_of_it_changed() -> None:
    line = checked_line({"a": "µ", "b": [1, None]})
    assert checked_body(line) == {"a": "µ", "b": [1, None]}
    for place in range(len(line)):
        changed = bytearray(line)
        changed[place] ^= 1
        assert checked_body(bytes(changed)) is None or place in (0, 1, 10, 11), place
        assert checked_body(line[:place]) is None


def test_a_journal_cut_at_any_byte_keeps_the_edits_before_the_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # a thousand syncs take long
    whole = count_to(tmp_path / "whole", 2)
    content = (whole / JOURNAL).read_bytes()
    ends = [place + 1 for place, byte in enumerate(content) if byte == ord("\n")]
    for size in range(len(content)):
        folder = copy_of(whole, f"cut-{size}")
        (folder / JOURNAL).write_bytes(content[:size])
        expected = max(0, sum(end <= size for end in ends) - 1) or None
        with Project.open(folder) as project:
            assert project.value("count") == expected
            assert (project.warnings == ()) == (size in ends)
            project.remember("works", True)
        with Project.open(folder) as project:
            assert (project.value("works"), project.value("count")) == (True, expected)
            assert project.warnings == ()
        shutil.rmtree(folder)


def test_what_is_cut_off_is_kept_aside(tmp_path: Path) -> None:
    folder = count_to(tmp_path / "p", 2)
    with (folder / JOURNAL).open("ab") as file:
        file.write(b'["12345678",{"torn')
    with Project.open(folder) as project:
        (warning,) = project.warnings
        assert "journal.damaged-1" in warning
        assert project.value("count") == 2
        assert project.undo_title == "count 2"
    assert (folder / "journal.damaged-1").read_bytes() == b'["12345678",{"torn'


def test_damage_in_the_middle_keeps_what_comes_after_it(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        for name in ("e1", "e2", "e3"):
            project.apply(decision(project, name, accepted()))
    folder = without_snapshots(project.path)
    replace_line(folder, 3, b"\xff\x00 no entry any more\n")
    with Project.open(folder) as project:
        (warning,) = project.warnings
        assert "1 lines" in warning
        assert set(project.events(MOVIE_ID)) == {"e1", "e3"}
        assert [project.undo_title, project.undo(), project.undo_title][::2] == [
            "decide e3",
            "decide e1",
        ]
    with Project.open(folder) as project:
        assert project.warnings == ()
        assert set(project.events(MOVIE_ID)) == {"e1"}
    assert (folder / "journal.damaged-1").read_bytes() == b"\xff\x00 no entry any more\n"


def test_an_undo_whose_edit_is_damaged_says_so_and_the_project_goes_on(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(decision(project, "e1", accepted()))
    damaged = (project.path / JOURNAL).read_bytes().splitlines(keepends=True)[2]
    replace_line(project.path, 2, b"gone\n".rjust(len(damaged)))
    with Project.open(project.path) as project:
        assert set(project.events(MOVIE_ID)) == {"e1"}  # the snapshot knows
        with pytest.raises(ProjectError, match="cannot be undone"):
            project.undo()
        assert project.undo() is None
        project.apply(decision(project, "e2", accepted()))
        assert project.undo() is not None


def test_a_broken_snapshot_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project, value=1))
        project.snapshot()
        project.apply(stroke(project, t=4, value=2))
        frames = painted(project)
    newest = sorted((project.path / "snapshots").iterdir())[-1]
    newest.write_bytes(newest.read_bytes()[:-1])
    with Project.open(project.path) as project:
        (warning,) = project.warnings
        assert newest.name in warning
        assert (painted(project) == frames).all()
        assert project.undo_title == "paint 2"


@pytest.mark.parametrize("harm", ["lost", "cut", "one bit", "folder lost"])
def test_paint_whose_files_are_damaged_is_made_from_the_journal(tmp_path: Path, harm: str) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project, t=1, value=5))
        project.apply(stroke(project, t=1, top=100, value=6))
        project.undo()
        frames = painted(project)
    chunk = project.path / "paint" / f"{MOVIE_ID}.zarr" / "c" / "1" / "0" / "0"
    content = bytearray(chunk.read_bytes())
    content[-5] ^= 4
    if harm == "folder lost":
        shutil.rmtree(project.path / "paint")
    elif harm == "lost":
        chunk.unlink()
    else:
        chunk.write_bytes(content if harm == "one bit" else content[:-3])
    with Project.open(project.path) as project:
        assert (painted(project) == frames).all()
        project.paint_file(MOVIE_ID)
    with Project.open(project.path) as project:
        assert project.warnings == ()
        assert (painted(project) == frames).all()


@pytest.mark.parametrize("harm", ["lost", "cut", "empty", "header"])
def test_a_lost_journal_is_made_anew_from_the_snapshot(tmp_path: Path, harm: str) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project, value=5))
        project.apply(decision(project, "e1", accepted()))
        project.remember("view", [1, 2])
        number = project.new_path("models", "update", "").name
        frames = painted(project)
    journal = project.path / JOURNAL
    content = journal.read_bytes()
    left = {"cut": content[:-40], "empty": b"", "header": b"x" * 50}
    journal.unlink() if harm == "lost" else journal.write_bytes(left[harm])
    for times in range(3):
        if times == 2:
            without_snapshots(project.path)
        with Project.open(project.path) as again:
            assert len(again.warnings) == (times == 0)
            assert (painted(again) == frames).all()
            assert again.events(MOVIE_ID) == {"e1": accepted()}
            assert again.value("view") == [1, 2]
            assert list(again.movies) == [MOVIE_ID]
            assert again.undo() is None
    with Project.open(project.path) as again:
        assert again.new_path("models", "update", "").name != number


def test_painted_masks_are_moved_aside_if_nothing_else_is_left(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project, value=5))
    (without_snapshots(project.path) / JOURNAL).write_bytes(b"")
    with Project.open(project.path) as project:
        assert any("paint.damaged-1" in warning for warning in project.warnings)
        assert dict(project.movies) == {}
    kept = project.path / "paint.damaged-1" / f"{MOVIE_ID}.zarr"
    assert open_movie(kept, missing_chunks="fill").read(2).max() == 5


def test_paint_that_no_journal_speaks_of_is_deleted(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.apply(stroke(project, t=1, top=0, left=0))
        chunk = project.paint_file(MOVIE_ID) / "c" / "1" / "0" / "0"
    stale = chunk.parents[2] / "3" / "0" / "0"
    stale.parent.mkdir(parents=True)
    shutil.copy(chunk, stale)
    with Project.open(project.path) as project:
        assert not project.paint(MOVIE_ID).read(3).any()
        project.paint_file(MOVIE_ID)
        assert chunk.exists()
        assert not stale.exists()


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    folder = count_to(tmp_path / "p", 1)
    header = {"format": "napari-cell-events project", "version": 2, "journal": "x"}
    replace_line(folder, 0, checked_line(header))
    with pytest.raises(ProjectError, match="version 2, this program knows up to 1; update"):
        Project.open(folder)


def test_a_journal_of_another_program_is_refused(tmp_path: Path) -> None:
    folder = count_to(tmp_path / "p", 1)
    replace_line(folder, 0, checked_line({"format": "diary", "version": 1}))
    with pytest.raises(ProjectError, match="not part of a project"):
        Project.open(folder)


def test_entries_that_a_later_version_wrote_do_not_stop_an_older_one(tmp_path: Path) -> None:
    folder = count_to(tmp_path / "p", 1)
    later = [
        {"number": 2, "do": "annotate lineage", "of": 7},
        {"number": 3, "do": "edit", "title": "link", "changes": [{"lineage": 1}]},
        {"number": 4, "do": "movie", "id": "movie-1", "reference": {"cloud": "elsewhere"}},
        {"number": 5, "do": "remember", "key": "after", "value": 1},
    ]
    with (folder / JOURNAL).open("ab") as file:
        file.writelines(checked_line(body) for body in later)
    with Project.open(folder) as project:
        assert (project.value("count"), project.value("after")) == (1, 1)
        assert len(project.warnings) == 2


def test_paint_whose_movie_is_no_longer_described_waits_for_it(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        reference = project.movies[MOVIE_ID]
        project.apply(stroke(project))
    folder = without_snapshots(project.path)
    described = (folder / JOURNAL).read_bytes().splitlines(keepends=True)[1]
    replace_line(folder, 1, b"?" * (len(described) - 1) + b"\n")
    for _ in range(2):
        with Project.open(folder) as project:
            assert any("movie-1" in warning for warning in project.warnings)
            assert dict(project.movies) == {}
    replace_line(folder, 1, described)
    with Project.open(without_snapshots(folder)) as project:
        assert project.movies[MOVIE_ID] == reference
        assert painted(project).any()
