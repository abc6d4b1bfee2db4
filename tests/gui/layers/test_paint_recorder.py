"""Strokes on a Labels layer become edits of the project, whatever made them."""

import numpy as np
import pytest
import zarr
from napari.layers import Image, Labels

from cell_events.gui.layers.layer_axes import LayerError, placement
from cell_events.gui.layers.paint_layer import new_paint_layer
from cell_events.gui.layers.paint_recorder import PaintRecorder
from cell_events.movie import open_movie
from cell_events.project import MovieReference, Project
from tests.gui.small_movies import SHAPE, dab, painted, pixels

KINDS = ("division", "death")


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "cells.cellevents") as project:
        project.add_movie(MovieReference.of(open_movie(pixels())))
        yield project


@pytest.fixture
def record(project, qapp):
    """Function that has the project keep a layer; the recorder says what it recorded."""

    def record(layer, where=None, project=project):
        where = where or placement(Image(np.zeros(SHAPE, np.uint8)), "TYX")
        recorder = PaintRecorder(layer, where, project, "movie-1", KINDS)
        recorder.titles, recorder.complaints = [], []
        recorder.recorded.connect(recorder.titles.append)
        recorder.failed.connect(recorder.complaints.append)
        made.append(recorder)
        return recorder

    made = []
    yield record
    for recorder in made:
        recorder.release()


def empty(dtype=np.uint8, shape=SHAPE):
    layer = Labels(np.zeros(shape, dtype), name="paint")
    layer.brush_size = 5
    return layer


def take_over(recorder):
    """Compare layer and project; the number of frames that differed."""
    steps = recorder.take_over()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def drag(layer):
    with layer.block_history():
        for x in (10, 13, 16):
            layer.paint((2, 20, x), 1)


def polygon(layer):
    layer.paint_polygon([(2, 5, 5), (2, 5, 15), (2, 15, 10)], 2)


def pour(layer):
    layer.fill((2, 0, 0), 255)


def set_pixels(layer):
    layer.data_setitem((np.array([2, 2, 4]), np.array([1, 2, 3]), np.array([4, 4, 4])), 1)


@pytest.mark.parametrize(
    ("stroke", "title", "n_pixels"),
    [
        (lambda layer: dab(layer, 2, 20, 30), "paint division", 21),
        (drag, "paint division", 2 * 3 + 9 * 5),
        (polygon, "paint death", None),
        (pour, "paint 'nothing happens here'", 40 * 50),
        (set_pixels, "paint division", 3),
    ],
)
def test_each_tool_makes_one_edit_and_the_project_holds_what_is_seen(
    record, project, qtbot, stroke, title, n_pixels
):
    layer = empty()
    recorder = record(layer)
    stroke(layer)
    qtbot.waitUntil(lambda: recorder.titles == [title])
    np.testing.assert_array_equal(painted(project), layer.data)
    assert n_pixels is None or np.count_nonzero(layer.data) == n_pixels
    assert project.undo_title == title
    recorder.show(project.undo())
    assert not layer.data.any()
    assert not painted(project).any()
    recorder.show(project.redo())
    np.testing.assert_array_equal(painted(project), layer.data)
    assert layer.data.any()


def test_erasing_overpainting_and_kept_labels_are_what_the_project_holds(record, project):
    layer = empty()
    recorder = record(layer)
    for value, title in ((1, "paint division"), (2, "paint death"), (0, "erase paint")):
        dab(layer, 2, 20, 20 + 2 * value, value=value)
        recorder.flush()
        assert recorder.titles[-1] == title
        np.testing.assert_array_equal(painted(project), layer.data)
    layer.preserve_labels = True
    dab(layer, 2, 20, 20, value=9)
    recorder.flush()
    assert recorder.titles[-1] == "paint label 9"
    np.testing.assert_array_equal(painted(project), layer.data)
    assert set(np.unique(layer.data)) == {0, 1, 2, 9}


def test_a_brush_through_time_paints_several_frames_in_one_edit(record, project):
    layer = empty()
    layer.n_edit_dimensions = 3
    recorder = record(layer)
    dab(layer, 3, 20, 20)
    recorder.flush()
    assert recorder.titles == ["paint division"]
    assert project.paint("movie-1").painted_frames() == [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(painted(project), layer.data)
    assert recorder.show(project.undo()) == 1
    assert not layer.data.any()


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int32, np.int64, np.uint64])
def test_layers_of_any_integer_type_are_kept_and_keep_their_type(record, project, dtype):
    layer = empty(dtype)
    recorder = record(layer)
    dab(layer, 2, 20, 20, value=2)
    recorder.flush()
    np.testing.assert_array_equal(painted(project), layer.data)
    recorder.show(project.undo())
    assert not layer.data.any()
    assert layer.data.dtype == dtype


