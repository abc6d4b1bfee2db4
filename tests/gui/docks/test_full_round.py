"""The whole loop in a real viewer: learn, paint, train, detect, save; with real networks."""

from dataclasses import replace

import numpy as np
import pytest

from cell_events.events import read_events
from tests.synthetic import dividing_cells

SCALE, TRANSLATE = (60.0, 0.5, 0.5), (0.0, 10.0, 20.0)


QUICK = {
    "pretrain": {"epochs": 1, "pairs_per_epoch": 4, "batch": 2, "crop_size": 32},
    "train": {"epochs": 4, "batch": 8, "pairs_per_epoch": 64, "crop_size": 24, "head": "linear"},
    "detect": {"threshold": 0.2},
}


@pytest.fixture
def quick_dock(open_dock):
    """The dock with jobs that differ from a user's in size alone."""
    dock = open_dock()
    dock.form.expert.held_out.setValue(0)
    for verb, settings in QUICK.items():
        setattr(dock.bench.tasks, verb, made_quick(getattr(dock.bench.tasks, verb), settings))
    return dock


def made_quick(steps, settings):
    def quick_steps(*arguments):
        job = yield from steps(*arguments)
        return replace(job, **settings)

    return quick_steps


def run_to_the_end(qtbot, dock, button):
    button.click()
    qtbot.waitUntil(lambda: not dock.runner.busy, timeout=240_000)
    return dock.form.run_bar.sentence


@pytest.mark.slow
def test_from_a_movie_to_a_csv(quick_dock, viewer, qtbot, tmp_path):
    dock = quick_dock
    pixels, paint, _ = dividing_cells(10, (128, 128))
    movie = viewer.add_image(
        pixels, name="cells", scale=SCALE, translate=TRANSLATE, units=("s", "um", "um")
    )

    assert "time arrow is learned" in run_to_the_end(qtbot, dock, dock.form.thorough.learn_arrow)
    tap = dock.form.thorough.arrow.path

    dock.form.new_paint.click()
    dock.form.paint.layer.data = paint
    dock.form.done_frames.setText("0-9")
    dock.form.done_frames.editingFinished.emit()
    assert "Trained" in run_to_the_end(qtbot, dock, dock.form.thorough.train)
    assert dock.runner.last_job.tap == tap

    movie.name = "renamed"
    assert "events found" in run_to_the_end(qtbot, dock, dock.form.thorough.detect)
    points = viewer.layers["events in renamed"]
    assert {"kind", "score", "t", "y", "x"} <= set(points.features.columns)
    assert len(points.data) > 0
    first = points.features.iloc[0]
    np.testing.assert_allclose(
        points.data_to_world(points.data[0]),
        np.array(TRANSLATE) + np.array(SCALE) * first[["t", "y", "x"]].to_numpy(float),
    )

    dock.saved.write(tmp_path / "out.csv")
    events = read_events(tmp_path / "out.csv")
    assert len(events) == len(points.data)
    assert "t_s,y_um,x_um" in (tmp_path / "out.csv").read_text()

    dock.form.copy_command.click()
    assert "cell-events detect" in dock.form.run_bar.sentence
    assert "deleted with the viewer" in dock.form.run_bar.sentence


@pytest.mark.slow
def test_stop_ends_a_real_training_soon(quick_dock, viewer, qtbot):
    dock = quick_dock
    viewer.add_image(dividing_cells(10, (128, 128))[0])
    dock.bench.tasks.pretrain = made_quick(dock.bench.tasks.pretrain, {"epochs": 1000})
    dock.form.thorough.learn_arrow.click()
    qtbot.waitUntil(lambda: "Learn the time arrow, " in dock.form.run_bar.sentence, timeout=60_000)
    dock.form.run_bar.stop_button.click()
    qtbot.waitUntil(lambda: dock.form.run_bar.sentence == "Stopped.", timeout=60_000)
    assert dock.runner.client.process_id is not None
