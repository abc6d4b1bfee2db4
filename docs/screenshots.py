"""Make the pictures of the documentation from the current code: docs/images/*.png.

    xvfb-run -a -s "-screen 0 1366x768x24" python docs/screenshots.py

Everything in them is real: the classifier learns from the bundled paint, in a minute on two cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import imageio.v3 as imageio
import napari  # noqa: TID251 - a script that shows the dock
import tifffile
from qtpy.QtCore import QPoint  # noqa: TID251
from qtpy.QtTest import QTest  # noqa: TID251
from qtpy.QtWidgets import QApplication  # noqa: TID251

import cell_events
from cell_events.gui.docks.paint_and_detect import PaintAndDetect
from cell_events.gui.forms.vertical_scroll import VerticalScroll

SAMPLES = Path(cell_events.__file__).parent / "samples"
IMAGES = Path(__file__).parent / "images"
SIZE = (1366, 768)
TIMEOUT_S = 1800


def main() -> None:
    """Take every picture, in the order of the work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paint-rounds", type=int, default=50, help="how long paint is learned")
    paint_rounds = parser.parse_args().paint_rounds
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        viewer, dock = opened(Path(folder), paint_rounds)
        take(viewer, "dock")
        paint(viewer, dock)
        take(viewer, "painted")
        dock.form.train.click()
        wait(lambda: "Round 2: learn" in dock.form.run_bar.sentence or not dock.runner.busy)
        take(viewer, "training")
        finish(dock)
        move_mouse(viewer, 0.02, 0.02)  # beside the movie, where its mark is not seen
        settle()
        dock.form.detect.click()
        finish(dock)
        look_at_an_event(viewer)
        take(viewer, "detected")
        unfold_expert_settings(dock)
        viewer.theme = "light"
        take(viewer, "expert-light")
        dock.shut_down()
        viewer.close()


def opened(folder: Path, paint_rounds: int) -> tuple[napari.Viewer, PaintAndDetect]:
    """Open the bundled movie and the dock, as a user does."""
    viewer = napari.Viewer(title="napari")
    viewer.theme = "dark"
    viewer.window.resize(*SIZE)
    (movie,) = viewer.open(SAMPLES / "hela_h2b_movie.tif", plugin="napari")
    movie.gamma = 0.6  # faint nuclei are seen too
    _, dock = viewer.window.add_plugin_dock_widget("napari-cell-events", "Paint & detect")
    dock.form.expert.folder.setText(str(folder / "hela_h2b_movie.cellevents"))
    dock.form.expert.train_epochs.setValue(paint_rounds)
    dock.form.expert.held_out.setValue(0)  # the bundled movie is small
    settle()
    viewer.reset_view()
    viewer.dims.set_current_step(0, 10)
    return viewer, dock


def paint(viewer: napari.Viewer, dock: PaintAndDetect) -> None:
    """Put the bundled paint on a new events layer, where two divisions are."""
    dock.form.new_paint.click()
    layer = dock.form.paint.layer
    layer.data = tifffile.imread(SAMPLES / "hela_h2b_eventmask.tif")
    dock.form.done_frames.setText("6-18")
    painted = layer.data[6:19].any(axis=(1, 2)).nonzero()[0] + 6
    viewer.dims.set_current_step(0, int(painted[1]))
    move_mouse(viewer, 0.6, 0.4)  # the brush is drawn around it


def move_mouse(viewer: napari.Viewer, right: float, down: float) -> None:
    """Move the mouse to these shares of the canvas's width and height."""
    canvas = viewer.window._qt_viewer.canvas.native
    QTest.mouseMove(canvas, QPoint(round(canvas.width() * right), round(canvas.height() * down)))


def finish(dock: PaintAndDetect) -> None:
    """Wait for the end of a job, which must have succeeded."""
    wait(lambda: not dock.runner.busy)
    if "kept as" not in dock.form.run_bar.sentence:
        raise RuntimeError(dock.form.run_bar.sentence)


def look_at_an_event(viewer: napari.Viewer) -> None:
    """Go to the frame of the surest detection, with the paint out of the way."""
    events = next(layer for layer in viewer.layers if layer.name.startswith("events in"))
    for layer in viewer.layers:
        if layer.name.startswith("paint on"):
            layer.visible = False
    if len(events.data):
        surest = events.features["score"].astype(float).idxmax()
        viewer.dims.set_current_step(0, int(events.data[surest, 0]))


def unfold_expert_settings(dock: PaintAndDetect) -> None:
    """Show all expert settings, as a user would scroll to them."""
    dock.form.expert.folder.clear()
    dock.form.expert.expand(animate=False)
    settle()
    dock.findChild(VerticalScroll).ensureWidgetVisible(dock.form.expert)


def take(viewer: napari.Viewer, name: str) -> None:
    """Save the window as it is."""
    settle()
    imageio.imwrite(IMAGES / f"{name}.png", viewer.screenshot(canvas_only=False, flash=False))


def settle() -> None:
    """Let the window draw itself."""
    end = time.monotonic() + 0.5
    wait(lambda: time.monotonic() > end)


def wait(condition: Callable[[], object]) -> None:
    """Let the event loop run until something is so."""
    end = time.monotonic() + TIMEOUT_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("A job takes too long; see what else the machine does.")
        QApplication.processEvents()
        time.sleep(0.05)


if __name__ == "__main__":
    main()
