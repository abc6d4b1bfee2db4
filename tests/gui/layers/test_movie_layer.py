"""From an Image layer to a file for the worker: its own file, or a lazy copy."""

import dask.array as da
import numpy as np
import pytest
import tifffile
import zarr
from napari.layers import Image
from napari.layers._source import layer_source

from cell_events.gui.layers.layer_axes import placement, possible_axes
from cell_events.gui.layers.movie_files import MovieFiles


@pytest.fixture
def files():
    files = MovieFiles()
    yield files
    files.close()


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 4000, (6, 40, 50), dtype=np.uint16)


def source_of(files, layer, axes=None, plane=None):
    """The source, and how many steps it took to make it."""
    steps = files.source(layer, placement(layer, axes or possible_axes(layer)[0], plane))
    n_steps = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value, n_steps
        n_steps += 1


def opened_from(path, data, **options):
    with layer_source(path=str(path)):
        return Image(data, **options)


def whole(source):
    movie = source.open()
    return np.stack([movie.read(t) for t in range(movie.n_frames)])


def test_a_layer_opened_from_a_file_is_read_from_there(files, pixels, tmp_path):
    tifffile.imwrite(tmp_path / "movie.tif", pixels)
    layer = opened_from(tmp_path / "movie.tif", pixels.copy())
    source, n_steps = source_of(files, layer)
    assert source.path == tmp_path / "movie.tif"
    assert n_steps == 0
    np.testing.assert_array_equal(whole(source), pixels)


@pytest.mark.parametrize("change", ["cropped", "filtered", "converted", "one channel"])
def test_a_layer_that_differs_from_its_file_is_copied(files, pixels, tmp_path, change):
    changed = {
        "cropped": pixels[:, 1:],
        "filtered": pixels + 1,
        "converted": pixels.astype(np.float32),
        "one channel": pixels[::2],
    }[change]
    shape = (3, 2, 40, 50) if change == "one channel" else pixels.shape
    tifffile.imwrite(tmp_path / "movie.tif", pixels.reshape(shape))
    source, n_steps = source_of(files, opened_from(tmp_path / "movie.tif", changed))
    assert files.is_copy(source.path)
    assert n_steps == len(changed)
    np.testing.assert_array_equal(whole(source), changed)


def test_the_copy_is_made_once_and_again_after_a_change(files, pixels):
    layer = Image(pixels)
    first, _ = source_of(files, layer)
    again, n_steps = source_of(files, layer)
    assert again == first
    assert n_steps == 0
    layer.data = pixels + 1
    changed, _ = source_of(files, layer)
    np.testing.assert_array_equal(whole(changed), pixels + 1)


def test_a_lazy_layer_is_copied_chunk_by_chunk(files):
    seen = []

    def block(block_id):
        seen.append(block_id)
        return np.full((1, 64, 64), block_id[0], np.uint8)

    lazy = da.map_blocks(block, chunks=((1,) * 40, (64,), (64,)), dtype=np.uint8, meta=np.array(()))
    layer = Image(lazy, contrast_limits=(0, 40))
    steps = files.source(layer, placement(layer, "TYX"))
    next(steps)
    n_frames_for_one_step = len({block_id[0] for block_id in seen})
    assert n_frames_for_one_step < 40
    list(steps)
    source, _ = source_of(files, layer)
    np.testing.assert_array_equal(whole(source)[:, 0, 0], np.arange(40))


def test_black_frames_survive_the_copy(files):
    source, _ = source_of(files, Image(np.zeros((3, 16, 16), np.uint8)))
    np.testing.assert_array_equal(whole(source), 0)


@pytest.mark.parametrize(
    ("axes", "plane", "expected"),
    [
        ("TCYX", 1, lambda data: data[:, 1]),
        ("ZTYX", 2, lambda data: data[2]),
        ("TZYX", "max", lambda data: data.max(axis=1)),
    ],
)
def test_a_channel_or_plane_or_projection_is_taken(files, axes, plane, expected):
    data = np.random.default_rng(1).integers(0, 255, (4, 3, 20, 24), dtype=np.uint8)
    source, _ = source_of(files, Image(data), axes, plane)
    np.testing.assert_array_equal(whole(source), expected(data))


def test_a_multiscale_layer_is_read_at_full_resolution(files, pixels):
    layer = Image([pixels, pixels[:, ::2, ::2]], multiscale=True)
    source, _ = source_of(files, layer)
    np.testing.assert_array_equal(whole(source), pixels)


def test_a_zarr_layer_opened_from_its_folder_is_read_from_there(files, pixels, tmp_path):
    array = zarr.create_array(
        tmp_path / "movie.zarr", shape=pixels.shape, chunks=(1, 40, 50), dtype="uint16"
    )
    array[:] = pixels
    source, n_steps = source_of(files, opened_from(tmp_path / "movie.zarr", array))
    assert n_steps == 0
    assert source.path == tmp_path / "movie.zarr"


def test_the_layers_scale_goes_along(files, pixels):
    layer = Image(pixels, scale=(60, 0.5, 0.5), units=("s", "um", "um"))
    source, _ = source_of(files, layer)
    movie = source.open()
    assert movie.pixel_size_um == 0.5
    assert movie.frame_interval_s == 60


def test_copies_are_gone_after_closing(files, pixels):
    source, _ = source_of(files, Image(pixels))
    assert source.path.exists()
    files.close()
    assert not source.path.exists()
