"""Movies from arrays: windows, scale, intensity range, fingerprint, crops and refusals."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cell_events.movie import Movie, MovieError, open_movie


@pytest.fixture
def pixels() -> NDArray[np.uint16]:
    return np.random.default_rng(0).integers(0, 1000, (5, 20, 30), dtype=np.uint16)


class Untouchable:
    """An array that may be read by small windows only, and counts the pixels read."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape, self.dtype, self.n_read = shape, np.dtype(np.uint8), 0

    def __getitem__(self, index: Any) -> NDArray[np.uint8]:
        t, rows, columns = index
        window = np.full((rows.stop - rows.start, columns.stop - columns.start), t % 250, np.uint8)
        self.n_read += window.size
        return window

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        raise AssertionError("the whole movie was asked for")


def test_an_array_of_three_axes_is_frames_rows_and_columns(pixels: NDArray[np.uint16]) -> None:
    movie = open_movie(pixels)
    assert movie.shape == (5, 20, 30)
    assert (movie.n_frames, movie.dtype, movie.path) == (5, np.uint16, None)
    np.testing.assert_array_equal(movie.read(3), pixels[3])


def test_a_window_holds_the_pixels_asked_for(pixels: NDArray[np.uint16]) -> None:
    window = open_movie(pixels).read(2, slice(3, 9), slice(-10, None))
    np.testing.assert_array_equal(window, pixels[2, 3:9, -10:])
    assert open_movie(pixels).read(0, slice(4, 4)).shape == (0, 30)
    np.testing.assert_array_equal(
        open_movie(pixels).read(1, slice(None, None, -3)), pixels[1, ::-3]
    )


def test_a_dask_array_is_computed_window_by_window() -> None:
    lazy = da.map_blocks(
        lambda block_info: np.full((1, 8, 8), block_info[None]["chunk-location"][0], "u1"),
        chunks=((1,) * 1000, (8,), (8,)),
        dtype="u1",
    )
    movie = open_movie(lazy)
    assert movie.shape == (1000, 8, 8)
    assert movie.read(77, slice(2, 4)).tolist() == [[77] * 8] * 2


@pytest.mark.parametrize("t", [-1, 5])
def test_a_frame_that_is_not_there_is_named(pixels: NDArray[np.uint16], t: int) -> None:
    with pytest.raises(MovieError, match=rf"no frame {t}; its frames are 0 to 4"):
        open_movie(pixels).read(t)


def test_two_axes_are_a_movie_of_one_frame(pixels: NDArray[np.uint16]) -> None:
    movie = open_movie(pixels[0])
    assert movie.shape == (1, 20, 30)
    np.testing.assert_array_equal(movie.read(0), pixels[0])
    assert open_movie(pixels[:1]).n_frames == 1


@pytest.mark.parametrize("shape", [(0, 8, 8), (3, 0, 8), (3, 8, 0), (0, 0)])
def test_an_empty_movie_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(MovieError, match="is empty"):
        open_movie(np.zeros(shape))


@pytest.mark.parametrize("dtype", ["c16", "O", "U3", "M8[s]", "V4"])
def test_values_that_are_no_real_numbers_are_refused(dtype: str) -> None:
    with pytest.raises(MovieError, match="expected integers, floats or booleans"):
        open_movie(np.zeros((2, 4, 4), dtype))


def test_booleans_are_read_as_zero_and_one() -> None:
    movie = open_movie(np.eye(4, dtype=bool)[None])
    assert movie.dtype == movie.read(0).dtype == np.uint8
    np.testing.assert_array_equal(movie.read(0), np.eye(4))


def test_pixels_are_read_in_native_byte_order(pixels: NDArray[np.uint16]) -> None:
    movie = open_movie(pixels.astype(">u2"))
    assert movie.dtype.isnative
    assert movie.read(1).dtype.isnative
    assert movie.fingerprint == open_movie(pixels).fingerprint


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused_with_the_frame(bad: float) -> None:
    pixels = np.zeros((4, 6, 6), np.float32)
    pixels[2, 1, 1] = bad
    movie = open_movie(pixels)
    assert movie.read(2, slice(2, 6)).sum() == 0
    with pytest.raises(MovieError, match=r"frame 2 of .* NaN or infinite values \(1 of the 36"):
        movie.read(2)


