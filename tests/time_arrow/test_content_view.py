"""Other resolutions are read lazily and right; the study has the rows of the paper's table."""

import numpy as np
import pytest
from scipy import ndimage

from cell_events.engine.model_file import network_digest
from cell_events.movie import Movie, open_movie
from cell_events.time_arrow.content_view import content_view_study
from cell_events.time_arrow.crops import CropSettings
from cell_events.time_arrow.pretrain import PretrainSettings, initial_network
from cell_events.time_arrow.rescale import at_double_resolution, at_half_resolution


@pytest.fixture
def movie() -> Movie:
    noise = np.random.default_rng(0).normal(size=(3, 41, 52)).astype(np.float32)
    return open_movie(noise, pixel_size_um=0.5)


def test_half_resolution_holds_means_of_four_pixels(movie: Movie) -> None:
    half = at_half_resolution(movie)
    assert half.shape == (3, 20, 26)
    assert half.pixel_size_um == 1.0
    frame = movie.read(1)
    assert half.read(1)[7, 9] == pytest.approx(frame[14:16, 18:20].mean(), rel=1e-5)
    np.testing.assert_array_equal(
        half.read(1, slice(3, 9), slice(20, 26)), half.read(1)[3:9, 20:26]
    )


def test_double_resolution_interpolates_linearly(movie: Movie) -> None:
    double = at_double_resolution(movie)
    assert double.shape == (3, 82, 104)
    assert double.pixel_size_um == 0.25
    places = np.meshgrid(np.arange(82) / 2 - 0.25, np.arange(104) / 2 - 0.25, indexing="ij")
    expected = ndimage.map_coordinates(movie.read(2), places, order=1, mode="nearest")
    np.testing.assert_allclose(double.read(2), expected, atol=1e-5)


@pytest.mark.parametrize("rows", [slice(0, 5), slice(33, 82), slice(40, 41)])
def test_windows_of_double_resolution_are_parts_of_the_whole(movie: Movie, rows: slice) -> None:
    double = at_double_resolution(movie)
    columns = slice(17, 60)
    np.testing.assert_array_equal(double.read(0, rows, columns), double.read(0)[rows, columns])


def test_other_resolutions_keep_the_intensity_range(movie: Movie) -> None:
    assert at_half_resolution(movie).intensity_range == movie.intensity_range
    assert (
        at_double_resolution(movie).crop(rows=slice(0, 9)).intensity_range == movie.intensity_range
    )


def test_the_study_has_five_rows(movie: Movie) -> None:
    settings = PretrainSettings(
        epochs=1, pairs_per_epoch=4, batch_size=2, validation_pairs=4, crops=CropSettings(size=32)
    )
    rows = [
        view
        for view in content_view_study(movie, movie, settings, width=2, depth=1, features=2)
        if view.accuracy is not None
    ]
    assert [(row.crop_size, row.resolution, row.view_px) for row in rows] == [
        (32, 1, 32),
        (16, 1, 16),
        (64, 1, 64),
        (32, 0.5, 64),
        (32, 2, 16),
    ]
    assert all(0 <= (row.accuracy or 0) <= 1 for row in rows)


def test_the_study_leaves_the_network_that_it_starts_from_as_it_was(movie: Movie) -> None:
    settings = PretrainSettings(
        epochs=1, pairs_per_epoch=4, batch_size=2, validation_pairs=4, crops=CropSettings(size=32)
    )
    start = initial_network(1, width=2, depth=1, features=2)
    before = network_digest(start)
    reports = list(content_view_study(movie, movie, settings, start))
    assert reports[-1].accuracy is not None
    assert network_digest(start) == before
