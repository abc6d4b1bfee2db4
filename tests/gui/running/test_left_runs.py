"""Runs that were interrupted, or ended while no viewer was there, in the dock of their project."""

import pytest

from cell_events.gui.forms.left_runs import LeftRuns
from cell_events.gui.running.close_guard import Choice
from cell_events.gui.running.unfinished_runs import finished_runs, unfinished_runs
from cell_events.jobs import Detect, MovieSource, Pretrain
from cell_events.jobs.run_file import Outcome, begin_run, offer_run, read_run, write_outcome
from tests.gui.small_movies import opened, written


def left_run(folder, number=1, word="model", title="Learn the time arrow"):
    """A run that kept a checkpoint before its process died."""
    job = Pretrain((MovieSource(folder / "movie.tif"),), folder / f"{word}.safetensors")
    run = begin_run(folder / "runs" / f"pretrain-{number}.json", job, title)
    run.job.checkpoint.write_bytes(b"where it was")
    return offer_run(run)


@pytest.fixture
def widget(qtbot):
    resumed = []
    widget = LeftRuns(resumed.append)
    widget.resumed = resumed
    qtbot.addWidget(widget)
    return widget


def test_nothing_is_shown_unless_a_run_was_left(widget, tmp_path):
    for folder in (None, tmp_path):
        widget.look_in(folder)
        assert widget.isHidden()
        assert widget.words == ""


def test_the_oldest_run_is_shown_and_resumed(widget, tmp_path):
    left_run(tmp_path, 2, title="Train")
    first = left_run(tmp_path, 1)
    later = tmp_path / "runs" / "pretrain-2.json"
    later.write_text(later.read_text().replace('"started": "20', '"started": "30'))
    widget.look_in(tmp_path)
    assert not widget.isHidden()
    assert widget.words.startswith("Interrupted: Learn the time arrow, begun ")
    widget.resume.click()
    assert widget.resumed == [first]
    assert widget.isHidden()


def test_a_run_that_is_forgotten_makes_room_for_the_next(widget, tmp_path):
    left_run(tmp_path, 1)
    left_run(tmp_path, 2)
    widget.look_in(tmp_path)
    widget.forget.click()
    assert len(unfinished_runs(tmp_path)) == 1
    assert not widget.isHidden()
    widget.forget.click()
    assert widget.isHidden()
    assert list((tmp_path / "runs").iterdir()) == []
    assert widget.resumed == []


def test_a_run_that_another_process_does_is_not_offered(widget, tmp_path):
    begin_run(tmp_path / "runs" / "pretrain-1.json", left_run(tmp_path).job, "Train")
    widget.look_in(tmp_path)  # this process does it
    assert widget.isHidden()


@pytest.fixture
def dock(stand_in_dock, viewer, tmp_path):
    """The dock with an open project beside a movie file; its worker only pretends."""
    movie = opened(viewer, written(tmp_path / "cells.tif"))
    stand_in_dock.form.movie.layer = movie
    stand_in_dock.form.new_paint.click()
    stand_in_dock.bench.queue.stop()  # the work ahead that 'New' begins
    return stand_in_dock


def test_what_was_left_is_shown_with_its_project_resumed_and_taken_up(dock, qtbot):
    project = dock.bench.project.path
    assert dock.left_runs.isHidden()
    run = left_run(project, word="slow")  # the stand-in that does its 30 steps
    events = Detect((MovieSource(project / "x.tif"),), project / "m", csv=project / "found.csv")
    (project / "found.csv").write_text("t,y,x,kind\n1,2,3,division\n")
    done = begin_run(project / "runs" / "detect-1.json", events, "Detect")
    write_outcome(Outcome.of(done, {"events": 1}))
    done.path.unlink()
    dock.bench.desk.close()
    dock.open_project_at(project)

    assert "1 event found" in dock.form.run_bar.sentence
    assert finished_runs(project) == []
    assert [event.t for event in dock.bench.events.events.values()] == [1]
    assert not dock.left_runs.isHidden()
    dock.left_runs.resume.click()
    assert dock.left_runs.isHidden()
    qtbot.waitUntil(lambda: "Slow" in dock.form.run_bar.sentence, timeout=60_000)
    assert read_run(run.path).is_running
    qtbot.waitUntil(lambda: not dock.runner.busy, timeout=60_000)
    assert dock.form.run_bar.sentence.startswith("The time arrow is learned")
    assert dock.runner.last_job == run.job
    assert unfinished_runs(project) == []
    assert dock.form.thorough.arrow.path == run.job.model


def test_an_outcome_that_is_an_error_is_said_once(dock):
    project = dock.bench.project.path
    run = left_run(project)
    write_outcome(Outcome.of(run, error="The disk is full."))
    dock.bench.desk.close()
    dock.open_project_at(project)
    assert "Learn the time arrow ended without a result: The disk is full." in (
        dock.form.run_bar.sentence
    )
    assert finished_runs(project) == []


def test_the_window_asks_before_it_closes_under_a_job_of_the_dock(dock, viewer, qtbot):
    qtbot.waitUntil(lambda: dock.bench.close_guard is not None)
    guard, asked = dock.bench.close_guard, []
    guard._ask = lambda _, title, can_finish: asked.append((title, can_finish)) or Choice.CANCEL
    window = viewer.window._qt_window
    window.show()
    dock.detect_with("endless")
    qtbot.waitUntil(lambda: "Endless" in dock.form.run_bar.sentence, timeout=60_000)
    assert not window.close()
    assert asked == [("Detect", True)]
    assert dock.runner.busy
    dock.form.run_bar.stop_button.click()
    qtbot.waitUntil(lambda: not dock.runner.busy, timeout=60_000)
    window.hide()