def test_paint_in_a_zarr_array_is_kept(record, project, tmp_path):
    array = zarr.create_array(tmp_path / "paint.zarr", shape=SHAPE, chunks=(1, 40, 50), dtype="u1")
    layer = Labels(array, name="paint")
    recorder = record(layer)
    dab(layer, 2, 20, 20)
    recorder.flush()
    np.testing.assert_array_equal(painted(project), array[:])
    recorder.show(project.undo())
    assert not array[:].any()


@pytest.mark.parametrize(("axes", "place"), [("TCYX", (2, 1, 20, 20)), ("CTYX", (1, 2, 20, 20))])
def test_paint_on_any_plane_of_four_axes_counts_and_comes_back_on_all(record, project, axes, place):
    shape = (6, 3, 40, 50) if axes[0] == "T" else (3, 6, 40, 50)
    layer = empty(shape=shape)
    recorder = record(layer, placement(Image(np.zeros(shape, np.uint8)), axes, 0))
    dab(layer, *place)
    recorder.flush()
    seen = layer.data.max(axis=axes.index("C"))
    np.testing.assert_array_equal(painted(project), seen)
    recorder.show(project.undo())
    assert not layer.data.any()
    recorder.show(project.redo())
    for plane in range(3):
        np.testing.assert_array_equal(layer.data.take(plane, axes.index("C")), seen)


def test_a_flat_layer_on_a_movie_with_z_is_kept(record, project):
    where = placement(Image(np.zeros((6, 3, 40, 50), np.uint8)), "TZYX", "max")
    layer = new_paint_layer(where, "paint")
    recorder = record(layer, where)
    dab(layer, 2, 0, 20, 20)
    recorder.flush()
    np.testing.assert_array_equal(painted(project), layer.data[:, 0])


def test_what_no_stroke_told_of_is_taken_over_before_a_job(record, project):
    layer = empty()
    recorder = record(layer)
    dab(layer, 2, 20, 20)
    layer.data[4, :3, :3] = 2
    dab(layer, 5, 20, 20)
    recorder.flush()
    layer.undo()  # napari's own, which tells nobody
    assert painted(project)[5].any()
    assert take_over(recorder) == 2
    np.testing.assert_array_equal(painted(project), layer.data)
    assert take_over(recorder) == 0
    layer.data = np.zeros(SHAPE, np.uint8)
    assert take_over(recorder) == 2
    assert not painted(project).any()


def test_what_is_taken_over_is_one_edit_or_none_at_all(record, project):
    layer = empty(np.int32)
    layer.data[1, :3, :3], layer.data[2, :3, :3] = 1, 2
    layer.data[4, 5, 5] = 300
    recorder = record(layer)
    with pytest.raises(LayerError, match="holds the label 300"):
        take_over(recorder)
    assert not painted(project).any()
    layer.data[4, 5, 5] = 0
    assert take_over(recorder) == 2
    project.undo()
    assert not painted(project).any()


@pytest.mark.parametrize("value", [256, 1000, -1])
def test_labels_that_mean_nothing_are_refused_in_a_sentence(record, project, value):
    layer = empty(np.int32)
    recorder = record(layer)
    dab(layer, 2, 20, 20, value=value)
    dab(layer, 4, 20, 20, value=1)
    recorder.flush()
    assert [
        f"holds the label {value}; an events layer" in said for said in recorder.complaints
    ] == [True]
    assert project.paint("movie-1").painted_frames() == [4]
    with pytest.raises(LayerError, match=f"'paint' holds the label {value}"):
        take_over(recorder)
    layer.data[2][layer.data[2] == value] = 255
    assert take_over(recorder) == 1
    assert project.paint("movie-1").values() == {1, 255}


def test_a_layer_that_does_not_fit_is_refused(record):
    with pytest.raises(LayerError, match=r"has the shape \(6, 40, 51\)"):
        record(empty(shape=(6, 40, 51)))


def test_a_stroke_that_cannot_be_kept_is_said(record, project):
    project.snapshot()  # what another window reads is what has reached the disk
    with Project.open(project.path) as second:
        assert second.read_only
        layer = empty()
        recorder = record(layer, project=second)
        dab(layer, 2, 20, 20)
        recorder.flush()
        assert len(recorder.complaints) == 1
        assert "is open in another window" in recorder.complaints[0]
        assert recorder.titles == []


def test_a_released_layer_is_followed_no_more(record, project):
    layer = empty()
    recorder = record(layer)
    dab(layer, 2, 20, 20)
    recorder.release()
    assert recorder.titles == ["paint division"]  # the last stroke is not lost
    dab(layer, 4, 20, 20)
    recorder.flush()
    assert project.paint("movie-1").painted_frames() == [2]


def test_a_new_layer_is_filled_with_the_paint_of_the_project(record, project):
    first = empty()
    recorder = record(first)
    dab(first, 2, 20, 20)
    dab(first, 5, 3, 3, value=255)
    recorder.flush()
    second = empty(np.int32)
    record(second).fill_layer()
    np.testing.assert_array_equal(second.data, first.data)
