"""Make the pictures of dry mass and of its abnormal stretches: docs/images/dry-mass-*.png.

    xvfb-run -a -s "-screen 0 1366x768x24" python docs/screenshots_of_dry_mass.py

Everything in them is real: the sample movie is opened by its command, and the cells are found,
measured and flagged by the jobs behind the buttons, as are their abnormal stretches.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import napari  # noqa: TID251 - a script that shows the docks
from qtpy.QtWidgets import QPushButton  # noqa: TID251
from screenshots import SIZE, move_mouse, settle, take, wait

from cell_events.dry_mass.flags import FLAGGED
from cell_events.gui.docks.dry_mass import DryMass


def main() -> None:
    """Take every picture, in the order of the steps."""
    with tempfile.TemporaryDirectory() as folder:
        viewer, dock = opened(Path(folder))
        run(dock, dock.form.measure)
        wait(lambda: dock.cells.loaded is not None)
        settle(1.0)
        take(viewer, "dry-mass-measured")
        run(dock, dock.form.flag)
        wait(lambda: dock.flags.are_there)
        show_flagged(viewer, dock)
        take(viewer, "dry-mass-flagged")
        dock.form.review.form.why.setChecked(True)
        dock.form.reveal(dock.form.review)
        move_mouse(viewer, 0.02, 0.02)
        settle(1.5)
        take(viewer, "dry-mass-review")
        show_stretches(viewer, dock)
        take(viewer, "dry-mass-stretches")
        dock.shut_down()
        viewer.close()


def opened(folder: Path) -> tuple[napari.Viewer, DryMass]:
    """Open the real sample and the dock, as a user does."""
    viewer = napari.Viewer(title="napari")
    viewer.theme = "dark"
    viewer.window.resize(*SIZE)
    viewer.open_sample("napari-cell-events", "quantitative_phase")
    _, dock = viewer.window.add_plugin_dock_widget("napari-cell-events", "Dry mass")
    dock.bench.desk.new_projects = folder
    cells = dock.form.inputs.cells
    cells.setCurrentIndex(cells.findData("find"))
    settle()
    viewer.reset_view()
    return viewer, dock


def run(dock: DryMass, button: QPushButton) -> None:
    """Press a button, and wait for the end of its job."""
    button.click()
    wait(lambda: dock.bench.queue.running is None)


def show_flagged(viewer: napari.Viewer, dock: DryMass) -> None:
    """Flag the three most unusual cells, go to the first, with all of the movie in view."""
    scores = dock.form.histogram.scores
    dock.form.histogram.number.setValue(float(scores[-4:-2].mean()))  # as if the line was dragged
    flagged = [flag for flag in dock.flags.now if flag.flag == FLAGGED]
    first = max(flagged, key=lambda flag: flag.score)
    dock.form.review.session.select(first.track_id)
    viewer.reset_view()
    dock.form.reveal(dock.form.histogram)
    move_mouse(viewer, 0.02, 0.02)
    settle(1.5)


def show_stretches(viewer: napari.Viewer, dock: DryMass) -> None:
    """Find abnormal stretches, and go to the surest one."""
    run(dock, dock.form.stretches.detect)
    wait(lambda: dock.stretches.found is not None)
    dock.form.stretches.next_found.click()
    viewer.reset_view()
    move_mouse(viewer, 0.02, 0.02)
    settle(1.5)


if __name__ == "__main__":
    main()
