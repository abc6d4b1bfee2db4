"""Answers about cells in the project and in files."""

import json

import numpy as np
import pytest
from napari.components import ViewerModel

from cell_events.dry_mass.flags import CellFlag, read_flags
from cell_events.dry_mass.review import answers_of, with_answers
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.review.cell_answers import CellAnswers
from cell_events.project import Project

FLAGS = [CellFlag(1, "flagged", 9.0, 4.0), CellFlag(2, "flagged", 8.0, 4.0), CellFlag(3, "normal")]


@pytest.fixture
def bench(open_bench):
    """A workbench that looks at a small movie."""
    viewer = ViewerModel()
    layer = viewer.add_image(np.zeros((4, 20, 30), np.uint8), name="movie")
    bench = open_bench(viewer)
    bench.look_at(layer, placement(layer, "TYX"))
    return bench


@pytest.fixture
def answers(bench, tmp_path):
    answers = CellAnswers(bench)
    answers.open("tracks-1", FLAGS, tmp_path / "flags.csv")
    return answers


def test_an_answer_is_in_the_project_at_once(answers, bench):
    answers.answer(1, "CA")
    assert answers.answers == {1: "CA"}
    assert bench.project.value("dry_mass/answers/tracks-1/1") == "CA"
    assert bench.project.undo_title == "answer cellular anomaly for cell 1"


def test_answers_are_undone_and_done_again_with_everything_else(answers, bench):
    told = []
    answers.changed.connect(lambda: told.append(dict(answers.answers)))
    answers.answer(1, "CA")
    answers.answer(1, "PA")
    bench.edits.undo()
    bench.edits.undo()
    bench.edits.redo()
    assert told == [{1: "CA"}, {1: "PA"}, {1: "CA"}, {}, {1: "CA"}]
    assert bench.errors == []


def test_answers_survive_in_the_project(answers, bench, tmp_path):
    answers.answer(2, "MA")
    path = bench.project.path
    bench.desk.close()
    with Project.open(path) as project:
        assert project.value("dry_mass/answers/tracks-1/2") == "MA"


def test_answers_reach_the_files_a_while_later(answers, tmp_path):
    answers.answer(1, "CMA")
    answers.answer(2, "PA")
    assert not (tmp_path / "flags.csv").exists()
    answers.write_if_waiting()
    assert answers_of(read_flags(tmp_path / "flags.csv")) == {1: "CMA", 2: "PA"}
    report = json.loads((tmp_path / "review.json").read_text())
    assert report["precision"]["value"] == 0.5
    (tmp_path / "review.json").unlink()
    answers.write_if_waiting()
    assert not (tmp_path / "review.json").exists(), "nothing waits any more"


def test_answers_of_the_file_hold_where_the_project_knows_none(bench, tmp_path):
    answers = CellAnswers(bench)
    answers.open("tracks-1", with_answers(FLAGS, {1: "CA", 2: "MA"}), tmp_path / "flags.csv")
    assert answers.answers == {1: "CA", 2: "MA"}
    answers.answer(2, "PA")
    assert answers.answers == {1: "CA", 2: "PA"}
    bench.edits.undo()
    assert answers.answers == {1: "CA", 2: "MA"}


def test_an_answer_that_was_taken_back_does_not_come_back_from_the_file(answers, bench, tmp_path):
    answers.answer(1, "CA")
    answers.write()
    bench.edits.undo()
    again = CellAnswers(bench)
    again.open("tracks-1", read_flags(tmp_path / "flags.csv"), tmp_path / "flags.csv")
    assert again.answers == {}


def test_another_track_table_has_answers_of_its_own(answers, tmp_path):
    answers.answer(1, "CA")
    answers.open("tracks-2", FLAGS, tmp_path / "other.csv")
    assert answers.answers == {}
    assert answers_of(read_flags(tmp_path / "flags.csv")) == {1: "CA"}, "written before it left"
    answers.open("tracks-1", FLAGS, tmp_path / "flags.csv")
    assert answers.answers == {1: "CA"}


def test_another_threshold_keeps_the_answers_of_the_file(bench, tmp_path):
    answers = CellAnswers(bench)
    answers.open("tracks-1", with_answers(FLAGS, {1: "CA"}), tmp_path / "flags.csv")
    answers.open("tracks-1", FLAGS, tmp_path / "flags.csv")
    assert answers.answers == {1: "CA"}


def test_without_a_movie_it_says_why_nothing_is_kept(open_bench, tmp_path):
    bench = open_bench()
    answers = CellAnswers(bench)
    answers.open("tracks-1", FLAGS, tmp_path / "flags.csv")
    answers.answer(1, "CA")
    assert answers.answers == {}
    assert "There is no movie yet" in bench.errors[0]


def test_a_file_that_cannot_be_written_says_so(answers, bench, tmp_path):
    answers.answer(1, "CA")
    answers.open("tracks-1", FLAGS, tmp_path / "gone" / "flags.csv")
    answers.answer(2, "CA")
    answers.write_if_waiting()
    assert "cannot be written" in bench.errors[0]
