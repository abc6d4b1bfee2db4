"""Choosing axes, channel and depth: what is stated wins, and nothing is guessed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from cell_events.frames import frames_of
from cell_events.sources import MovieError, Source


@pytest.fixture
def volume() -> NDArray[np.uint16]:
    """(T, C, Z, Y, X) pixels."""
    return np.random.default_rng(1).integers(0, 99, (4, 2, 3, 5, 6), dtype=np.uint16)


def source(array: NDArray[np.generic], axes: str, channels: tuple[str, ...] = ()) -> Source:
    return Source(array, axes, "cells.tif", channels=channels)


@pytest.mark.parametrize("channel", [1, "1", "GFP", "gfp"])
def test_a_channel_is_chosen_by_name_or_index(
    volume: NDArray[np.uint16], channel: int | str
) -> None:
    stored = source(volume[:, :, 0], "TCYX", ("H2B", "GFP"))
    frames = frames_of(stored, None, channel, None)
    np.testing.assert_array_equal(frames[2], volume[2, 1, 0])


def test_several_channels_are_refused_by_their_names(volume: NDArray[np.uint16]) -> None:
    stored = source(volume[:, :, 0], "TCYX", ("H2B", "GFP"))
    with pytest.raises(MovieError, match=r"2 channels \(0 H2B, 1 GFP\); choose one channel"):
        frames_of(stored, None, None, None)


@pytest.mark.parametrize("channel", [2, -1, "DAPI"])
def test_a_channel_that_does_not_exist_is_refused(
    volume: NDArray[np.uint16], channel: int | str
) -> None:
    with pytest.raises(MovieError, match=r"no channel .*; it has: 0 H2B, 1 GFP"):
        frames_of(source(volume[:, :, 0], "TCYX", ("H2B", "GFP")), None, channel, None)


def test_a_channel_of_a_movie_without_channels_is_refused(volume: NDArray[np.uint16]) -> None:
    with pytest.raises(MovieError, match=r"no channel axis \(axes TYX"):
        frames_of(source(volume[:, 0, 0], "TYX"), None, "GFP", None)
    assert frames_of(source(volume[:, 0, 0], "TYX"), None, 0, None).shape == (4, 5, 6)


def test_depth_is_refused_with_advice(volume: NDArray[np.uint16]) -> None:
    with pytest.raises(MovieError, match=r"3 planes in z.* z=0 to z=2, .*z='max' or z='mean'"):
        frames_of(source(volume[:, 0], "TZYX"), None, None, None)


def test_a_stack_that_may_be_a_movie_hints_at_it(volume: NDArray[np.uint16]) -> None:
    with pytest.raises(MovieError, match="if these are time points, pass axes='TYX'"):
        frames_of(source(volume[:1, :1, :], "TCZYX"), None, None, None)
    assert frames_of(source(volume[:1, :1], "TCZYX"), "TYX", None, None).shape == (3, 5, 6)


def test_a_plane_or_a_projection_is_read_window_by_window(volume: NDArray[np.uint16]) -> None:
    stored = source(volume, "TCZYX")
    window = (3, slice(1, 4), slice(2, 5))
    deep = volume[3, 1, :, 1:4, 2:5]
    np.testing.assert_array_equal(frames_of(stored, None, 1, 2)[window], deep[2])
    np.testing.assert_array_equal(frames_of(stored, None, 1, "max")[window], deep.max(0))
    mean = frames_of(stored, None, 1, "mean")
    assert mean.dtype == np.float32
    np.testing.assert_allclose(mean[window], deep.mean(0), rtol=1e-6)


@pytest.mark.parametrize("z", [3, -1, "median"])
def test_a_plane_that_does_not_exist_is_refused(volume: NDArray[np.uint16], z: int | str) -> None:
    with pytest.raises(MovieError, match="choose 0 to 2, 'max' or 'mean'"):
        frames_of(source(volume[:, 0], "TZYX"), None, None, z)
    with pytest.raises(MovieError, match="no z axis"):
        frames_of(source(volume[:, 0, 0], "TYX"), None, None, z)


@pytest.mark.parametrize("axes", ["XYT", "YTX", "YXT"])
def test_axes_may_be_stored_in_any_order(volume: NDArray[np.uint16], axes: str) -> None:
    frames = volume[:, 0, 0]
    stored = frames.transpose(["TYX".index(axis) for axis in axes])
    view = frames_of(source(stored, axes), None, None, None)
    np.testing.assert_array_equal(view[2, 1:4, 2:5], frames[2, 1:4, 2:5])


def test_depth_stored_after_rows_is_projected_all_the_same(volume: NDArray[np.uint16]) -> None:
    stored = volume[:, 0].transpose(0, 3, 1, 2)  # T, X, Z, Y
    view = frames_of(source(stored, "TXZY"), None, None, "max")
    np.testing.assert_array_equal(view[1], volume[1, 0].max(0))


@pytest.mark.parametrize(("axes", "answer"), [("QYX", "TYX"), ("QQYX", "TCYX"), ("TQYX", "TCYX")])
def test_ambiguous_axes_ask_for_an_answer(axes: str, answer: str) -> None:
    stored = source(np.zeros((2,) * len(axes)), axes)
    with pytest.raises(MovieError, match=rf"name its axes in that order, for instance {answer}\."):
        frames_of(stored, None, None, None)


def test_unknown_axes_of_length_one_do_not_matter() -> None:
    assert frames_of(source(np.zeros((1, 4, 5)), "QYX"), None, None, None).shape == (1, 4, 5)
    assert frames_of(source(np.zeros((7, 1, 4, 5)), "TQYX"), None, None, None).shape == (7, 4, 5)


@pytest.mark.parametrize("axes", ["TYQ", "TTYX", "TCX", "hello", ""])
def test_axes_that_mean_nothing_are_refused(axes: str) -> None:
    with pytest.raises(MovieError, match="is not understood"):
        frames_of(source(np.zeros((2, 3, 4)), "QYX"), axes, None, None)


def test_axes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(MovieError, match=r"'TCYX' names 4 axes, but cells\.tif has 3"):
        frames_of(source(np.zeros((2, 3, 4)), "QYX"), "TCYX", None, None)
    with pytest.raises(MovieError, match=r"'YX' names 2 axes, but cells\.tif has 3"):
        frames_of(source(np.zeros((2, 3, 4)), "QYX"), "YX", None, None)


def test_a_line_of_pixels_is_no_movie() -> None:
    with pytest.raises(MovieError, match="expected images of Y and X"):
        frames_of(source(np.zeros(4), "Q"), None, None, None)


def test_colours_and_channels_together_are_refused() -> None:
    with pytest.raises(MovieError, match="both channels and colours"):
        frames_of(source(np.zeros((2, 4, 4, 3), np.uint8), "CYXS"), None, 0, None)
