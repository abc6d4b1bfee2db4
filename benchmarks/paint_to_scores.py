"""How long from the last brush stroke to the new scores of the frame on screen?

A real napari viewer with a movie of 720 x 576 pixels (psc02), its divisions painted, *Live* on.
Then stroke after stroke: from the stroke to the moment when the layer shows the frame's new scores.

    xvfb-run -a -s "-screen 0 1366x768x24" python benchmarks/paint_to_scores.py --strokes 15
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import napari
import numpy as np
import tifffile
from qtpy.QtWidgets import QApplication

from cell_events.gui.docks.paint_and_detect import PaintAndDetect

NOTHING_HERE = 255


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--strokes", type=int, default=15)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(args.data / "psc02_movie.tif", folder)
        viewer = napari.Viewer()
        viewer.open(Path(folder) / "psc02_movie.tif", plugin="napari")
        _, dock = viewer.window.add_plugin_dock_widget("napari-cell-events", "Paint & detect")
        layer = painted(dock, args.data)
        wait(lambda: dock.bench.queue.running is None)
        started = time.perf_counter()
        dock.form.update_row.live.setChecked(True)
        wait(lambda: renewed(viewer, dock))
        print(f"first update: {time.perf_counter() - started:.2f} s", flush=True)
        waits = [stroke(viewer, dock, layer, number) for number in range(args.strokes)]
        print("| strokes | median s | slowest s |\n|---|---|---|")
        print(f"| {len(waits)} | {np.median(waits):.2f} | {max(waits):.2f} |")
        dock.form.update_row.live.setChecked(False)
        dock.bench.queue.stop()
        dock.shut_down()
        viewer.close()


def painted(dock: PaintAndDetect, data: Path) -> napari.layers.Labels:
    """Paint the known divisions of the movie, and call their frames done."""
    dock.form.new_paint.click()
    layer = dock.form.paint.layer
    mask = tifffile.imread(data / "psc02_eventmask.tif")
    layer.data[:] = mask
    frames = np.flatnonzero(mask.any(axis=(1, 2)))
    dock.form.done_frames.setText(f"{frames[0]}-{frames[min(len(frames) - 1, 10)]}")
    dock.form.done_frames.editingFinished.emit()
    dock.viewer.dims.set_current_step(0, int(frames[0]))
    return layer


def stroke(
    viewer: napari.Viewer, dock: PaintAndDetect, layer: napari.layers.Labels, number: int
) -> float:
    """Paint one stroke on the frame on screen, and wait for its scores."""
    random = np.random.default_rng(number)
    frame = viewer.dims.current_step[0]
    before = np.array(dock.bench.heat.layer.data[frame])
    layer.paint((frame, *random.integers(20, 500, 2)), NOTHING_HERE)
    started = time.perf_counter()
    wait(lambda: dock.bench.queue.running == "Updating" and not renewed(viewer, dock))
    wait(lambda: renewed(viewer, dock))
    seconds = time.perf_counter() - started
    if (before == dock.bench.heat.layer.data[frame]).all():
        print("the scores are the same as before", flush=True)
    wait(lambda: dock.bench.queue.running is None)
    return seconds


def renewed(viewer: napari.Viewer, dock: PaintAndDetect) -> bool:
    """Whether the scores of the frame on screen are new."""
    return dock.bench.heat.is_new(viewer.dims.current_step[0])


def wait(condition: Callable[[], object]) -> None:
    """Let the event loop run until something is so."""
    while not condition():
        QApplication.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    main()
