"""Crop pairs come from the right frames, mostly from places where something changes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from cell_events.movie import Movie, open_movie
from cell_events.time_arrow.activity import block_probabilities, change_map, frame_pairs
from cell_events.time_arrow.crops import CropSampler, CropSettings, read_around


def one_moving_spot() -> NDArray[np.uint8]:
    """A still textured frame in which one spot at (40, 100) blinks."""
    still = np.random.default_rng(0).integers(0, 100, (80, 160), dtype=np.uint8)
    movie = np.repeat(still[None], 6, axis=0)
    movie[1::2, 36:44, 96:104] = 255
    return movie


def test_the_change_map_is_zero_where_nothing_changes() -> None:
    change = change_map(open_movie(one_moving_spot()), 0, 1)
    assert change.shape == (5, 10)
    assert np.unravel_index(change.argmax(), change.shape) == (2, 6)
    assert (change > 0).sum() <= 2


def test_most_crops_lie_around_the_change_and_some_anywhere() -> None:
    movie = open_movie(one_moving_spot())
    probabilities = block_probabilities(movie, [(0, 1), (1, 1)])
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities[:, 2, 5:7].sum() > 0.9
    assert probabilities.min() == pytest.approx(0.1 / probabilities.size)


def test_a_movie_in_which_nothing_changes_is_drawn_from_evenly() -> None:
    movie = open_movie(np.full((3, 32, 32), 7, np.uint8))
    assert np.ptp(block_probabilities(movie, [(0, 1), (1, 1)])) == 0


def test_pairs_fit_into_the_movie_and_mix_the_steps() -> None:
    assert frame_pairs(4, (1, 3)) == [(0, 1), (1, 1), (2, 1), (0, 3)]
    many = frame_pairs(10_000, (1,))
    assert len(many) == 512
    assert many[0] == (0, 1)
    assert many[-1] == (9_998, 1)


def test_windows_are_read_around_their_centre_and_reflected_at_the_edge() -> None:
    frame = np.arange(40 * 50, dtype=np.uint16).reshape(1, 40, 50)
    movie = open_movie(frame)
    whole = movie.read_normalised(0)
    np.testing.assert_array_equal(read_around(movie, 0, (20, 25), 16), whole[12:28, 17:33])
    expected = np.pad(whole, 60, mode="reflect")[60 - 8 : 60 + 8, 60 - 5 : 60 + 11]
    np.testing.assert_array_equal(read_around(movie, 0, (0, 3), 16), expected)
    assert read_around(movie, 0, (20, 25), 120).shape == (120, 120)


def test_the_second_frame_lies_delta_after_the_first() -> None:
    frames = np.arange(8, dtype=np.float32)[:, None, None] * np.ones((1, 32, 32), np.float32)
    movie = open_movie(frames)
    low, high = movie.intensity_range
    sampler = CropSampler([movie], CropSettings(size=16, deltas=(2, 3)))
    pairs = sampler.draw(64, 16, np.random.default_rng(0)).numpy() * (high - low)
    steps = set(np.round(pairs[:, 1] - pairs[:, 0]).ravel().astype(int))
    assert steps == {2, 3}


def test_several_movies_take_part() -> None:
    dark, bright = np.zeros((3, 32, 32), np.uint8), np.zeros((3, 64, 64), np.uint8)
    dark[0, 0, 0] = bright[0, 0, 0] = 200
    bright[1:] = 100
    sampler = CropSampler([open_movie(dark), open_movie(bright)], CropSettings(size=16))
    means = sampler.draw(64, 16, np.random.default_rng(0)).numpy()[:, 1].mean(axis=(1, 2, 3))
    assert 10 < (means > 0.2).sum() < 54


def test_a_movie_shorter_than_the_frame_step_is_named() -> None:
    movie = Movie(np.zeros((2, 32, 32), np.uint8), name="short.tif")
    with pytest.raises(ValueError, match=r"'short.tif' has 2 frame\(s\); a frame step of 2 needs"):
        CropSampler([movie], CropSettings(deltas=(2,)))


@pytest.mark.parametrize("size", [8, 97])
def test_a_crop_size_that_the_network_cannot_pool_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"multiple of 8 and at least 16, got {size}"):
        CropSettings(size=size)
