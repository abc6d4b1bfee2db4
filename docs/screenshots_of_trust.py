"""Make the pictures of the page on trust from the current code: docs/images/trust-*.png.

    xvfb-run -a -s "-screen 0 1366x768x24" python docs/screenshots_of_trust.py

Everything in them is real: the simulated sample is opened by its command, its known divisions
are painted, a model learns from a part of them, is calibrated on the rest, and is explained. The
real sample has too few events for a calibration.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import napari  # noqa: TID251 - a script that shows the docks
from qtpy.QtWidgets import QPushButton  # noqa: TID251
from screenshots import SIZE, move_mouse, settle, take, true_divisions, wait

from cell_events.gui.docks.calibrate import Calibrate
from cell_events.gui.docks.paint_and_detect import PaintAndDetect
from cell_events.gui.docks.why_here import WhyHere

PLUGIN = "napari-cell-events"
HELD_OUT = 0.5
SHOWN = 14
"""Frame in the middle of the movie."""


def main() -> None:
    """Take every picture, in the order of the page."""
    with tempfile.TemporaryDirectory() as folder:
        viewer, dock = opened(Path(folder))
        learn(viewer, dock)
        calibrate(viewer)
        explain(viewer)
        dock.bench.queue.stop()
        viewer.close()


def opened(folder: Path) -> tuple[napari.Viewer, PaintAndDetect]:
    """Open the simulated sample, and paint its divisions with the brush."""
    viewer = napari.Viewer(title="napari")
    viewer.theme = "dark"
    viewer.window.resize(*SIZE)
    movie, truth = viewer.open_sample(PLUGIN, "simulated_cells")
    truth.visible = False
    viewer.layers.selection.active = movie
    _, dock = viewer.window.add_plugin_dock_widget(PLUGIN, "Paint & detect")
    dock.form.expert.folder.setText(str(folder))
    settle()
    viewer.reset_view()
    dock.form.new_paint.click()
    layer = dock.form.paint.layer
    layer.brush_size = 14
    for t, y, x in true_divisions(truth):
        layer.paint((int(t) - 1, y, x), 1)
        layer.paint((int(t), y, x), 1)
    layer.visible = False
    dock.form.done_frames.setText(f"0-{movie.data.shape[0] - 1}")
    dock.form.done_frames.editingFinished.emit()
    return viewer, dock


def learn(viewer: napari.Viewer, dock: PaintAndDetect) -> None:
    """Train with half of the blocks held out, and propose events."""
    dock.form.expert.held_out.setValue(HELD_OUT)
    run(dock, dock.form.thorough.train)
    dock.form.expert.threshold.setValue(0.2)
    run(dock, dock.form.thorough.detect)
    viewer.dims.set_current_step(0, SHOWN)


def calibrate(viewer: napari.Viewer) -> None:
    """Calibrate the model; its proposals take the colours of their probabilities."""
    _, dock = viewer.window.add_plugin_dock_widget(PLUGIN, "Calibrate", tabify=True)
    settle(1.0)
    run(dock, dock.form.calibrate)
    move_mouse(viewer, 0.02, 0.02)
    settle(1.0)
    take(viewer, "trust-calibrate")


def explain(viewer: napari.Viewer) -> None:
    """Explain the surest proposal and one frame."""
    _, dock = viewer.window.add_plugin_dock_widget(PLUGIN, "Why here?", tabify=True)
    settle(1.0)
    dock.bench.events.select(surest(dock))
    run(dock, dock.form.check)
    move_mouse(viewer, 0.02, 0.02)
    take(viewer, "trust-why-here")
    viewer.reset_view()
    run(dock, dock.form.explain_frames)
    wait(lambda: len(dock.form.regions.pairs) > 0)
    settle(1.0)
    take(viewer, "trust-regions")
    dock.shut_down()


def surest(dock: WhyHere) -> str:
    """Id of the event of the model with the highest score that lies well inside."""
    events = dock.bench.events.events
    inside = {i: e for i, e in events.items() if e.score and 60 < e.y < 196 and 60 < e.x < 196}
    return max(inside, key=lambda i: inside[i].score)


def run(dock: PaintAndDetect | Calibrate | WhyHere, button: QPushButton) -> None:
    """Press a button, and wait for the end of its job."""
    button.click()
    wait(lambda: dock.bench.queue.running is None)
    settle(1.0)


if __name__ == "__main__":
    main()
