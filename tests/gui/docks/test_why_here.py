"""The dock 'Why here?': with a worker that asks no network."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication

from cell_events.engine.header import ModelHeader
from cell_events.events import Event
from cell_events.gui.docks.review_events import ReviewEvents
from cell_events.gui.docks.why_here import WhyHere
from cell_events.gui.layers.our_layers import ATTENTION, REGIONS, role_of
from tests.gui.small_movies import opened, written
from tests.worker_with_trust_stand_ins import SILENT, UNKNOWN, write_header

STAND_INS = Path(__file__).parents[2] / "worker_with_trust_stand_ins.py"
SHAPE = (12, 60, 80)


@pytest.fixture
def cells(viewer, tmp_path):
    return opened(viewer, written(tmp_path / "movies" / "cells.tif", shape=SHAPE), scale=(1, 2, 2))


@pytest.fixture
def open_why(open_job_dock):
    return partial(open_job_dock, WhyHere, STAND_INS)


@pytest.fixture
def dock(open_why, cells):
    """The dock with a selected event."""
    dock = open_why()
    dock.choice.look_again()
    dock.bench.events.select(dock.bench.events.add(Event(6, 30, 40)))
    return dock


def ours(viewer, role):
    return [layer for layer in viewer.layers if role_of(layer) == role]


@pytest.mark.parametrize("button", ["explain", "check", "explain_frames"])
def test_an_empty_viewer_says_what_to_do(open_why, button):
    dock = open_why()
    getattr(dock.form, button).click()
    assert "There is no movie yet" in dock.form.run_bar.sentence


def test_without_a_selected_event_one_is_asked_for(open_why, cells):
    dock = open_why()
    dock.form.explain.click()
    assert dock.form.run_bar.sentence.startswith("No event is selected")
    assert dock.form.event_words.text().startswith("No event is selected")


def test_one_click_shows_the_crops_and_the_map_where_the_event_is(dock, viewer, cells, run):
    assert "division, added: frame 6" in dock.form.event_words.text()
    assert "layer up" in run(dock, dock.form.explain)
    (pair,) = dock.form.pair.pairs
    assert pair.words == "frames 5 and 6"
    assert pair.after[3, 4, 0] > pair.before[3, 4, 0]  # the map speaks in the second frame
    assert "'division' (output of the network there: +2.5)" in dock.form.told.text()
    (layer,) = ours(viewer, ATTENTION)
    np.testing.assert_allclose(layer.scale, (1, 2, 2))
    np.testing.assert_allclose(layer.translate, (5, 2 * 26, 2 * 36))
    assert (layer.blending, layer.data[1, 3, 4]) == ("additive", 7)
    assert viewer.layers.index(layer) == viewer.layers.index(cells) + 1


def test_another_event_takes_the_explanation_away(dock, viewer, run):
    run(dock, dock.form.check)
    dock.bench.events.select(dock.bench.events.add(Event(8, 10, 10)))
    assert dock.form.pair.isHidden()
    assert dock.form.random_pair.isHidden()
    assert dock.form.sanity.isHidden()
    assert ours(viewer, ATTENTION) == []
    assert "frame 8" in dock.form.event_words.text()


def test_the_sanity_check_shows_both_maps_and_says_what_they_mean(dock, run):
    said = run(dock, dock.form.check)
    assert "another one (rank correlation 0.12): it depends on what was learned" in said
    assert dock.form.sanity.text() == said
    (pair,) = dock.form.random_pair.pairs
    assert pair.before[3, 4, 0] > pair.before[0, 0, 0]
    assert (pair.after[..., 0] == pair.after[0, 0, 0]).all()
    run(dock, dock.form.explain)
    assert dock.form.random_pair.isHidden()  # it belonged to the earlier map


def offered(box):
    return [box.itemText(i) for i in range(box.count())]


def test_classes_and_layers_are_those_of_the_model_from_the_beginning(dock, run):
    form = dock.form
    assert offered(form.kind) == ["the usual one", "in the order given", "reversed"]
    assert offered(form.layer) == [
        "the usual one",
        *(f"backbone.down.{level}" for level in range(4)),
        "backbone.up.2 (the usual one)",
        "backbone.up.1",
        "backbone.up.0",
        "backbone.to_features",
        "projection",
    ]
    form.layer.setCurrentIndex(2)
    form.kind.setCurrentIndex(2)
    assert "layer backbone.down.1" in run(dock, form.explain)
    assert form.layer.currentData() == "backbone.down.1"
    assert (dock.runs.last_job.kind, dock.runs.last_job.layer) == ("reversed", "backbone.down.1")


def test_another_model_brings_its_own_classes_and_layers(dock, tmp_path):
    arguments = {"tap": {"depth": 2}, "head": "linear"}
    header = ModelHeader("events", "event_classifier", arguments, ("division", "death"))
    dock.form.kind.setCurrentIndex(1)
    dock.form.model.path = write_header(tmp_path / "cells.safetensors", header)
    assert offered(dock.form.kind) == ["the usual one", "division", "death", "nothing"]
    assert dock.form.kind.currentIndex() == 0
    assert "tap.backbone.up.1 (the usual one)" in offered(dock.form.layer)
    assert offered(dock.form.layer)[-1] == "head.standardise"
    dock.form.model.path = tmp_path / "gone.safetensors"
    assert offered(dock.form.layer) == ["the usual one"]


def test_a_map_that_is_zero_everywhere_is_told(dock, run):
    dock.form.layer.addItem(SILENT, SILENT)
    dock.form.layer.setCurrentIndex(dock.form.layer.count() - 1)
    assert "zero everywhere" in run(dock, dock.form.explain)
    assert dock.form.told.text().startswith("The map is zero everywhere: no place speaks for 'div")


def test_an_event_at_the_rim_stays_in_the_middle_and_nothing_is_shown_beyond(dock, viewer, run):
    dock.bench.events.select(dock.bench.events.add(Event(6, 1, 79)))
    run(dock, dock.form.check)
    for pairs in (dock.form.pair, dock.form.random_pair):
        (pair,) = pairs.pairs
        assert pair.after.shape == (8, 8, 4)
        opaque = pair.after[..., 3] == 255
        assert opaque[3:, :5].all()
        assert opaque.sum() == 5 * 5
    (layer,) = ours(viewer, ATTENTION)
    assert layer.data.shape == (2, 5, 5)
    np.testing.assert_allclose(layer.translate, (5, 0, 2 * 75))


def test_an_error_is_one_sentence_and_the_dock_lives_on(dock, run):
    dock.form.layer.addItem(UNKNOWN, UNKNOWN)
    dock.form.layer.setCurrentIndex(dock.form.layer.count() - 1)
    assert run(dock, dock.form.explain) == "This model has no layer 'sideways'; it has down, up."
    dock.form.layer.setCurrentIndex(0)
    assert "layer up" in run(dock, dock.form.explain)


def test_whole_frames_show_a_map_numbered_regions_and_their_crops(dock, viewer, run, qtbot):
    dock.form.frames.setText("3-4")
    dock.form.top.setValue(3)
    assert "2 frames explained for 'division'" in run(dock, dock.form.explain_frames)
    qtbot.waitUntil(lambda: len(dock.form.regions.pairs) == 3)
    assert [pair.number for pair in dock.form.regions.pairs] == ["1", "2", "3"]
    assert "frames 2 and 3" in dock.form.regions_words.text()
    (layer,) = ours(viewer, ATTENTION)
    assert not isinstance(layer.data, np.ndarray)  # read frame by frame
    assert layer.contrast_limits == [0, 3]
    (points,) = ours(viewer, REGIONS)
    assert points.features["rank"].max() == 3
    assert len(points.data) == 2 * 3 * 2  # two frames, in both frames of their pairs
    np.testing.assert_allclose(points.scale, (1, 2, 2))


def test_a_click_on_a_crop_goes_to_the_region(dock, viewer, run, qtbot):
    dock.form.frames.setText("3-4")
    run(dock, dock.form.explain_frames)
    qtbot.waitUntil(lambda: len(dock.form.regions.pairs) == 8)
    viewer.dims.set_current_step(0, 9)
    centre = dock.form.regions._box(1).center()
    qtbot.mouseClick(dock.form.regions, Qt.MouseButton.LeftButton, pos=centre)
    assert viewer.dims.current_step[0] == 3
    np.testing.assert_allclose(viewer.scene.camera.center[-2:], (2 * 8, 2 * 10))


def test_the_crops_follow_the_time_slider_to_frames_that_were_explained(dock, viewer, run, qtbot):
    dock.form.frames.setText("3-4")
    run(dock, dock.form.explain_frames)
    words = dock.form.regions_words
    qtbot.waitUntil(lambda: "frames 2 and 3" in words.text())
    viewer.dims.set_current_step(0, 4)
    qtbot.waitUntil(lambda: "frames 3 and 4" in words.text())
    viewer.dims.set_current_step(0, 9)
    assert "frames 3 and 4" in words.text()


def test_without_a_range_the_shown_frame_is_explained(dock, viewer, run):
    viewer.dims.set_current_step(0, 7)
    run(dock, dock.form.explain_frames)
    assert dock.runs.last_job.frames == "7"


def test_reopening_brings_the_maps_of_frames_back(dock, open_why, viewer, cells, run, qtbot):
    dock.form.frames.setText("3-4")
    run(dock, dock.form.explain_frames)
    dock.shut_down()
    viewer.layers.clear()
    opened(viewer, Path(cells.source.path))
    again = open_why()
    qtbot.waitUntil(lambda: len(again.form.regions.pairs) == 8)
    assert len(ours(viewer, ATTENTION)) == len(ours(viewer, REGIONS)) == 1


def test_every_button_gives_its_command_line_without_doing_it(dock, qtbot):
    (action,) = dock.form.explain.actions()
    action.trigger()
    qtbot.waitUntil(lambda: QApplication.clipboard().text().startswith("cell-events explain "))
    assert "--events" in QApplication.clipboard().text()
    assert not dock.bench.queue.busy


def test_a_key_in_the_inbox_explains_the_event_that_is_reviewed(dock, viewer, qtbot, monkeypatch):
    opened_docks = []

    def open_dock(plugin, name, tabify):
        opened_docks.append(name)
        return None, dock

    monkeypatch.setattr(viewer.window, "add_plugin_dock_widget", open_dock)
    review = ReviewEvents(viewer)
    viewer.window.add_dock_widget(review, name="Review events")
    assert not review.inbox.form.buttons["why"].isEnabled()  # nothing is selected yet
    dock.bench.events.select(next(iter(dock.bench.events.events)))
    assert review.inbox.form.buttons["why"].isEnabled()
    review.inbox.handlers["why"]()
    qtbot.waitUntil(lambda: len(dock.form.pair.pairs) == 1, timeout=20_000)
    assert opened_docks == ["Why here?"]
    review.shut_down()
