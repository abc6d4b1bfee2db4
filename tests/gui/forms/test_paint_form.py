"""What the form offers at first, and how it tells of a job that takes several rounds."""

from dataclasses import fields

import pytest

from cell_events.gui.forms.model_picker import ModelPicker
from cell_events.gui.forms.run_bar import RunBar
from cell_events.jobs import Train


def report(stage, done=1, total=4):
    return {"stage": stage, "done": done, "total": total, "values": {}, "seconds_left": 5.0}


@pytest.fixture
def run_bar(qtbot):
    bar = RunBar()
    qtbot.addWidget(bar)
    return bar


def test_a_stage_that_comes_again_tells_its_round(run_bar):
    told = []
    for stage in ("learn", "learn", "try", "learn", "try"):
        run_bar.show_report(report(stage))
        told.append(run_bar.sentence.partition(",")[0])
    assert told == ["Learn", "Learn", "Try", "Round 2: learn", "Round 2: try"]


def test_rounds_are_counted_anew_in_each_job(run_bar):
    for stage in ("learn", "try", "learn"):
        run_bar.show_report(report(stage))
    run_bar.set_running(True)
    run_bar.show_report(report("learn"))
    assert run_bar.sentence == "Learn, 1 of 4"


def test_a_forgotten_model_gives_way_to_the_one_that_comes_along(qtbot, tmp_path):
    picker = ModelPicker("comes along", "Load.", "One comes along.")
    qtbot.addWidget(picker)
    assert picker.forget_button.isHidden()
    picker.path = tmp_path / "mine.safetensors"
    assert not picker.forget_button.isHidden()
    picker.forget_button.click()
    assert picker.path is None
    assert picker.forget_button.isHidden()


def test_the_dock_tells_that_one_can_begin_at_once(open_dock, movie):
    dock = open_dock()
    assert "update at once" in dock.form.run_bar.sentence
    assert dock.form.thorough.learn_arrow.text() == "Learn the time arrow (optional)"
    assert dock.form.thorough.arrow.path is None


def test_the_expert_form_begins_with_the_defaults_of_training(open_dock):
    values = open_dock().form.expert.values
    defaults = {field.name: field.default for field in fields(Train)}
    assert values.head == defaults["head"] == "pyramid"
    assert values.features == defaults["features"]
    assert values.rehearsals == defaults["rehearsals"]
    assert values.train_epochs == defaults["epochs"]
    assert values.window_px == defaults["crop_size"]
    assert values.held_out == defaults["validation"]


def test_training_needs_paint_alone_and_follows_the_expert_form(open_dock, movie):
    dock = open_dock()
    dock.form.expert.rehearsals.setValue(3)
    dock.form.expert.head.setCurrentText("linear")
    dock.form.new_paint.click()
    dock.form.paint.layer.data[2:4, 10:20, 10:20] = 1
    dock.form.done_frames.setText("0-5")
    dock.form.done_frames.editingFinished.emit()
    started = []
    dock.runner.start = started.append
    dock.form.thorough.train.click()
    job = run_out(started[0].steps)
    assert (job.head, job.rehearsals, job.tap, job.done) == ("linear", 3, None, ("0-5",))


def run_out(steps):
    """What a generator returns at its end."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def test_what_cannot_be_learned_with_is_refused_where_it_is_typed(open_dock, movie):
    dock = open_dock()
    dock.form.done_frames.setText("abc")
    dock.form.done_frames.editingFinished.emit()
    assert "must read like 0-20, 25" in dock.form.run_bar.sentence
    assert dock.bench.project is None
    dock.form.expert.kinds.setText("division, division")
    dock.form.expert.kinds.editingFinished.emit()
    assert "Two kinds of event are called the same" in dock.form.run_bar.sentence
    dock.form.expert.window_px.setValue(47)
    dock.form.expert.window_px.editingFinished.emit()
    assert dock.form.expert.values.window_px == 46
