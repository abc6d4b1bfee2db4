"""Make the pictures of the page on mitoses from the current code: docs/images/mitosis-*.png.

    xvfb-run -a -s "-screen 0 1366x768x24" python docs/screenshots_of_mitosis.py

Everything in them is real: the sample movie is opened by its command, the networks learn, and the
points lie where divisions are known to be.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import napari  # noqa: TID251 - a script that shows the docks
import numpy as np
from napari.layers import Points  # noqa: TID251
from qtpy.QtWidgets import QPushButton  # noqa: TID251
from screenshots import SIZE, move_mouse, settle, take, true_divisions, wait

from cell_events.gui.docks.mitosis import Mitosis


def main() -> None:
    """Take every picture, in the order of the steps."""
    with tempfile.TemporaryDirectory() as folder:
        viewer, dock, truth = opened(Path(folder))
        form = dock.form
        run(dock, form.map_cells)
        take(viewer, "mitosis-maps")
        run(dock, form.make_plan)
        form.go_there.click()
        take(viewer, "mitosis-plan")
        annotate(viewer, dock, truth)
        form.curves.fold.expand(animate=False)
        form.train.click()
        wait(lambda: len(form.curves.points["total"].x) > 150 or not dock.bench.queue.busy)
        take(viewer, "mitosis-training")
        wait(lambda: dock.bench.queue.running is None)
        form.curves.fold.collapse(animate=False)
        run(dock, form.detect)
        show_found(viewer, dock)
        take(viewer, "mitosis-found")
        dock.shut_down()
        viewer.close()


def opened(folder: Path) -> tuple[napari.Viewer, Mitosis, Points]:
    """Open the simulated sample and the dock, as a user does."""
    viewer = napari.Viewer(title="napari")
    viewer.theme = "dark"
    viewer.window.resize(*SIZE)
    movie, truth = viewer.open_sample("napari-cell-events", "simulated_phase_contrast")
    truth.visible = False
    viewer.layers.selection.active = movie
    _, dock = viewer.window.add_plugin_dock_widget("napari-cell-events", "Mitosis (M1-M3)")
    dock.bench.desk.new_projects = folder
    dock.form.expert.width_of_place.setValue(2)
    settle()
    viewer.reset_view()
    return viewer, dock, truth


def annotate(viewer: napari.Viewer, dock: Mitosis, truth: Points) -> None:
    """Click on every division of the planned frames."""
    dock.form.add_divisions.click()
    first, last = (int(part) for part in dock.form.frames.text().split("-"))
    places = true_divisions(truth)
    for place in places[(places[:, 0] >= first) & (places[:, 0] <= last)]:
        dock.bench.points.layer.add(place)
        settle(0.05)
    viewer.dims.set_current_step(0, first)
    move_mouse(viewer, 0.02, 0.02)
    settle()


def run(dock: Mitosis, button: QPushButton) -> None:
    """Press a button, and wait for the end of its job."""
    button.click()
    wait(lambda: dock.bench.queue.running is None)
    settle(1.0)


def show_found(viewer: napari.Viewer, dock: Mitosis) -> None:
    """Go to the frame in which most was found."""
    proposed = [e.t for e in dock.bench.events.events.values() if e.status == "proposed"]
    if proposed:
        viewer.dims.set_current_step(0, int(np.bincount(proposed).argmax()))
    move_mouse(viewer, 0.02, 0.02)
    settle(2.0)


if __name__ == "__main__":
    main()