def test_something_that_is_no_array_is_refused() -> None:
    with pytest.raises(MovieError, match="found a list, expected a path, a Movie or an array"):
        open_movie([[1, 2], [3, 4]])


@pytest.mark.parametrize("shape", [(20, 30, 3), (20, 30, 4), (5, 20, 30, 3)])
def test_colour_images_are_refused_with_advice(shape: tuple[int, ...]) -> None:
    with pytest.raises(MovieError, match=r"looks like colour \(RGB\).*channel=0, 1 or 2"):
        open_movie(np.zeros(shape, np.uint8))


def test_a_movie_three_pixels_wide_and_one_colour_of_an_image_can_be_opened() -> None:
    pixels = np.arange(8 * 6 * 3, dtype=np.uint8).reshape(8, 6, 3)
    assert open_movie(pixels, axes="TYX").shape == (8, 6, 3)
    green = open_movie(pixels, axes="YXS", channel=1)
    np.testing.assert_array_equal(green.read(0), pixels[..., 1])


def test_four_axes_need_an_answer(pixels: NDArray[np.uint16]) -> None:
    stack = np.stack([pixels, pixels + 1], axis=1)
    with pytest.raises(MovieError, match=r"axes QQQQ, shape \(5, 2, 20, 30\).*instance TCYX"):
        open_movie(stack)
    np.testing.assert_array_equal(open_movie(stack, axes="tcyx", channel=1).read(4), pixels[4] + 1)


def test_the_scale_is_stated_or_unknown(pixels: NDArray[np.uint16]) -> None:
    assert open_movie(pixels).pixel_size_um is None
    movie = open_movie(pixels, pixel_size_um=0.65, frame_interval_s=300)
    assert (movie.pixel_size_um, movie.frame_interval_s) == (0.65, 300)
    again = open_movie(movie, frame_interval_s=60)
    assert (again.pixel_size_um, again.frame_interval_s) == (0.65, 60)


@pytest.mark.parametrize("scale", [0, -1, np.nan, np.inf])
def test_a_scale_that_is_not_positive_is_refused(scale: float) -> None:
    with pytest.raises(MovieError, match="give a positive number"):
        open_movie(np.zeros((2, 4, 4)), pixel_size_um=scale)


def test_an_open_movie_cannot_be_given_other_axes(pixels: NDArray[np.uint16]) -> None:
    with pytest.raises(MovieError, match="axes, channel and z are chosen already"):
        open_movie(open_movie(pixels), axes="TYX")


def test_an_unknown_answer_to_missing_chunks_is_refused(pixels: NDArray[np.uint16]) -> None:
    with pytest.raises(MovieError, match="expected 'error' or 'fill'"):
        open_movie(pixels, missing_chunks="zero")  # type: ignore[arg-type]


def test_the_intensity_range_is_given_by_two_percentiles(pixels: NDArray[np.uint16]) -> None:
    expected = np.percentile(pixels, [1, 99.8])
    np.testing.assert_allclose(open_movie(pixels).intensity_range, expected)


@pytest.mark.parametrize("value", [0, 7, -3.5, 1e30])
def test_a_constant_movie_is_normalised_to_zero(value: float) -> None:
    movie = open_movie(np.full((3, 8, 8), value))
    low, high = movie.intensity_range
    assert low == value < high
    np.testing.assert_array_equal(movie.read_normalised(1), np.zeros((8, 8)))


def test_a_nearly_empty_movie_keeps_its_few_bright_pixels() -> None:
    pixels = np.zeros((3, 100, 100), np.uint16)
    pixels[1, 5, 5] = 500
    assert open_movie(pixels).intensity_range == (0, 500)
    assert open_movie(pixels).read_normalised(1)[5, 5] == 1


def test_normalising_maps_the_range_to_zero_and_one_without_clipping() -> None:
    movie = open_movie(np.linspace(0, 1000, 10_000).reshape(1, 100, 100))
    normalised = movie.read_normalised(0)
    assert normalised.dtype == np.float32
    low, high = movie.intensity_range
    np.testing.assert_allclose(normalised, (movie.read(0) - low) / (high - low), atol=1e-6)
    assert normalised.min() < 0
    assert normalised.max() > 1


