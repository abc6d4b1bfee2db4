"""Layers go to files and come back, through napari's own open and save."""

from __future__ import annotations

import dask.array as da
import numpy as np
import pytest
import tifffile
import zarr
from napari.layers import Image, Labels, Points

from cell_events.events import Event, read_events, write_events
from cell_events.gui.files.events_file import is_events_csv, place_of
from cell_events.gui.files.readers import get_events_reader
from cell_events.gui.files.writers import write_events_csv, write_paint_tiff, write_paint_zarr
from cell_events.gui.layers.events_layer import events_of_layer, new_events_layer
from cell_events.gui.layers.layer_axes import LayerError, placement
from cell_events.gui.layers.paint_layer import new_paint_layer
from cell_events.gui.layers.stored_layers import placement_of_points
from cell_events.movie import open_movie
from cell_events.recognition.paint import open_mask

PLUGIN = "napari-cell-events"
EVENTS = [
    Event(2, 10.5, 20.25, score=0.1 + 0.2, source="model", extra={"note": "late, or early"}),
    Event(4, 1 / 3, 4.0, "death", probability=0.6, status="accepted", extra={"note": ""}),
    Event(5, 30.0, 40.0, "mitosis", status="rejected", extra={"note": ""}),
    Event(0, 0.0, 0.0, status="added", extra={"note": "at the corner"}),
]
IN_SPACE = {"scale": (60, 0.5, 0.5), "translate": (5, 7, 8), "units": ("s", "um", "um")}


def movie_at(*shape, axes="TYX", plane=None, **options):
    return placement(Image(np.zeros(shape, np.uint8), name="movie", **options), axes, plane)


def saved(layer, path, write=write_events_csv):
    data, attributes, kind = layer.as_layer_data_tuple()
    return write(
        str(path), *((data, attributes) if kind == "points" else ([(data, attributes, kind)],))
    )


def reopened(path):
    reader = get_events_reader(str(path))
    assert reader is not None
    ((data, attributes, kind),) = reader(str(path))
    assert kind == "points"
    return Points(data, **attributes)


@pytest.mark.parametrize("options", [{}, IN_SPACE, {"axis_labels": ("t", "y", "x")}])
def test_events_survive_the_way_to_a_file_and_back(tmp_path, options):
    where = movie_at(6, 40, 50, **options)
    saved(new_events_layer(EVENTS, where, ("division", "death"), "events"), tmp_path / "events.csv")
    assert read_events(tmp_path / "events.csv") == EVENTS
    layer = reopened(tmp_path / "events.csv")
    assert events_of_layer(layer, placement_of_points(layer)) == EVENTS
    assert layer.name == "events"


def test_a_reopened_layer_looks_like_the_one_that_was_saved(tmp_path):
    kinds = ("division", "death", "mitosis")
    layer = new_events_layer(EVENTS, movie_at(6, 40, 50), kinds, "events")
    saved(layer, tmp_path / "events.csv")
    again = reopened(tmp_path / "events.csv")
    for name in ("border_color", "face_color", "size", "border_width", "shown", "symbol"):
        np.testing.assert_array_equal(getattr(again, name), getattr(layer, name), err_msg=name)
    assert again.current_size == layer.current_size
    again.add([[3, 5, 6]])
    added = events_of_layer(again, placement_of_points(again))[-1]
    assert (added.kind, added.status, added.score) == ("division", "added", None)


def test_units_of_the_layer_become_seconds_and_micrometres_and_units_again(tmp_path):
    where = movie_at(6, 40, 50, scale=(1, 500, 500), units=("min", "nm", "nm"))
    saved(new_events_layer(EVENTS, where, ("division",), "events"), tmp_path / "events.csv")
    header, first, *_ = (tmp_path / "events.csv").read_text().splitlines()
    cells = dict(
        zip(header.split(","), first.replace('"late, or early"', "").split(","), strict=True)
    )
    assert [float(cells[name]) for name in ("t_s", "y_um", "x_um")] == pytest.approx(
        [120, 5.25, 10.125]
    )
    layer = reopened(tmp_path / "events.csv")
    np.testing.assert_allclose(layer.scale, (60, 0.5, 0.5))
    assert [str(unit) for unit in layer.units] == ["second", "micrometer", "micrometer"]
    assert layer.axis_labels == ("t", "y", "x")


@pytest.mark.parametrize(
    ("axes", "shape"),
    [("TCYX", (6, 3, 40, 50)), ("TZYX", (6, 3, 40, 50)), ("CTYX", (3, 6, 40, 50))],
)
@pytest.mark.parametrize("named", [True, False])
def test_events_on_a_movie_with_planes_keep_their_frame(tmp_path, axes, shape, named):
    labels = {"axis_labels": tuple(axes.lower())} if named else {}
    where = movie_at(*shape, axes=axes, plane=1, **labels)
    saved(new_events_layer(EVENTS, where, ("division",), "events"), tmp_path / "events.csv")
    assert read_events(tmp_path / "events.csv") == EVENTS


