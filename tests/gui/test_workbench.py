"""One workbench for a viewer: paint, events and project of whichever movie is looked at."""

import os

import numpy as np
from napari.components import ViewerModel
from qtpy.QtCore import QEvent
from qtpy.QtWidgets import QApplication

from cell_events.events import Event, write_events
from cell_events.gui.docks.review_events import ReviewEvents
from cell_events.gui.docks.table_of_events import TableOfEvents
from cell_events.gui.workbench import workbench_of
from cell_events.project import Project
from tests.gui.small_movies import dab, look_at, opened, painted, pixels, written


def propose(bench, events):
    """Have the project hold proposals for the movie looked at."""
    movie_id = bench.looked_at.movie_id
    name = f"found-in-{movie_id}.csv"
    write_events(bench.project.path / name, events)
    bench.project.remember(f"proposals/{movie_id}", name)
    bench.show_events()


def test_everything_comes_back_when_its_movie_is_opened_again(open_bench, tmp_path):
    path = written(tmp_path / "cells.tif")
    bench = open_bench()
    look_at(bench, opened(bench.viewer, path, scale=(60, 0.5, 0.5), translate=(0, 7, 8)))
    layer = bench.paint.new_layer()
    dab(layer, 2, 20, 20)
    dab(layer, 5, 3, 3, value=255)
    propose(bench, [Event(1, 5, 6, score=0.9), Event(4, 30, 40, score=0.6)])
    bench.events.accept(["found-in-movie-1/0"])
    added = bench.events.add(Event(3, 20, 20, "death"))
    bench.desk.set_value("name kinds", "kinds", ["mitosis", "death"])
    before, events = layer.data.copy(), dict(bench.events.events)
    bench.shut_down()

    again = open_bench()
    look_at(again, opened(again.viewer, path, scale=(60, 0.5, 0.5), translate=(0, 7, 8)))
    np.testing.assert_array_equal(again.paint.recorder.layer.data, before)
    np.testing.assert_array_equal(again.paint.recorder.layer.translate, (0, 7, 8))
    assert dict(again.events.events) == events
    assert again.kinds == ("mitosis", "death")
    points = again.points.layer
    assert points.name == "events in cells"
    row = list(points.features["id"]).index(added)
    np.testing.assert_allclose(points.data_to_world(points.data[row]), (180, 17, 18))
    assert again.errors == []


def test_two_movies_of_a_project_keep_their_paint_and_events_apart(open_bench, tmp_path):
    bench = open_bench()
    first, second = (
        opened(bench.viewer, written(tmp_path / f"{name}.tif", seed=seed))
        for seed, name in enumerate(("first", "second"))
    )
    look_at(bench, first)
    paint = bench.paint.new_layer()
    dab(paint, 2, 20, 20)
    bench.events.add(Event(1, 2, 3))
    look_at(bench, second)
    assert len(bench.events) == 0
    assert bench.points.layer is None
    other_paint = bench.paint.new_layer()
    assert other_paint is not paint
    assert not other_paint.data.any()
    dab(paint, 4, 20, 20)  # strokes on a movie that is not looked at count as well
    dab(other_paint, 5, 20, 20, value=2)
    bench.paint.flush()
    np.testing.assert_array_equal(painted(bench.project, "movie-1"), paint.data)
    np.testing.assert_array_equal(painted(bench.project, "movie-2"), other_paint.data)
    look_at(bench, first)
    assert bench.paint.recorder.layer is paint
    assert [event.t for event in bench.events.events.values()] == [1]
    names = [layer.name for layer in bench.viewer.layers]
    assert sorted(names) == [
        "events in first", "first", "paint on first", "paint on second", "second"
    ]  # fmt: skip


def test_events_and_paint_outlive_the_layer_of_their_movie(open_bench):
    bench = open_bench()
    movie = bench.viewer.add_image(pixels(), name="cells")
    look_at(bench, movie)
    layer = bench.paint.new_layer()
    added = bench.events.add(Event(1, 2, 3))
    bench.viewer.layers.remove(movie)
    bench.look_at(None, None)
    assert list(bench.events.events) == [added]
    dab(layer, 2, 20, 20)
    bench.events.shift_time([added], 2)
    bench.paint.flush()
    assert painted(bench.project).any()
    assert bench.project.events("movie-1")[added].t == 3
    assert bench.errors == []


def test_a_second_window_shows_everything_and_keeps_nothing(open_bench, tmp_path):
    path = written(tmp_path / "cells.tif")
    first, second = open_bench(), open_bench()
    look_at(first, opened(first.viewer, path))
    dab(first.paint.new_layer(), 2, 20, 20)
    first.paint.flush()
    first.project.snapshot()  # waits until all is on disk
    look_at(second, opened(second.viewer, path))
    assert second.project.read_only
    np.testing.assert_array_equal(second.paint.recorder.layer.data, first.paint.recorder.layer.data)
    dab(second.paint.recorder.layer, 4, 20, 20)
    second.paint.flush()
    second.views.keep()
    assert "is open in another window" in second.errors[-1]
    second.shut_down()
    first.shut_down()
    with Project.open(path.with_suffix(".cellevents")) as project:
        assert project.paint("movie-1").painted_frames() == [2]


def test_another_project_takes_its_layers_along_and_leaves_the_first_as_it_was(
    open_bench, tmp_path
):
    bench = open_bench()
    layers = {}
    for seed, name in enumerate(("one", "two")):
        look_at(bench, opened(bench.viewer, written(tmp_path / name / "cells.tif", seed=seed)))
        layers[name] = bench.paint.new_layer()
        dab(layers[name], 2, 20, 20)
        bench.paint.flush()
        bench.desk.close()
    assert bench.paint.recorders == {}
    dab(layers["one"], 4, 20, 20)
    for name in layers:
        with Project.open(tmp_path / name / "cells.cellevents") as project:
            assert project.paint("movie-1").painted_frames() == [2]


def test_a_viewer_has_one_workbench(qapp):
    viewer, other = ViewerModel(), ViewerModel()
    bench = workbench_of(viewer)
    assert workbench_of(viewer) is bench
    second = workbench_of(other)
    assert second is not bench
    for each in (bench, second):
        dock = object()
        each.attach(dock)
        each.detach(dock)
    assert workbench_of(viewer) is not bench


def is_alive(process_id):
    try:
        os.kill(process_id, 0)
    except OSError:
        return False
    return True


def test_docks_share_a_workbench_and_the_last_one_ends_it(stand_in_dock, viewer, qtbot):
    docks = [stand_in_dock, ReviewEvents(viewer), TableOfEvents(viewer)]
    for dock in docks[1:]:
        viewer.window.add_dock_widget(dock)
    bench = stand_in_dock.bench
    assert [dock.bench for dock in docks] == [bench] * 3
    stand_in_dock.form.new_paint.click()
    bench.events.add(Event(1, 2, 3))
    stand_in_dock.detect_with("endless")
    qtbot.waitUntil(lambda: bench.queue.runner.client.process_id is not None)
    process_id, path = bench.queue.runner.client.process_id, bench.project.path
    for dock in docks[:2]:
        viewer.window.remove_dock_widget(dock)
    dab(bench.paint.recorder.layer, 2, 20, 20)
    bench.events.add(Event(3, 2, 3))
    assert is_alive(process_id)
    assert docks[2].table.model.rowCount() == 2
    viewer.window.remove_dock_widget(docks[2])
    assert not is_alive(process_id)
    for dock in docks:
        dock.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    with Project.open(path) as project:
        assert not project.read_only
        assert project.paint("movie-1").painted_frames() == [2]
        assert len(project.events("movie-1")) == 2