def test_a_small_signal_on_a_large_offset_survives() -> None:
    ramp = np.arange(256, dtype=np.uint32).reshape(1, 16, 16) + np.uint32(4_000_000_000)
    assert len(np.unique(open_movie(ramp).read_normalised(0))) == 256


def test_describing_a_huge_movie_reads_little_of_it() -> None:
    array = Untouchable((50_000, 30_000, 30_000))
    movie = open_movie(array)
    assert movie.intensity_range[0] < movie.intensity_range[1]
    assert len(movie.fingerprint) == 64
    assert array.n_read <= 48 * 16 * 256**2


def test_the_fingerprint_tells_movies_apart(pixels: NDArray[np.uint16]) -> None:
    changed = pixels.copy()
    changed[3, 7, 7] += 1
    others = [changed, pixels[:, ::-1], pixels[:4], pixels.astype(np.uint32), pixels[:, :10]]
    prints = {open_movie(other).fingerprint for other in [pixels, *others]}
    assert len(prints) == 6
    assert Movie(da.from_array(pixels, chunks=2), "other").fingerprint in prints


def test_the_fingerprint_is_the_same_in_another_process() -> None:
    code = (
        "import numpy as np; from cell_events.movie import Movie;"
        "print(Movie(np.arange(60.0).reshape(3, 4, 5)).fingerprint)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    there = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == Movie(np.arange(60.0).reshape(3, 4, 5)).fingerprint


def test_a_crop_is_a_view_that_keeps_scale_and_range(pixels: NDArray[np.uint16]) -> None:
    movie = open_movie(pixels, pixel_size_um=0.5, frame_interval_s=60)
    crop = movie.crop(slice(1, 4), slice(2, 12), slice(5, None))
    assert crop.shape == (3, 10, 25)
    np.testing.assert_array_equal(crop.read(1, slice(3, 5)), pixels[2, 5:7, 5:])
    assert (crop.pixel_size_um, crop.frame_interval_s) == (0.5, 60)
    assert crop.crop(rows=slice(0, 2)).intensity_range == movie.intensity_range
    assert crop.fingerprint != Movie(pixels[1:4, 2:12, 5:]).fingerprint  # normalised otherwise


def test_leaving_out_frames_lengthens_the_interval(pixels: NDArray[np.uint16]) -> None:
    sparse = open_movie(pixels, frame_interval_s=60).crop(frames=slice(None, None, 2))
    assert (sparse.n_frames, sparse.frame_interval_s) == (3, 120)
    np.testing.assert_array_equal(sparse.read(2), pixels[4])


def test_a_crop_without_anything_left_is_refused(pixels: NDArray[np.uint16]) -> None:
    with pytest.raises(MovieError, match="is empty"):
        open_movie(pixels).crop(rows=slice(25, 30))
    with pytest.raises(MovieError, match="rows and columns without a step"):
        open_movie(pixels).crop(rows=slice(None, None, 2))


SLICES = st.slices(12)


@given(index=st.tuples(st.integers(-3, 2) | st.slices(3), SLICES | st.integers(0, 11), SLICES))
@settings(deadline=None, max_examples=80)
def test_lazy_arrays_slice_as_numpy_does(index: tuple[Any, ...]) -> None:
    pixels = np.arange(4 * 14 * 14).reshape(4, 14, 14)
    crop = open_movie(pixels).crop(slice(1, 4), slice(1, 13), slice(2, 14))
    np.testing.assert_array_equal(crop.array[index], pixels[1:4, 1:13, 2:14][index])


def test_a_lazy_array_takes_an_ellipsis_and_refuses_to_be_converted_whole() -> None:
    crop = open_movie(np.arange(48).reshape(3, 4, 4)).crop(slice(1, 3)).array
    np.testing.assert_array_equal(crop[..., 2], np.arange(48).reshape(3, 4, 4)[1:, :, 2])
    with pytest.raises(TypeError, match="is read by window"):
        np.asarray(crop)
    with pytest.raises(IndexError, match="too many indices"):
        crop[0, 0, 0, 0]
    with pytest.raises(IndexError, match="integers, slices and an ellipsis"):
        crop[[0, 1]]