def test_events_lie_on_the_movie_that_is_open_and_fits(tmp_path):
    write_events(tmp_path / "events.csv", EVENTS)
    small = Image(np.zeros((6, 10, 10)), name="small")
    movie = Image(np.zeros((6, 40, 50)), **IN_SPACE)
    flat = Image(np.zeros((40, 50)), name="photo")
    where = place_of(EVENTS, (None, None), [movie, small, flat])
    np.testing.assert_array_equal(where.transform["translate"], (5, 7, 8))
    elsewhere = place_of(EVENTS, (0.7, None), [movie, small, flat])
    np.testing.assert_array_equal(elsewhere.transform["translate"], (0, 0, 0))
    np.testing.assert_array_equal(elsewhere.transform["scale"], (1, 0.7, 0.7))


def test_no_events_are_a_file_and_a_layer_too(tmp_path):
    saved(new_events_layer([], movie_at(6, 40, 50), ("division",), "none"), tmp_path / "events.csv")
    assert read_events(tmp_path / "events.csv") == []
    assert len(reopened(tmp_path / "events.csv").data) == 0


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("t,y,x\n1,2,3\n", True),
        ("\ufeffkind, t, y, x\ndivision,1,2,3\n", True),
        ("track_id,t,y,x\n1,1,2,3\n", False),
        ("index,axis-0,axis-1,axis-2\n0,1,2,3\n", False),
        ("t;y;x\n1;2;3\n", False),
        ("", False),
    ],
)
def test_only_a_csv_of_events_is_ours(tmp_path, text, ours):
    path = tmp_path / "some.csv"
    path.write_text(text, encoding="utf8")
    assert is_events_csv(path) is ours
    assert (get_events_reader(str(path)) is not None) is ours


def test_a_file_that_cannot_be_read_is_not_ours(tmp_path):
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x01")
    assert get_events_reader(str(tmp_path / "binary.csv")) is None
    assert get_events_reader(str(tmp_path / "none.csv")) is None


def test_several_files_become_several_layers(tmp_path):
    paths = [str(tmp_path / f"{name}.csv") for name in ("first", "second")]
    for path in paths:
        write_events(path, EVENTS)
    assert [one[1]["name"] for one in get_events_reader(paths)(paths)] == ["first", "second"]


def test_points_that_are_no_events_become_the_csv_of_napari(tmp_path):
    assert saved(Points([[1, 2, 3]], name="spots"), tmp_path / "spots.csv")
    assert (tmp_path / "spots.csv").read_text().startswith("index,axis-0,axis-1,axis-2")


def test_events_without_time_are_refused(tmp_path):
    flat = Points([[1, 2]], features={"kind": ["division"]}, name="flat")
    with pytest.raises(LayerError, match="'flat' has 2 axes; events lie in time, Y and X"):
        saved(flat, tmp_path / "flat.csv")


def painted(shape=(6, 40, 50)):
    paint = np.zeros(shape, np.uint8)
    paint[2, ..., 5:9, 5:9], paint[3, ..., 20:30, 5:9], paint[5, ..., 0, 0] = 1, 2, 255
    return paint


def as_dask(paint):
    return da.from_array(paint, chunks=(1, 20, 50))


def as_zarr(paint):
    array = zarr.create_array({}, shape=paint.shape, dtype=paint.dtype, chunks=(1, 40, 50))
    array[:] = paint
    return array


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.int64, np.uint64])
@pytest.mark.parametrize("store", [np.asarray, as_dask, as_zarr])
@pytest.mark.parametrize(
    ("write", "name"), [(write_paint_tiff, "a.paint.tif"), (write_paint_zarr, "a.paint.zarr")]
)
def test_paint_of_any_integer_type_and_store_becomes_the_same_mask(
    tmp_path, dtype, store, write, name
):
    paint = painted()
    assert saved(Labels(store(paint.astype(dtype))), tmp_path / name, write) == [
        str(tmp_path / name)
    ]
    movie = open_movie(np.zeros((6, 40, 50), np.uint8), axes="TYX")
    mask = open_mask(tmp_path / name, movie, ("division", "death"))
    np.testing.assert_array_equal([mask.read(t) for t in range(6)], paint)
    assert mask.movie.dtype == np.uint8
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_multiscale_layer_is_saved_at_full_resolution(tmp_path):
    paint = painted()
    layer = Labels([paint, paint[:, ::2, ::2]], multiscale=True)
    saved(layer, tmp_path / "a.paint.tif", write_paint_tiff)
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "a.paint.tif"), paint)


