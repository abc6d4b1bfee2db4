"""The dock 'Evaluate': lists of events compared by a real worker."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication

from cell_events import jobs
from cell_events.events import Event, write_events
from cell_events.gui.docks.evaluate import Evaluate
from cell_events.gui.docks.review_events import ReviewEvents
from cell_events.gui.forms.evaluate_form import BEGIN, DECIDED, PROPOSED
from cell_events.gui.forms.evaluation_tables import what
from cell_events.gui.forms.events_chooser import EventsChoice
from cell_events.gui.layers.events_layer import events_of_layer, new_events_layer
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.running.job_runner import JobRunner
from cell_events.gui.running.worker_client import WorkerClient
from cell_events.jobs import report_to_json
from tests.gui.small_movies import opened, written


class InPlace(WorkerClient):
    """A worker without a process of its own: these jobs take no time."""

    def submit(self, job):
        QTimer.singleShot(0, lambda: self._run(job))
        return 1

    def _run(self, job):
        try:
            for report in map(report_to_json, jobs.run(job)):
                values = json.loads(json.dumps(report))
                if "result" in values:
                    self.result.emit(1, values["result"])
        except (ValueError, OSError) as error:
            self.error.emit(1, str(error))


SHAPE = (30, 60, 80)
TRUTH = [
    Event(4, 10, 10, status="accepted"),
    Event(9, 30, 30, status="accepted"),
    Event(20, 50, 70, kind="death", status="accepted"),
]
FOUND = [
    Event(5, 11, 12, score=0.9),
    Event(20, 50, 69, score=0.6),
    Event(15, 20, 60, score=0.3),
]
OTHER = [Event(9, 30, 31, score=0.8), Event(4, 10, 10, score=0.7)]


@pytest.fixture
def cells(viewer, tmp_path):
    path = written(tmp_path / "movies" / "cells.tif", shape=SHAPE)
    return opened(viewer, path, scale=(120, 0.5, 0.5), units=("s", "um", "um"))


@pytest.fixture
def client():
    """What does the jobs."""
    return InPlace()


@pytest.fixture
def dock(viewer, cells, client):
    dock = Evaluate(viewer, JobRunner(client=client))
    viewer.window.add_dock_widget(dock, name="Evaluate")
    yield dock
    dock.shut_down()


@pytest.fixture
def truth(viewer, cells):
    return viewer.add_layer(
        new_events_layer(TRUTH, placement(cells, "TYX"), ("division", "death"), "by Ann")
    )


@pytest.fixture
def csv(tmp_path):
    write_events(tmp_path / "new.csv", FOUND)
    write_events(tmp_path / "old.csv", OTHER)
    return tmp_path / "new.csv"


@pytest.fixture
def evaluated(dock, truth, csv, run):
    """The dock after an evaluation, and what it says."""
    dock.form.found.choice = EventsChoice(path=csv)
    dock.form.truth.choice = EventsChoice(layer=truth)
    return dock, run(dock, dock.form.evaluate)


def propose(dock, tmp_path, events):
    """Let these be the proposals of the movie."""
    dock.choice.look_again()
    project = dock.bench.project
    path = project.new_path("results", "events", ".csv")
    write_events(path, events)
    project.remember("proposals/movie-1", path.relative_to(project.path).as_posix())
    dock.bench.show_events()


def listed(dock):
    return [(event.t, what(event)) for event in dock.form.errors.events]


@pytest.mark.parametrize("client", [pytest.param(None, id="a process of its own")])
def test_the_worker_compares_lists(evaluated):
    assert evaluated[1].startswith("F1 0.33")


def test_a_layer_and_a_csv_are_compared(evaluated):
    dock, said = evaluated
    assert said.startswith("F1 0.33")
    assert "1</b> found, <b>2</b> missed, <b>2</b> false alarms" in dock.form.counts.text()
    assert not dock.form.results.isHidden()
    assert dock.form.confusion.item(1, 1).text() == "1"  # divisions found as such
    assert dock.form.confusion.item(0, 1).text() == "1"  # a death found as division
    assert listed(dock) == [(9, "missed"), (15, "false alarm"), (20, "is a death")]
    assert "nobody can tell whether the model has learned" in dock.form.caution.text()
    assert "<b>There are only 3 true events" in dock.form.caution.text()
    assert "hits / (hits + missed)" in dock.form.figures.toolTip()
    assert dock.form.curve.legend.text().endswith("new")


def test_the_job_knows_the_scale_of_the_movie(evaluated):
    job = evaluated[0].runs.last_job
    assert (job.pixel_size_um, job.frame_interval_s) == (0.5, 120)
    assert job.truth.name == "by-Ann-1.csv"
    folder = evaluated[0].jobs.folder
    assert json.loads((folder / "scores.json").read_text())["settings"]["pixel_size_um"] == 0.5


def test_a_click_on_an_error_goes_there(evaluated, viewer):
    dock, _ = evaluated
    dock.form.errors.setCurrentCell(1, 0)
    assert viewer.dims.current_step[0] == 15
    assert viewer.scene.camera.center[-2:] == pytest.approx((10, 30))  # 20 and 60 px of 0.5 um


def test_a_click_on_a_bar_goes_to_its_frame(evaluated, viewer):
    dock, _ = evaluated
    assert dock.form.over_time.frame_at(9.3) == 9
    assert dock.form.over_time.frame_at(99) == 20
    dock.form.over_time.frame_clicked.emit(9)
    assert viewer.dims.current_step[0] == 9


def test_false_alarms_are_drawn_downwards_but_counted_upwards(evaluated):
    axis = evaluated[0].form.over_time._plot.getAxis("left")
    assert axis.tickStrings([-5, 0, 5], 1, 5) == ["5", "0", "5"]
    assert axis.tickStrings([-0.5, 1], 1, 0.5) == ["", "1"]


def test_nothing_found_is_said_without_a_point_on_the_curve(dock, truth, run, tmp_path):
    write_events(tmp_path / "none.csv", [])
    dock.form.found.choice = EventsChoice(path=tmp_path / "none.csv")
    dock.form.truth.choice = EventsChoice(layer=truth)
    assert run(dock, dock.form.evaluate).startswith("F1 0.00, from 3 true events; the page is")
    assert dock.form.curve.legend.text().endswith(" none")
    assert "<b>No event was found here" in dock.form.caution.text()


def test_an_error_about_no_movie_goes_when_a_movie_comes(viewer, tmp_path):
    dock = Evaluate(viewer, JobRunner(client=InPlace()))
    dock.form.evaluate.click()
    assert dock.form.run_bar.sentence.startswith("There is no movie yet")
    opened(viewer, written(tmp_path / "cells.tif", shape=SHAPE))
    assert dock.form.run_bar.sentence == BEGIN
    assert not dock.form.run_bar.shows_error
    dock.shut_down()


def test_a_click_on_a_number_lists_its_events(evaluated):
    dock, _ = evaluated
    dock.form.confusion.cellClicked.emit(1, 1)
    assert listed(dock) == [(5, "hit, 1 late")]
    dock.form.confusion.cellClicked.emit(0, 1)
    assert (20, "is a death") in listed(dock)
    assert dock.form.tabs.currentWidget() is dock.form.error_page
    dock.form.all_errors.click()
    assert len(listed(dock)) == 3


def test_disagreements_wait_in_the_inbox_until_the_proposals_come_back(
    dock, truth, run, tmp_path, viewer
):
    propose(dock, tmp_path, FOUND)
    dock.form.truth.choice = EventsChoice(layer=truth)
    run(dock, dock.form.evaluate)
    assert dock.form.back.isHidden()
    dock.form.send.click()
    assert "4 of 4 disagreements wait in the inbox" in dock.form.run_bar.sentence
    events = dock.bench.events.events.values()
    assert {e.t for e in events} == {9, 15, 20}
    inbox = viewer.window._qt_window.findChild(ReviewEvents).inbox
    inbox.session.order = "in time order"
    inbox.session.begin()
    assert "found by truth: missed by events-1" in inbox.form.details.text()
    run(dock, dock.form.evaluate)
    assert dock.runs.last_job.found.name == "events-1.csv"  # not the disagreements
    dock.form.back.click()
    assert {e.t for e in dock.bench.events.events.values()} == {5, 15, 20}
    assert dock.form.back.isHidden()


def test_decisions_stay_where_disagreements_lie(dock, truth, csv, run):
    dock.choice.look_again()
    dock.bench.events.add(Event(9, 30, 30))
    dock.form.found.choice = EventsChoice(path=csv)
    dock.form.truth.choice = EventsChoice(layer=truth)
    run(dock, dock.form.evaluate)
    dock.form.send.click()
    assert "3 of 4 disagreements wait" in dock.form.run_bar.sentence
    assert "1 lie where you have decided" in dock.form.run_bar.sentence


def test_what_was_decided_is_the_truth_and_undecided_proposals_are_named(dock, run, tmp_path):
    propose(dock, tmp_path, FOUND)
    dock.bench.events.accept(["events-1/0"])
    said = run(dock, dock.form.evaluate)
    assert said.startswith("F1 0.50")
    assert "2 proposals are undecided and count as false alarms" in said


def test_a_model_of_the_project_is_asked_where_it_has_not_learned(dock, truth, run, tmp_path):
    propose(dock, tmp_path, [replace(event, source="events-1.safetensors") for event in FOUND])
    model = dock.bench.project.path / "models" / "events-1.safetensors"
    model.parent.mkdir(exist_ok=True)
    model.write_bytes(b"no model")
    dock.form.truth.choice = EventsChoice(layer=truth)
    assert "events-1.safetensors is not a model file" in run(dock, dock.form.evaluate)
    job = dock.runs.last_job
    assert (job.model, job.where) == (model, "auto")
    assert Path(job.of_movie).name == "cells.tif"
    dock.form.everywhere.setChecked(True)
    run(dock, dock.form.evaluate)
    assert dock.runs.last_job.where == "everywhere"


def test_two_lists_are_compared(evaluated, csv, run):
    dock, _ = evaluated
    dock.form.against.choice = EventsChoice(path=csv.with_name("old.csv"))
    run(dock, dock.form.evaluate)
    assert "both found 1, only this one 0, only the other 1, neither 1" in dock.form.counts.text()
    assert "difference" in dock.form.figures.text()
    assert "old" in dock.form.curve.legend.text()
    dock.form.send.click()
    assert {e.extra["found_by"] for e in dock.bench.events.events.values()} == {"new", "old"}


def test_the_last_evaluation_is_shown_when_the_dock_is_opened_again(evaluated, viewer):
    dock, _ = evaluated
    again = Evaluate(viewer)
    viewer.window.add_dock_widget(again, name="again")
    assert listed(again) == listed(dock)
    assert again.form.counts.text() == dock.form.counts.text()
    again.shut_down()


def test_a_command_repeats_it(evaluated):
    dock, _ = evaluated
    dock.form.copy_command.click()
    words = QApplication.clipboard().text().split()
    assert words[:2] == ["cell-events", "evaluate"]
    assert Path(words[2]).name == "new.csv"
    assert {"--page", "--pixel-size", "--frame-interval"} <= set(words)


def test_empty_lists_and_equal_ones_are_refused_in_one_sentence(dock, truth, run):
    assert "There are no proposals for this movie yet" in run(dock, dock.form.evaluate)
    dock.form.found.choice = EventsChoice(layer=truth)
    assert "Nothing was accepted or added" in run(dock, dock.form.evaluate)
    dock.form.truth.choice = EventsChoice(layer=truth)
    assert "are the same list" in run(dock, dock.form.evaluate)
    dock.form.send.click()
    assert "Nothing was evaluated yet" in dock.form.run_bar.sentence


def test_an_empty_viewer_says_what_to_do(viewer):
    dock = Evaluate(viewer)
    viewer.window.add_dock_widget(dock, name="Evaluate")
    dock.form.evaluate.click()
    assert "There is no movie yet" in dock.form.run_bar.sentence
    dock.shut_down()


def test_a_damaged_page_shows_nothing(evaluated, viewer):
    dock, _ = evaluated
    (dock.jobs.folder / "scores.json").write_text("{")
    dock.show_all()
    assert dock.form.results.isHidden()


def test_layers_come_and_go_in_the_lists(dock, truth, viewer):
    chooser = dock.form.found
    names = [chooser.itemText(i) for i in range(chooser.count())]
    assert names[0] == "proposals of this movie"
    assert "layer by Ann" in names
    chooser.choice = EventsChoice(layer=truth)
    truth.name = "by Bob"
    assert chooser.currentText() == "layer by Bob"
    viewer.layers.remove(truth)
    assert chooser.choice == EventsChoice(PROPOSED)
    assert dock.form.truth.choice == EventsChoice(DECIDED)


def test_points_moved_by_hand_are_compared_where_they_lie(evaluated, truth, run):
    dock, _ = evaluated
    truth.data = truth.data + np.array([0, 0, 30])
    where = placement(dock.form.movie.layer, "TYX")
    assert events_of_layer(truth, where)[0].x == 40
    run(dock, dock.form.evaluate)
    assert "<b>0</b> found, <b>3</b> missed" in dock.form.counts.text()
