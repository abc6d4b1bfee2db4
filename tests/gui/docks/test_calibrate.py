"""The dock 'Calibrate': with a worker that asks no network."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from qtpy.QtGui import QDesktopServices
from qtpy.QtWidgets import QApplication

from cell_events.engine.header import ModelHeader
from cell_events.events import Event, read_events, write_events
from cell_events.gui.docks.calibrate import Calibrate
from cell_events.gui.layers.probability_colours import BY_KIND, BY_PROBABILITY, probability_colours
from cell_events.gui.running.model_headers import header_of
from tests.gui.small_movies import opened, painted, written
from tests.worker_with_trust_stand_ins import SHIFT, TEMPERATURE, TOO_FEW, write_header

STAND_INS = Path(__file__).parents[2] / "worker_with_trust_stand_ins.py"
SHAPE = (12, 40, 50)


@pytest.fixture
def cells(viewer, tmp_path):
    return opened(viewer, written(tmp_path / "movies" / "cells.tif", shape=SHAPE))


@pytest.fixture
def open_calibrate(open_job_dock):
    return partial(open_job_dock, Calibrate, STAND_INS)


def header(kind="events", classes=("division",)):
    return ModelHeader(kind, "none", {}, classes=classes)


def with_model(dock, **values):
    """A project with a model, two events that it proposed, and one that a person rejected."""
    dock.choice.look_again()
    project = dock.bench.project
    model = write_header(project.new_path("models", "events", ".safetensors"), header(**values))
    project.remember("model", f"models/{model.name}")
    csv = project.new_path("results", "events", ".csv")
    found = [Event(t, 10, 5 * t, score=0.1 * t, source=model.name) for t in (2, 5, 8)]
    write_events(csv, found)
    project.remember("proposals/movie-1", f"results/{csv.name}")
    dock.bench.show_events()
    dock.bench.events.reject([f"{csv.stem}/2"])
    dock.latest.follow()
    return model


def wanted(score):
    log_odds = np.log(score / (1 - score)) / TEMPERATURE + SHIFT[1]
    return 1 / (1 + np.exp(-log_odds))


def probabilities(dock):
    events = sorted(dock.bench.events.events.values(), key=lambda event: event.t)
    return [event.probability for event in events]


@pytest.mark.parametrize("button", ["calibrate", "detect_again"])
def test_an_empty_viewer_says_what_to_do(open_calibrate, button):
    dock = open_calibrate()
    getattr(dock.form, button).click()
    assert "There is no movie yet" in dock.form.run_bar.sentence


def test_without_a_model_one_is_asked_for(open_calibrate, cells):
    dock = open_calibrate()
    dock.form.calibrate.click()
    assert dock.form.run_bar.sentence.startswith("There is no model yet")


def test_the_latest_model_of_the_project_is_chosen_unless_another_is_loaded(
    open_calibrate, cells, tmp_path
):
    dock = open_calibrate()
    model = with_model(dock)
    assert dock.form.model.path == model
    other = write_header(tmp_path / "other.safetensors", header())
    dock.form.model.path = other
    dock.latest.follow()
    assert dock.form.model.path == other


def test_one_button_calibrates_and_every_event_gets_its_probability(open_calibrate, cells, run):
    dock = open_calibrate()
    model = with_model(dock)
    said = run(dock, dock.form.calibrate)
    assert "120 of nothing, 40 of division, in 12 blocks" in said
    assert "3 events have a probability now" in said
    assert header_of(model)["temperature"] == TEMPERATURE
    np.testing.assert_allclose(probabilities(dock), [wanted(0.2), wanted(0.5), wanted(0.8)])
    on_disk = read_events(dock.bench.proposals_path("movie-1"))
    np.testing.assert_allclose([e.probability for e in on_disk], probabilities(dock))
    assert dock.bench.events.events["events-1/2"].status == "rejected"


def test_the_points_take_the_colours_of_their_probabilities_and_the_table_shows_them(
    open_calibrate, cells, run
):
    dock = open_calibrate()
    with_model(dock)
    of_kind = dock.bench.points.layer.border_color.copy()
    run(dock, dock.form.calibrate)
    layer = dock.bench.points.layer
    told = layer.features["probability"].to_numpy(float)
    np.testing.assert_allclose(layer.border_color, probability_colours(told), atol=1e-6)
    np.testing.assert_allclose(np.sort(told), probabilities(dock))
    assert dock.form.colours.currentData() == BY_PROBABILITY
    assert not dock.form.key.isHidden()
    dock.form.colours.setCurrentIndex(dock.form.colours.findData(BY_KIND))
    dock.form.colours.activated.emit(0)
    np.testing.assert_allclose(layer.border_color, of_kind)
    assert dock.form.key.isHidden()


def test_the_report_is_shown_in_diagrams_figures_and_plain_words(open_calibrate, cells, run):
    dock = open_calibrate()
    form = dock.form
    with_model(dock)
    assert form.results.isHidden()
    run(dock, form.calibrate)
    before, after = form.plots.shown
    np.testing.assert_allclose(after.shares, [np.nan, 0.8])
    assert before.counts.tolist() == [0, 40]
    assert form.sentence.text() == (
        "Probabilities are closer to the truth than scores were. Where it now says "
        "80\N{NO-BREAK SPACE}%, 80 of 100 show a division; where it said so before, 50 of 100 did."
    )
    assert "<b>0.300</b>" in form.figures.text()
    assert "0.010\N{EN DASH}0.040" in form.figures.text()
    assert "T = <b>2.00</b>" in form.figures.text()
    assert form.kind.isHidden()  # there is one class only


def test_what_cannot_be_calibrated_is_one_sentence_and_nothing_painted_is_lost(
    open_calibrate, open_dock, cells, run
):
    dock = open_calibrate()
    with_model(dock)
    paint = open_dock()
    paint.form.new_paint.click()
    paint.form.paint.layer.paint((3, 20, 20), 1)
    dock.form.fit.setCurrentIndex(1)
    assert run(dock, dock.form.calibrate) == TOO_FEW
    assert painted(dock.bench.project)[3, 20, 20] == 1
    assert paint.form.paint.layer.data[3, 20, 20] == 1
    assert dock.form.results.isHidden()
    assert probabilities(dock) == [None] * 3


def test_the_job_has_what_the_form_says(open_calibrate, cells, run):
    dock = open_calibrate()
    with_model(dock)
    dock.form.crops.setCurrentIndex(1)
    dock.form.prior.setText("division=0.001")
    run(dock, dock.form.calibrate)
    job = dock.runs.last_job
    assert (job.crops, job.by, job.prior) == ("reviewed", "likelihood", "division=0.001")
    assert [event.t for event in read_events(job.events[0])] == [8]
    assert job.out is None


def test_detections_need_frames_that_are_done(open_calibrate, cells, run):
    dock = open_calibrate()
    with_model(dock)
    dock.form.crops.setCurrentIndex(dock.form.crops.findData("detections"))
    assert "give the done frames, or choose all crops" in run(dock, dock.form.calibrate)


def test_several_classes_are_shown_one_by_one_and_need_another_detection(
    open_calibrate, cells, run
):
    dock = open_calibrate()
    with_model(dock, classes=("division", "death"))
    assert "Press 'Detect again'" in run(dock, dock.form.calibrate)
    assert probabilities(dock) == [None] * 3
    assert not dock.form.kind.isHidden()
    dock.form.kind.setCurrentIndex(1)
    dock.form.kind.activated.emit(1)
    assert "show a death" in dock.form.sentence.text()
    assert "1 event found" in run(dock, dock.form.detect_again)
    assert 0.4 in probabilities(dock)
    assert dock.bench.points.colour_by == BY_PROBABILITY


def test_a_detector_of_mitoses_is_compared_with_the_points_in_its_annotated_frames(
    open_calibrate, cells, run
):
    dock = open_calibrate()
    with_model(dock, kind="mitosis")
    assert "No division is marked" in run(dock, dock.form.calibrate) or "No frames are named" in (
        dock.form.run_bar.sentence
    )
    dock.bench.events.add(Event(6, 20, 20))
    dock.bench.project.remember("mitosis/frames/movie-1", "4-9")
    run(dock, dock.form.calibrate)
    job = dock.runs.last_job
    assert (job.paints, job.done) == ((), ("4-9",))
    assert [event.t for event in read_events(job.events[0])] == [6]


def test_reopening_brings_report_and_colours_back(open_calibrate, viewer, cells, run):
    dock = open_calibrate()
    with_model(dock)
    run(dock, dock.form.calibrate)
    dock.shut_down()
    viewer.layers.clear()
    opened(viewer, Path(cells.source.path))
    again = open_calibrate()
    assert not again.form.results.isHidden()
    assert len(again.form.plots.shown) == 2
    assert again.bench.points.colour_by == BY_PROBABILITY
    assert None not in probabilities(again)


def test_the_report_opens_in_the_browser(open_calibrate, cells, run, monkeypatch):
    dock = open_calibrate()
    with_model(dock)
    dock.form.report.click()
    assert dock.form.run_bar.sentence.startswith("There is no report")
    run(dock, dock.form.calibrate)
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    dock.form.report.click()
    assert Path(shown[0].toLocalFile()) == dock.runs.last_job.report / "index.html"


def test_the_button_gives_its_command_line_without_doing_it(open_calibrate, cells, qtbot):
    dock = open_calibrate()
    with_model(dock)
    (action,) = dock.form.calibrate.actions()
    action.trigger()
    qtbot.waitUntil(lambda: QApplication.clipboard().text().startswith("cell-events calibrate "))
    assert "--model" in QApplication.clipboard().text()
    assert not dock.bench.queue.busy
