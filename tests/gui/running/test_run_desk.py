"""Which dock takes up what a job makes."""

import pytest
from napari.components import ViewerModel

from cell_events.gui.running.unfinished_runs import finished_runs
from cell_events.jobs import Info, MovieSource, Pretrain
from cell_events.jobs.run_file import Outcome, Run, write_outcome
from tests.gui.small_movies import look_at, opened, written

TITLE = "Learn something"


@pytest.fixture
def bench(open_bench, tmp_path):
    """A workbench that looks at a movie of a project."""
    viewer = ViewerModel()
    bench = open_bench(viewer)
    look_at(bench, opened(viewer, written(tmp_path / "first" / "cells.tif")))
    bench.take_in()
    return bench


def learned(path="m.safetensors", movie="cells.tif"):
    return Pretrain((MovieSource(movie),), path)


def outcome(bench, title=TITLE, **what):
    path = bench.project.path / "runs" / "pretrain-1.result.json"
    write_outcome(Outcome(path, learned(bench.project.path / "m"), title, "2024-01-01", **what))


def taking(sentences):
    """What takes a result up by noting it."""

    def take_up(job, values):
        sentences.append(values)
        return "Taken up."

    return take_up


def test_a_run_is_known_as_long_as_its_dock_is_there(bench, tmp_path):
    owner, run = object(), Run(tmp_path / "a.json", Info(tmp_path), TITLE, "2024-01-01")
    assert not bench.runs.knows(run)
    bench.runs.add(owner, TITLE, taking([]))
    assert bench.runs.knows(run)
    bench.runs.remove(object())
    assert bench.runs.titles == {TITLE}
    bench.runs.remove(owner)
    assert not bench.runs.knows(run)


def test_what_was_finished_alone_waits_for_the_dock_that_knows_it(bench):
    taken = []
    outcome(bench, values={"steps": 3})
    bench.runs.show_finished()
    assert len(finished_runs(bench.project.path)) == 1
    bench.runs.add(object(), TITLE, taking(taken))
    bench.runs.show_finished()
    bench.runs.show_finished()  # once is enough
    assert taken == [{"steps": 3}]
    assert bench.sentences[-1] == "Taken up."


def test_an_error_is_said_once_and_taken_up_by_nobody(bench):
    taken = []
    bench.runs.add(object(), TITLE, taking(taken))
    outcome(bench, error="The disk is full.")
    bench.runs.show_finished()
    bench.runs.show_finished()
    assert taken == []
    assert bench.errors == [f"{TITLE} ended without a result: The disk is full."]


def test_a_result_whose_dock_was_closed_is_kept_for_it(bench):
    sentence = bench.runs._take_up(TITLE, learned(bench.project.path / "m"), {"steps": 3})
    assert "open its dock again" in sentence
    (kept,) = finished_runs(bench.project.path)
    assert (kept.title, kept.values) == (TITLE, {"steps": 3})


def test_the_movie_of_a_job_is_that_of_its_file_or_else_the_one_it_began_on(bench, tmp_path):
    first = bench.project.movies["movie-1"].path
    look_at(bench, opened(bench.viewer, written(tmp_path / "second" / "other.tif", seed=1)))
    bench.take_in()
    assert bench.runs.movie_of(learned(movie=first)) == "movie-1"
    assert bench.runs.movie_of(learned(movie=tmp_path / "a copy")) == "movie-2"
