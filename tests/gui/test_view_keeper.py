"""What the window showed comes back: movies, how they look, the frame and the camera."""

import shutil

import numpy as np
import pytest

from cell_events.project import Project
from tests.gui.small_movies import look_at, opened, pixels, written

LOOK = {
    "name": "nuclei",
    "contrast_limits": [20.0, 200.0],
    "gamma": 0.5,
    "opacity": 0.75,
    "visible": False,
}


@pytest.fixture
def kept(open_bench, tmp_path):
    """Folder of a project with two movies, looked at in a window that is closed by now."""
    bench = open_bench()
    first = opened(
        bench.viewer,
        written(tmp_path / "movies" / "first.tif", seed=1),
        scale=(60, 0.5, 0.5),
        translate=(0, 7, 8),
        units=("second", "um", "um"),
        axis_labels=("t", "y", "x"),
    )
    second = opened(bench.viewer, written(tmp_path / "movies" / "second.tif", seed=2))
    for movie in (second, first):
        look_at(bench, movie)
        bench.take_in()
    for name, value in LOOK.items():
        setattr(first, name, value)
    first.colormap = "green"
    bench.viewer.dims.set_current_step(0, 4)
    bench.viewer.scene.camera.center = (0, 12.5, 30.0)
    bench.viewer.scene.camera.zoom = 2.5
    path = bench.project.path
    bench.shut_down()
    return path


def reopen(bench, path):
    bench.desk.open(path)
    bench.views.restore()
    return bench.viewer


def test_movies_frame_and_camera_come_back_as_they_were(open_bench, kept):
    viewer = reopen(open_bench(), kept)
    assert sorted(layer.name for layer in viewer.layers) == ["nuclei", "second"]
    assert viewer.layers[-1].name == "nuclei"  # the movie looked at lies on top
    movie = viewer.layers["nuclei"]
    np.testing.assert_array_equal(np.asarray(movie.data), pixels(1))
    assert {name: getattr(movie, name) for name in LOOK} == LOOK
    assert movie.colormap.name == "green"
    np.testing.assert_array_equal(movie.scale, (60, 0.5, 0.5))
    np.testing.assert_array_equal(movie.translate, (0, 7, 8))
    assert [str(unit) for unit in movie.units] == ["second", "micrometer", "micrometer"]
    assert movie.axis_labels == ("t", "y", "x")
    assert viewer.dims.current_step[0] == 4
    assert viewer.scene.camera.center == (0, 12.5, 30.0)
    assert viewer.scene.camera.zoom == 2.5


def test_movies_that_are_open_already_are_not_opened_twice(open_bench, kept):
    bench = open_bench()
    reopen(bench, kept)
    bench.views.restore()
    assert len(bench.viewer.layers) == 2
    bench.viewer.layers.remove("second")
    bench.views.restore()
    assert len(bench.viewer.layers) == 2


def test_a_movie_that_is_gone_is_said_and_the_other_one_comes(open_bench, kept):
    (kept.parent / "first.tif").unlink()
    bench = open_bench()
    viewer = reopen(bench, kept)
    assert [layer.name for layer in viewer.layers] == ["second"]
    assert f"The movie first is not at {kept.parent / 'first.tif'}; open it" in bench.sentences[-1]


def test_a_movie_that_was_changed_is_refused_and_the_other_one_comes(open_bench, kept):
    written(kept.parent / "second.tif", seed=3)
    bench = open_bench()
    viewer = reopen(bench, kept)
    assert [layer.name for layer in viewer.layers] == ["nuclei"]
    assert "the pixels differ" in bench.errors[-1]


def test_a_folder_that_moves_with_its_movies_opens_as_it_was(open_bench, kept, tmp_path):
    shutil.move(tmp_path / "movies", tmp_path / "elsewhere")
    bench = open_bench()
    viewer = reopen(bench, tmp_path / "elsewhere" / kept.name)
    assert len(viewer.layers) == 2
    assert bench.sentences == []


def test_a_second_window_shows_the_view_and_does_not_keep_its_own(open_bench, kept):
    with Project.open(kept) as first:
        bench = open_bench()
        viewer = reopen(bench, kept)
        viewer.dims.set_current_step(0, 1)
        bench.views.keep()
        bench.shut_down()
        assert first.value("view")["step"][0] == 4


def test_nothing_is_noted_while_nothing_changes(open_bench, kept):
    bench = open_bench()
    reopen(bench, kept)
    bench.views.keep()
    bench.paint.flush()
    journal = kept / "journal.jsonl"
    bench.project.remember("wait", 1).wait(10)
    size = journal.stat().st_size
    bench.views.keep()
    bench.project.remember("wait", 1).wait(10)
    assert journal.stat().st_size - size < 200  # one line
