"""The dock with several movies and projects: what belongs to one never gets into another."""

import numpy as np
import pytest
import zarr
from napari.layers import Image

from cell_events.gui.forms.layer_chooser import LayerChooser
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.layers.our_layers import SCORES, mark
from cell_events.jobs import MovieSource, Update
from cell_events.movie import open_movie
from cell_events.project import MovieReference, Project
from tests.gui.small_movies import dab, look_at, opened, painted, pixels, written


@pytest.fixture
def two(open_dock, viewer, tmp_path, monkeypatch):
    """The dock over two movies of one project, the first of them painted on and looked at."""
    first = opened(viewer, written(tmp_path / "a" / "first.tif"))
    second = opened(viewer, written(tmp_path / "b" / "second.tif", seed=1))
    dock = open_dock()
    monkeypatch.setattr(dock.loop, "prepare", lambda: None)
    dock.form.movie.layer = first
    dock.form.new_paint.click()
    dab(dock.form.paint.layer, 2, 20, 20)
    dock.bench.paint.flush()
    return dock, first, second


def test_paint_on_one_movie_is_not_taken_for_paint_on_another(two, monkeypatch):
    dock, first, second = two
    paint = dock.form.paint.layer
    monkeypatch.setattr(dock.loop, "update_once", lambda: None)
    dock.form.movie.layer = second
    assert dock.form.paint.layer is None
    dock.form.update_row.once.click()  # learns from the first, and looks at the second
    assert list(dock.bench.project.movies) == ["movie-1", "movie-2"]
    assert not painted(dock.bench.project, "movie-2").any()
    with pytest.raises(LayerError, match="belongs to another movie; press 'New'"):
        dock.bench.paint.record(paint)
    dock.form.movie.layer = first
    assert dock.form.paint.layer is paint


def test_where_the_paint_is_deleted_no_other_labels_take_its_place(two, viewer):
    dock, *_ = two
    cells = viewer.add_labels(np.full((6, 40, 50), 7, np.int32), name="cells")
    viewer.layers.remove(dock.form.paint.layer)
    assert dock.form.paint.layer is None
    dock.form.new_paint.click()
    assert painted(dock.bench.project).max() == 1
    np.testing.assert_array_equal(dock.form.paint.layer.data, painted(dock.bench.project))
    assert cells in viewer.layers


def test_scores_are_shown_on_the_movie_that_they_are_about(two, tmp_path):
    dock, _, second = two
    dock.form.movie.layer = second
    dock.bench.take_in()
    heat_maps = [tmp_path / f"update-1-movie-{i}.zarr" for i in (1, 2)]
    for i, path in enumerate(heat_maps, start=1):
        scores = np.full((6, 1, 10, 12), i, np.uint8)
        zarr.create_array(path, data=scores, attributes={"step_px": 4, "offset_px": 2})
    dock.runner.last_job = Update(
        movies=tuple(MovieSource(tmp_path / name) for name in ("a", "b")),
        paints=(tmp_path / "1.zarr", tmp_path / "2.zarr"),
        model=tmp_path / "update-1.safetensors",
        heatmaps=tuple(heat_maps),
        shown_movie=0,
    )
    report = {"stage": "predict", "done": 1, "total": 9, "seconds_left": 1.0}
    dock.bench.queue.progressed.emit(report | {"values": {"frame": 3, "movie": 0}})
    assert dock.bench.heat.layer is None
    dock.bench.queue.progressed.emit(report | {"values": {"frame": 3, "movie": 1}})
    assert set(np.unique(dock.bench.heat.layer.data[3])) == {2}


def test_another_project_brings_its_movie_and_takes_the_paint_of_the_one_before(two, tmp_path):
    dock, first, _ = two
    before, paint = dock.bench.project.path, dock.form.paint.layer
    path = written(tmp_path / "c" / "third.tif", seed=2)
    with Project.create(path.with_suffix(".cellevents")) as other:
        other.add_movie(MovieReference.of(open_movie(path, axes="TYX"), axes="TYX"))
        other.remember("view", {"movie": "movie-1"})
    dock.open_project_at(other.path)
    assert dock.bench.looked_at.layer is dock.form.movie.layer
    assert dock.form.movie.layer.name == "third.tif"
    assert dock.bench.looked_at.movie_id == "movie-1"
    assert paint not in dock.viewer.layers
    dock.open_project_at(before)
    assert dock.form.movie.layer is first
    np.testing.assert_array_equal(dock.form.paint.layer.data, painted(dock.bench.project))


def test_paint_that_a_closed_dock_left_is_followed_again(open_bench, tmp_path):
    bench = open_bench()
    movie = opened(bench.viewer, written(tmp_path / "cells.tif"))
    look_at(bench, movie)
    paint = bench.paint.new_layer()
    dab(paint, 2, 20, 20)
    bench.shut_down()
    dab(paint, 4, 10, 10)  # nobody sees this
    again = open_bench(bench.viewer)
    look_at(again, movie)
    assert again.paint.recorder.layer is paint
    for _ in again.paint.recorder.take_over():
        pass
    np.testing.assert_array_equal(painted(again.project), paint.data)
    assert [layer.name for layer in bench.viewer.layers] == ["cells", "paint on cells"]


def test_in_a_second_window_one_cannot_paint_and_reads_why(two, open_bench):
    dock, *_ = two
    dock.bench.project.snapshot()
    second = open_bench()
    second.desk.open(dock.bench.project.path)
    look_at(second, second.viewer.add_image(pixels(), name="first"))
    assert second.paint.recorder.layer.data.any()
    assert not second.paint.recorder.layer.editable


def test_scores_are_not_offered_as_a_movie(qtbot, viewer, movie):
    scores = Image(np.zeros((6, 10, 12)), name="scores")
    mark(scores, SCORES)
    viewer.add_layer(scores)
    chooser = LayerChooser(viewer, Image, "none")
    qtbot.addWidget(chooser)
    assert [chooser.itemText(i) for i in range(chooser.count())] == ["movie"]
    chooser.release()


def test_a_new_layer_can_be_chosen_before_its_chooser_has_heard_of_it(viewer, qtbot):
    chooser = LayerChooser(viewer, Image, "none", by_itself=False)
    qtbot.addWidget(chooser)

    def choose(event):
        chooser.layer = event.value

    viewer.layers.events.inserted.connect(choose, position="first")
    layer = viewer.add_image(pixels())
    assert chooser.layer is layer
    viewer.layers.events.inserted.disconnect(choose)
    chooser.release()


def test_movies_of_the_same_name_that_are_in_no_file_get_projects_of_their_own(
    open_bench, projects_at_home
):
    folders = []
    for seed in (0, 1, 0, 1):
        bench = open_bench()
        look_at(bench, bench.viewer.add_image(pixels(seed), name="img"))
        bench.take_in()
        folders.append(bench.project.path.name)
        assert list(bench.project.movies) == ["movie-1"]
        bench.shut_down()
    assert folders == ["img.cellevents", "img-2.cellevents"] * 2


def test_a_live_update_takes_no_movie_into_the_project_by_itself(two, monkeypatch):
    dock, _, second = two
    asked = []
    monkeypatch.setattr(dock.loop, "update_once", lambda: asked.append(1))
    dock.form.movie.layer = second
    dock.form.update_row.live.setChecked(True)
    dock.loop._update_if_due()
    assert not asked
    assert list(dock.bench.project.movies) == ["movie-1"]
    dock.form.update_row.live.setChecked(False)
