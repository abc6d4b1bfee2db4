"""Painted layers: whatever movie they lie on, the project holds what they show."""

import dask.array as da
import numpy as np
import pytest
import zarr

from cell_events.events import Event
from cell_events.gui.layers.layer_axes import LayerError
from tests.gui.small_movies import dab, look_at, painted, pixels


def stored_as(kind, folder):
    """The same movie as different layers hold it."""
    if kind == "dask":
        return da.from_array(pixels(), chunks=(1, 40, 50))
    if kind == "multiscale":
        return [pixels(shape=(6, 400, 500)), pixels(shape=(6, 200, 250))]
    array = zarr.create_array(folder / "movie.zarr", shape=(6, 40, 50), dtype="u1")
    array[:] = pixels()
    return array


@pytest.mark.parametrize("kind", ["dask", "zarr", "multiscale"])
def test_movies_of_every_kind_can_be_painted_on(open_bench, tmp_path, kind):
    bench = open_bench()
    look_at(bench, bench.viewer.add_image(stored_as(kind, tmp_path), name="cells"))
    layer = bench.paint.new_layer()
    dab(layer, 2, 20, 20)
    bench.paint.flush()
    np.testing.assert_array_equal(painted(bench.project), layer.data)
    assert layer.data.any()
    bench.edits.undo()
    assert not layer.data.any()


def test_a_movie_with_planes_is_painted_on_once_for_all_planes(open_bench):
    bench = open_bench()
    movie = bench.viewer.add_image(pixels(shape=(6, 3, 40, 50)), scale=(60, 2, 0.5, 0.5))
    look_at(bench, movie, "TZYX", "max")
    layer = bench.paint.new_layer()
    assert layer.data.shape == (6, 1, 40, 50)
    dab(layer, 2, 0, 20, 20)
    bench.events.add(Event(4, 30, 30))  # at once: the stroke is the earlier edit all the same
    np.testing.assert_array_equal(painted(bench.project), layer.data[:, 0])
    bench.viewer.dims.set_current_step(0, 5)
    bench.edits.undo()  # the event
    bench.edits.undo()
    assert bench.viewer.dims.current_step[0] == 2
    assert not layer.data.any()


def test_paint_layers_may_be_renamed_deleted_and_made_again(open_bench):
    bench = open_bench()
    look_at(bench, bench.viewer.add_image(pixels(), name="cells"))
    layer = bench.paint.new_layer()
    layer.name, bench.looked_at.layer.name = "mine", "renamed"
    dab(layer, 2, 20, 20)
    assert bench.paint.new_layer() is layer
    before = layer.data.copy()
    bench.viewer.layers.remove(layer)  # right after the stroke
    assert bench.paint.recorder is None
    bench.events.add(Event(1, 2, 3))
    bench.edits.undo()
    new = bench.paint.new_layer()
    assert new is not layer
    np.testing.assert_array_equal(new.data, before)
    dab(new, 4, 20, 20)
    dab(layer, 5, 20, 20)  # nobody sees this one any more
    bench.paint.flush()
    np.testing.assert_array_equal(painted(bench.project), new.data)
    bench.edits.undo()
    bench.edits.undo()
    assert not new.data.any()


def test_a_layer_of_the_user_is_kept_once_it_is_chosen(open_bench):
    bench = open_bench()
    look_at(bench, bench.viewer.add_image(pixels(), name="cells"))
    mine = bench.viewer.add_labels(np.zeros((6, 40, 50), np.int32), name="mine")
    mine.data[1, 2:5, 2:5] = 2
    list(bench.paint.record(mine).take_over())
    dab(mine, 2, 20, 20)
    bench.paint.flush()
    np.testing.assert_array_equal(painted(bench.project), mine.data)
    assert bench.paint.new_layer() is mine
    with pytest.raises(LayerError, match="has the shape"):
        bench.paint.record(bench.viewer.add_labels(np.zeros((5, 40, 50), int)))
    assert bench.paint.recorder.layer is mine


def test_a_label_without_meaning_is_said_in_the_status_line(open_bench):
    bench = open_bench()
    look_at(bench, bench.viewer.add_image(pixels(), name="cells"))
    mine = bench.viewer.add_labels(np.zeros((6, 40, 50), np.int32), name="mine")
    bench.paint.record(mine)
    dab(mine, 2, 20, 20, value=300)
    bench.paint.flush()
    assert "'mine' holds the label 300" in bench.errors[-1]
    assert not painted(bench.project).any()
