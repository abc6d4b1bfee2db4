"""Make the pictures of the tutorial from the current code: docs/images/*.png.

    xvfb-run -a -s "-screen 0 1366x768x24" python docs/screenshots.py

Everything in them is real: the sample movie is opened by its command, divisions are painted with
the layer's own brush, proposals are judged by the known truth, and the networks learn.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import imageio.v3 as imageio
import napari  # noqa: TID251 - a script that shows the docks
import numpy as np
from napari.layers import Points  # noqa: TID251
from qtpy.QtCore import QPoint  # noqa: TID251
from qtpy.QtTest import QTest  # noqa: TID251
from qtpy.QtWidgets import QApplication  # noqa: TID251

from cell_events.gui.docks.paint_and_detect import PaintAndDetect
from cell_events.gui.docks.review_events import ReviewEvents
from cell_events.gui.docks.table_of_events import TableOfEvents
from cell_events.gui.forms.vertical_scroll import VerticalScroll

IMAGES = Path(__file__).parent / "images"
SIZE = (1366, 768)
TIMEOUT_S = 1800
PAINTED_DIVISIONS, JUDGED = 6, 20


def main() -> None:
    """Take every picture, in the order of the tutorial."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--paint-rounds", type=int, default=50, help="of the thorough training")
    arguments = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        viewer, dock, truth = opened(Path(folder))
        take(viewer, "dock")
        paint(viewer, dock, truth)
        take(viewer, "painted")
        update(viewer, dock)
        take(viewer, "updated")
        inbox = review(viewer, dock, truth)
        take(viewer, "review")
        dock.form.table.click()
        settle(1.0)
        take(viewer, "table")
        finish_review(viewer, dock, inbox, truth)
        take(viewer, "corrected")
        train(viewer, dock, arguments.paint_rounds)
        dock.bench.queue.stop()
        dock.shut_down()
        viewer.close()


def opened(folder: Path) -> tuple[napari.Viewer, PaintAndDetect, Points]:
    """Open the simulated sample and the dock, as a user does."""
    viewer = napari.Viewer(title="napari")
    viewer.theme = "dark"
    viewer.window.resize(*SIZE)
    movie, truth = viewer.open_sample("napari-cell-events", "simulated_cells")
    truth.visible = False
    viewer.layers.selection.active = movie
    _, dock = viewer.window.add_plugin_dock_widget("napari-cell-events", "Paint & detect")
    dock.form.expert.folder.setText(str(folder))
    settle()
    viewer.reset_view()
    viewer.dims.set_current_step(0, 10)
    return viewer, dock, truth


def paint(viewer: napari.Viewer, dock: PaintAndDetect, truth: Points) -> None:
    """Paint some divisions: mother before, daughters after."""
    dock.form.new_paint.click()
    layer = dock.form.paint.layer
    layer.brush_size = 14
    places = true_divisions(truth)
    places = places[(places[:, 0] >= 8) & (places[:, 0] <= 16)]
    for t, y, x in places[:PAINTED_DIVISIONS]:
        layer.paint((int(t) - 1, y, x), 1)
        layer.paint((int(t), y, x), 1)
    viewer.dims.set_current_step(0, int(places[0, 0]))
    move_mouse(viewer, 0.6, 0.4)  # the brush is drawn around it
    settle()


def update(viewer: napari.Viewer, dock: PaintAndDetect) -> None:
    """Update once, and wait until everything was looked at."""
    wait(lambda: dock.bench.queue.running is None)
    dock.form.update_row.once.click()
    wait(lambda: "to review" in dock.form.run_bar.sentence)
    move_mouse(viewer, 0.02, 0.02)  # beside the movie, where its mark is not seen
    settle(1.0)


def review(viewer: napari.Viewer, dock: PaintAndDetect, truth: Points) -> ReviewEvents:
    """Open the inbox, and decide about some proposals."""
    dock.form.review.click()
    settle(1.0)
    inbox = viewer.window._qt_window.findChild(ReviewEvents)
    inbox.inbox.session.begin()
    for _ in range(JUDGED):
        judge(dock, inbox, truth)
    settle(1.0)
    return inbox


def judge(dock: PaintAndDetect, inbox: ReviewEvents, truth: Points) -> None:
    """Decide about the event in the inbox as somebody who knows the truth."""
    event = dock.bench.events.get(dock.bench.events.selected_id)
    if event is None:
        return
    near = np.abs(true_divisions(truth) - (event.t, event.y, event.x)) <= (1, 10, 10)
    session = inbox.inbox.session
    (session.accept if near.all(axis=1).any() else session.reject)()
    QApplication.processEvents()


def finish_review(
    viewer: napari.Viewer, dock: PaintAndDetect, inbox: ReviewEvents, truth: Points
) -> None:
    """Update with the decisions, and measure by a random audit."""
    update(viewer, dock)
    inbox.inbox.session.order = "random audit"
    inbox.inbox.session.begin()
    for _ in range(JUDGED):
        judge(dock, inbox, truth)
    settle(1.0)


def train(viewer: napari.Viewer, dock: PaintAndDetect, rounds: int) -> None:
    """Show a thorough training with its curves, in the light theme."""
    dock.form.expert.train_epochs.setValue(rounds)
    viewer.window.remove_dock_widget(dock.window().findChild(ReviewEvents))
    viewer.theme = "light"
    viewer.window.remove_dock_widget(dock.window().findChild(TableOfEvents))
    dock.form.thorough.expand(animate=False)
    dock.form.curves.fold.expand(animate=False)
    dock.form.thorough.train.click()
    wait(lambda: "Round 2: learn" in dock.form.run_bar.sentence or not dock.runner.busy)
    settle(1.5)
    take(viewer, "training")
    dock.form.thorough.collapse(animate=False)
    dock.form.curves.fold.collapse(animate=False)
    dock.form.expert.folder.clear()
    dock.form.expert.expand(animate=False)
    settle()
    dock.findChild(VerticalScroll).ensureWidgetVisible(dock.form.expert)
    take(viewer, "expert-light")


def true_divisions(truth: Points) -> np.ndarray:
    """Times and places (N, 3) of the known divisions that a pair of frames shows."""
    places = np.asarray(truth.data)[truth.features["kind"] == "division"]
    return places[places[:, 0] > 0]


def move_mouse(viewer: napari.Viewer, right: float, down: float) -> None:
    """Move the mouse to these shares of the canvas's width and height."""
    canvas = viewer.window._qt_viewer.canvas.native
    QTest.mouseMove(canvas, QPoint(round(canvas.width() * right), round(canvas.height() * down)))


def take(viewer: napari.Viewer, name: str) -> None:
    """Save the window as it is."""
    settle()
    imageio.imwrite(IMAGES / f"{name}.png", viewer.screenshot(canvas_only=False, flash=False))


def settle(seconds: float = 0.5) -> None:
    """Let the window draw itself."""
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end)


def wait(condition: Callable[[], object]) -> None:
    """Let the event loop run until something is so."""
    end = time.monotonic() + TIMEOUT_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("A job takes too long; see what else the machine does.")
        QApplication.processEvents()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
