"""Does the viewer stay fluid while a network trains, and while one paints?

A timer of the viewer's event loop fires every 5 ms. Gaps between its ticks are measured in a
viewer that shows a movie: idle, while the worker process trains on that movie with its curves
unfolded, and during brush strokes that a project journals. Needs a display; Xvfb will do:

    xvfb-run -a -s "-screen 0 1366x768x24" python benchmarks/event_loop.py --seconds 60
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import napari
import numpy as np
import tifffile
from napari.layers import Image
from qtpy.QtCore import QEventLoop, QObject, Qt, QTimer
from qtpy.QtWidgets import QVBoxLayout, QWidget

from cell_events.gui.forms.curves import TrainingCurves
from cell_events.gui.forms.run_bar import RunBar
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.layers.paint_layer import new_paint_layer
from cell_events.gui.layers.paint_recorder import PaintRecorder
from cell_events.gui.running.job_runner import JobRunner, Task
from cell_events.jobs import MovieSource, Pretrain
from cell_events.movie import open_movie
from cell_events.project import MovieReference, Project
from cell_events.simulation import SimulationSettings, simulated_movie

TICK_MS = 5
LONG_MS = 100
STROKE_MS, DAB_MS, DABS_A_STROKE = 1000, 20, 20
BRUSH_PX = 15


class Gaps(QObject):
    """Notes when the event loop comes round."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.ticks.append(time.perf_counter()))
        self._timer.start(TICK_MS)

    def during(self, seconds: float) -> np.ndarray:
        """Let the loop run for a while; gaps between ticks in milliseconds."""
        self.ticks.clear()
        run_loop(seconds)
        return 1000 * np.diff(self.ticks)


def run_loop(seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    """Run the event loop for some time, or until something holds."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    watch = QTimer()
    watch.timeout.connect(lambda: loop.quit() if until() else None)
    watch.start(50)
    loop.exec()
    watch.stop()


def row(name: str, gaps: np.ndarray, idle: np.ndarray) -> str:
    """One line of the table."""
    p50, p99 = np.percentile(gaps, (50, 99))
    longer = max(0, int((gaps > LONG_MS).sum() - (idle > LONG_MS).sum()))
    return f"| {name} | {p50:.1f} | {p99:.1f} | {gaps.max():.0f} | {longer} |"


def training(viewer: napari.Viewer, path: Path, folder: Path) -> tuple[JobRunner, list[int]]:
    """Start a long training in the worker, with run bar and curves on screen."""
    dock, runner, bar, curves = QWidget(), JobRunner(), RunBar(), TrainingCurves()
    column = QVBoxLayout(dock)
    column.addWidget(bar)
    column.addWidget(curves)
    viewer.window.add_dock_widget(dock, name="training")
    bar.follow(runner)
    curves.fold.expand(animate=False)
    steps_done: list[int] = []
    runner.progressed.connect(bar.show_report)
    runner.progressed.connect(curves.add_report)
    runner.progressed.connect(lambda report: steps_done.append(report["done"]))
    runner.ended.connect(lambda sentence, _: print(sentence, file=sys.stderr))
    job = Pretrain((MovieSource(path, axes="TYX"),), folder / "arrow.safetensors", epochs=1000)
    runner.start(Task(iter_job(job), lambda *_: "", "Learning", folder))
    return runner, steps_done


def iter_job(job: Pretrain) -> Iterator[tuple[str, int, int]]:
    yield "preparing", 1, 1
    return job


class Painter:
    """Paints a stroke a second, dab by dab, on a layer that a project keeps."""

    def __init__(self, viewer: napari.Viewer, image: Image, path: Path, folder: Path) -> None:
        self.project = Project.create(folder / "strokes.cellevents")
        movie_id = self.project.add_movie(MovieReference.of(open_movie(path, axes="TYX"), path))
        where = placement(image, "TYX")
        self.layer = viewer.add_layer(new_paint_layer(where, "paint"))
        self.layer.brush_size = BRUSH_PX
        self.recorder = PaintRecorder(self.layer, where, self.project, movie_id, ("division",))
        self.n_recorded = 0
        self.recorder.recorded.connect(self._count)
        self._random = np.random.default_rng(0)
        self._place = np.zeros(2)
        self._timer = QTimer()
        self._timer.timeout.connect(self._begin)
        self._dabs = QTimer()
        self._dabs.timeout.connect(self._dab)
        self._n_dabs = 0
        self._stroke = ExitStack()

    def start(self) -> None:
        self._timer.start(STROKE_MS)

    def close(self) -> None:
        self._timer.stop()
        self._dabs.stop()
        self._stroke.close()
        self.recorder.release()
        self.project.close()

    def _begin(self) -> None:
        self._place = self._random.uniform(50, np.array(self.layer.data.shape[-2:]) - 50)
        self._n_dabs = 0
        self._stroke.enter_context(self.layer.block_history())  # as napari's own brush does
        self._dabs.start(DAB_MS)

    def _dab(self) -> None:
        frame = self.layer.data.ndim - 2
        self._place = self._place + self._random.uniform(-3, 3, 2)
        self.layer.paint((*([0] * frame), *self._place.round()), 1)
        self._n_dabs += 1
        if self._n_dabs == DABS_A_STROKE:
            self._dabs.stop()
            self._stroke.close()

    def _count(self) -> None:
        self.n_recorded += 1


def measure(folder: Path, seconds: float) -> None:
    """Print a table of the gaps in each situation."""
    path = folder / "movie.tif"
    pixels, _ = simulated_movie(SimulationSettings(n_frames=20, size=(576, 720)))
    tifffile.imwrite(path, pixels, metadata={"axes": "TYX"}, photometric="minisblack")
    viewer = napari.Viewer()
    image = viewer.add_image(pixels, name="movie")
    run_loop(3)  # what napari does after it has opened
    gaps = Gaps()
    idle = gaps.during(seconds)
    print(row("idle", idle, idle), flush=True)
    painter = Painter(viewer, image, path, folder)
    painter.start()
    print(row("brush strokes, journalled", gaps.during(seconds), idle), flush=True)
    runner, steps_done = training(viewer, path, folder)
    run_loop(120, until=lambda: len(steps_done) > 3)
    print(row("strokes while the worker trains", gaps.during(seconds), idle), flush=True)
    painter.close()
    print(row("the worker trains", gaps.during(seconds), idle), flush=True)
    print(f"{painter.n_recorded} strokes were journalled, {max(steps_done)} steps trained.")
    runner.shut_down()
    viewer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    args = parser.parse_args()
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        print("There is no display; run this under xvfb-run.")
        return
    print(f"| viewer | p50 ms | p99 ms | longest ms | gaps > {LONG_MS} ms more than idle |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        measure(Path(name), args.seconds)


if __name__ == "__main__":
    main()
