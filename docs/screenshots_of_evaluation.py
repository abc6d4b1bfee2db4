"""Make the picture of the dock Evaluate from the current code: docs/images/evaluate.png.

    xvfb-run -a -s "-screen 0 1366x768x24" python docs/screenshots_of_evaluation.py

Everything in it is real: two models learn from three and from nine painted divisions of the sample
movie, and what they find is compared with the divisions that are known.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import napari  # noqa: TID251 - a script that shows the docks
from napari.layers import Points  # noqa: TID251
from screenshots import move_mouse, opened, settle, take, true_divisions, update, wait

from cell_events.events import Event, write_events
from cell_events.gui.docks.paint_and_detect import PaintAndDetect
from cell_events.gui.forms.events_chooser import EventsChoice

FEW, MORE = 3, 9


def main() -> None:
    """Learn twice, compare, and take the picture."""
    with tempfile.TemporaryDirectory() as folder:
        viewer, dock, truth = opened(Path(folder))
        dock.form.new_paint.click()
        paint(dock, truth, 0, FEW)
        update(viewer, dock)
        before = dock.bench.proposals_path(str(dock.bench.looked_at.movie_id))
        paint(dock, truth, FEW, MORE)
        update(viewer, dock)
        dock.form.paint.layer.visible = False
        known = Path(folder) / "known divisions.csv"
        write_events(known, [Event(int(t), y, x) for t, y, x in true_divisions(truth)])
        show_evaluation(viewer, before, known)
        take(viewer, "evaluate")
        viewer.close()


def paint(dock: PaintAndDetect, truth: Points, first: int, last: int) -> None:
    """Paint some divisions: mother before, daughters after."""
    layer = dock.form.paint.layer
    layer.brush_size = 14
    places = true_divisions(truth)
    places = places[(places[:, 0] >= 8) & (places[:, 0] <= 16)]
    for t, y, x in places[first:last]:
        layer.paint((int(t) - 1, y, x), 1)
        layer.paint((int(t), y, x), 1)
    settle()


def show_evaluation(viewer: napari.Viewer, before: Path, known: Path) -> None:
    """Compare both lists with the truth, and go to one of the errors."""
    _, dock = viewer.window.add_plugin_dock_widget("napari-cell-events", "Evaluate", tabify=True)
    dock.form.truth.choice = EventsChoice(path=known)
    dock.form.against.choice = EventsChoice(path=before)
    dock.form.frames.setValue(1)
    dock.form.evaluate.click()
    wait(lambda: dock.bench.queue.running is None)
    settle(1.0)
    missed = [i for i, e in enumerate(dock.form.errors.events) if e.extra["outcome"] == "missed"]
    dock.form.errors.setCurrentCell(missed[0] if missed else 0, 0)
    move_mouse(viewer, 0.02, 0.02)
    settle(1.0)


if __name__ == "__main__":
    main()
