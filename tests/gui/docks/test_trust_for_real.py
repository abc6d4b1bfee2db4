"""Calibrate and explain in a real viewer, with real networks in a real worker."""

import numpy as np
import pytest
import tifffile
from napari.layers._source import layer_source

from cell_events import jobs
from cell_events.gui.docks.calibrate import Calibrate
from cell_events.gui.docks.why_here import WhyHere
from tests.synthetic import dividing_cells

FRAMES, SIDE = 24, 192


@pytest.fixture
def learned(tmp_path):
    """A movie and its paint in files, and a model that learned from half of the blocks."""
    cells, paint, _ = dividing_cells(n_frames=FRAMES, size=(SIDE, SIDE))
    for name, stack in (("cells", cells), ("paint", paint)):
        tifffile.imwrite(tmp_path / f"{name}.tif", stack, photometric="minisblack")
    job = jobs.Train(
        (jobs.MovieSource(tmp_path / "cells.tif", "TYX"),),
        (tmp_path / "paint.tif",),
        tmp_path / "model.safetensors",
        done=(f"0-{FRAMES - 1}",),
        crop_size=24,
        epochs=4,
        pairs_per_epoch=32,
        batch=16,
        rehearsals=1,
        validation=0.5,
        device="cpu",
    )
    list(jobs.run(job))
    return cells, paint, job


@pytest.fixture
def bench(learned, viewer):
    """A workbench with the movie, its paint and the model; all of its docks."""
    cells, paint, job = learned
    with layer_source(path=str(job.movies[0].path)):
        viewer.add_image(cells, name="cells")
    docks = [Calibrate(viewer), WhyHere(viewer)]
    for dock in docks:
        viewer.window.add_dock_widget(dock, name=type(dock).__name__)
    bench = docks[0].bench
    docks[0].choice.look_again()
    bench.paint.new_layer().data = paint
    bench.project.remember("done/movie-1", job.done[0])
    for dock in docks:
        dock.form.model.path = job.model
    yield docks
    for dock in docks:
        dock.shut_down()


def said(qtbot, dock, button):
    button.click()
    qtbot.waitUntil(lambda: dock.bench.queue.running is None, timeout=240_000)
    return dock.form.run_bar.sentence


@pytest.mark.slow
def test_detect_calibrate_and_explain_one_event(bench, qtbot):
    calibrate, why = bench
    events = calibrate.bench.events
    assert "found" in said(qtbot, calibrate, calibrate.form.detect_again)
    assert all(event.probability is None for event in events.events.values())
    told = said(qtbot, calibrate, calibrate.form.calibrate)
    assert "a probability now" in told, told
    found = [event.probability for event in events.events.values()]
    assert found
    assert all(probability is not None and 0 < probability < 1 for probability in found)
    before, after = calibrate.form.plots.shown
    assert before.counts.sum() == after.counts.sum() > 0
    events.select(str(events.ids[np.argmax(found)]))
    assert "Explained in the layer" in said(qtbot, why, why.form.explain)
    assert len(why.form.pair.pairs) == 1
    assert why.form.layer.count() > 3
    assert "rank correlation" in said(qtbot, why, why.form.check)
    assert len(why.form.random_pair.pairs) == 1
