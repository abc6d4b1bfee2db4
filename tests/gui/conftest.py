"""A viewer with a small movie and the dock, on a real display."""

from pathlib import Path

import numpy as np
import pytest
from napari.components import ViewerModel

from cell_events.gui.running.job_runner import JobRunner
from cell_events.gui.running.worker_client import WorkerClient
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Info

STAND_INS = str(Path(__file__).parents[1] / "worker_with_stand_ins.py")


@pytest.fixture
def viewer(make_napari_viewer):
    return make_napari_viewer(strict_qt=True)


@pytest.fixture
def movie(viewer):
    data = np.random.default_rng(0).integers(0, 255, (6, 40, 50), dtype=np.uint8)
    return viewer.add_image(data, name="movie")


@pytest.fixture(autouse=True)
def projects_at_home(monkeypatch, tmp_path):
    """Projects of movies that are in no file go to a folder of their own in each test."""
    monkeypatch.setattr("cell_events.gui.files.results_folder.AT_HOME", tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def open_dock(viewer):
    """Function that docks the widget."""

    from cell_events.gui.docks.paint_and_detect import PaintAndDetect

    def open_dock(runner=None):
        dock = PaintAndDetect(viewer, runner)
        viewer.window.add_dock_widget(dock, name="Paint & detect")
        docks.append(dock)
        return dock

    docks = []
    yield open_dock
    for dock in docks:
        dock.shut_down()


@pytest.fixture
def open_bench(qapp):
    """Function that gives a workbench without a window, and what it said as `bench.sentences`."""

    def open_bench(viewer=None):
        bench = Workbench(viewer or ViewerModel())
        bench.sentences, bench.errors = [], []
        bench.said.connect(
            lambda said, bad: (bench.errors if bad else bench.sentences).append(said)
        )
        benches.append(bench)
        return bench

    benches = []
    yield open_bench
    for bench in benches:
        bench.shut_down()


@pytest.fixture
def stand_in_dock(open_dock, movie):
    """The dock with a worker that only pretends; `detect_with(word)` says how."""
    dock = open_dock(JobRunner(client=WorkerClient(arguments=[STAND_INS], stop_grace_ms=300)))

    def detect_with(word):
        def steps(*_):
            yield "preparing", 1, 1
            return Info(model=Path(word))

        dock.bench.tasks.detect = steps
        dock.form.thorough.model.path = Path("some.safetensors")
        dock.form.thorough.detect.click()

    dock.detect_with = detect_with
    return dock


@pytest.fixture
def open_job_dock(viewer):
    """Function that docks a widget whose worker is a script that only pretends."""

    def open_job_dock(dock_class, stand_ins):
        runner = JobRunner(client=WorkerClient(arguments=[str(stand_ins)], stop_grace_ms=300))
        dock = dock_class(viewer, runner)
        viewer.window.add_dock_widget(dock, name=dock_class.__name__)
        docks.append(dock)
        return dock

    docks = []
    yield open_job_dock
    for dock in docks:
        dock.shut_down()


@pytest.fixture
def run(qtbot):
    """Function that presses a button, waits for the end of its job and gives what is said."""

    def run(dock, button):
        button.click()
        qtbot.waitUntil(lambda: dock.bench.queue.running is None, timeout=60_000)
        return dock.form.run_bar.sentence

    return run