def test_a_tiff_of_paint_holds_the_scale_and_is_compressed(tmp_path):
    paint = new_paint_layer(movie_at(6, 40, 50, **IN_SPACE), "paint")
    paint.data = painted()
    saved(paint, tmp_path / "a.paint.tif", write_paint_tiff)
    mask = open_movie(tmp_path / "a.paint.tif")
    assert (mask.shape, mask.pixel_size_um, mask.frame_interval_s) == ((6, 40, 50), 0.5, 60.0)
    with tifffile.TiffFile(tmp_path / "a.paint.tif") as file:
        assert file.pages[0].compression.name == "ADOBE_DEFLATE"


def test_a_zarr_of_paint_holds_only_painted_chunks(tmp_path):
    saved(Labels(painted((100, 40, 50))), tmp_path / "a.paint.zarr", write_paint_zarr)
    chunks = [path for path in (tmp_path / "a.paint.zarr" / "c").rglob("*") if path.is_file()]
    assert sorted(int(path.parts[-3]) for path in chunks) == [2, 3, 5]


@pytest.mark.parametrize(
    ("shape", "axes"),
    [((6, 1, 40, 50), "TZYX"), ((1, 6, 40, 50), "CTYX"), ((6, 3, 40, 50), "TCYX")],
)
def test_paint_with_planes_is_flattened(tmp_path, shape, axes):
    paint = np.zeros(shape, np.uint8)
    paint[tuple(2 if letter == "T" else -1 for letter in axes[:2])][5:9, 5:9] = 1
    saved(Labels(paint), tmp_path / "a.paint.tif", write_paint_tiff)
    mask = tifffile.imread(tmp_path / "a.paint.tif")
    assert mask.shape == (6, 40, 50)
    assert mask[2, 5:9, 5:9].all()
    assert mask.sum() == 16


def test_a_movie_chosen_with_the_paint_says_what_the_axes_are(tmp_path):
    planes = np.zeros((3, 6, 40, 50), np.uint8)
    planes[1, 4, 5:9, 5:9] = 1
    movie = Image(planes, axis_labels=("channel", "time", "y", "x"))
    chosen = [layer.as_layer_data_tuple() for layer in (movie, Labels(planes))]
    write_paint_tiff(str(tmp_path / "a.paint.tif"), chosen)
    mask = tifffile.imread(tmp_path / "a.paint.tif")
    assert mask.shape == (6, 40, 50)
    assert mask[4, 5:9, 5:9].all()


def test_paint_of_another_movie_is_refused(tmp_path):
    layers = Image(np.zeros((5, 40, 50))), Labels(painted())
    chosen = [layer.as_layer_data_tuple() for layer in layers]
    with pytest.raises(LayerError, match="press 'New' to make one that fits"):
        write_paint_tiff(str(tmp_path / "a.paint.tif"), chosen)


def test_a_segmentation_is_no_paint_and_leaves_nothing_behind(tmp_path):
    cells = np.full((6, 40, 50), 300, np.int32)
    for write, name in ((write_paint_tiff, "a.paint.tif"), (write_paint_zarr, "a.paint.zarr")):
        with pytest.raises(LayerError, match=r"label 300.*is it a segmentation\?"):
            saved(Labels(cells, name="cells"), tmp_path / name, write)
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_zarr_is_replaced_and_another_folder_is_not(tmp_path):
    for paint in (painted(), np.zeros((6, 40, 50), np.uint8)):
        saved(Labels(paint), tmp_path / "a.paint.zarr", write_paint_zarr)
    assert not zarr.open_array(tmp_path / "a.paint.zarr", mode="r")[:].any()
    (tmp_path / "photos.paint.zarr").mkdir()
    with pytest.raises(LayerError, match="exists and is no zarr"):
        saved(Labels(painted()), tmp_path / "photos.paint.zarr", write_paint_zarr)


def test_a_viewer_saves_events_and_opens_them_on_the_movie(viewer, tmp_path):
    movie = viewer.add_image(np.zeros((6, 40, 50), np.uint8), name="movie", **IN_SPACE)
    viewer.add_layer(new_events_layer(EVENTS, placement(movie, "TYX"), ("division",), "events"))
    viewer.layers["events"].save(str(tmp_path / "e.csv"))
    assert read_events(tmp_path / "e.csv") == EVENTS
    (layer,) = viewer.open(str(tmp_path / "e.csv"), plugin=PLUGIN)
    np.testing.assert_array_equal(layer.scale, movie.scale)
    np.testing.assert_array_equal(layer.translate, movie.translate)
    assert layer.source.path == str(tmp_path / "e.csv")


def test_a_viewer_saves_segmentations_as_before(viewer, tmp_path):
    cells = viewer.add_labels(np.full((40, 50), 300, np.int32))
    cells.save(str(tmp_path / "named.tif"))
    cells.save(str(tmp_path / "nameless"))
    assert {path.name for path in tmp_path.iterdir()} == {"named.tif", "nameless.tif"}
    assert all(tifffile.imread(path).max() == 300 for path in tmp_path.iterdir())
