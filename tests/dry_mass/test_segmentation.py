"""Cells that are drawn are found again."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from cell_events.dry_mass.segmentation import SegmentationSettings, cell_threshold, segmented
from cell_events.movie import Movie, MovieError


def domes(*tops: tuple[float, float], height: float = 60.0, seed: int = 0) -> NDArray[np.float64]:
    """Noisy frame with round domes of radius 10."""
    rows, columns = np.indices((100, 140))
    frame = np.random.default_rng(seed).normal(3.0, 1.0, rows.shape)
    for y, x in tops:
        squared = (rows - y) ** 2 + (columns - x) ** 2
        frame = np.maximum(frame, height * np.sqrt(np.maximum(1 - squared / 100, 0)))
    return frame


def test_the_threshold_stands_out_of_the_noise() -> None:
    movie = Movie(np.stack([domes((30, 30), (60, 100), seed=seed) for seed in range(4)]))
    # Smoothing by 1 px makes white noise of 1 into noise of 0.28: 3 + 5 x 0.28.
    assert cell_threshold(movie) == pytest.approx(4.4, abs=0.3)


def test_without_noise_the_threshold_lies_just_above_the_background() -> None:
    frame = np.zeros((50, 50), np.uint8)
    frame[10:30, 10:30] = 200
    assert cell_threshold(Movie(frame[None])) == pytest.approx(4.0)


def test_a_constant_movie_has_no_cells() -> None:
    with pytest.raises(MovieError, match="is constant in the frames looked at"):
        cell_threshold(Movie(np.full((3, 20, 20), 7)))


def test_cells_are_found_whole_and_touching_ones_are_cut_apart() -> None:
    labels = segmented(domes((30, 30), (60, 80), (60, 96)), SegmentationSettings(6.0))
    assert labels.max() == 3
    first, second, third = (labels == value for value in (1, 2, 3))
    assert first.sum() == pytest.approx(np.pi * 100, rel=0.2)
    assert second.sum() == pytest.approx(third.sum(), rel=0.1)
    assert np.nonzero(second)[1].max() in (87, 88)


def test_one_top_is_one_cell_and_holes_are_filled() -> None:
    frame = domes((50, 50))
    frame[50, 50] = -30.0
    labels = segmented(frame, SegmentationSettings(6.0, dip=0.9))
    assert labels.max() == 1
    assert labels[50, 50] == 1


def test_small_things_are_no_cells() -> None:
    frame = domes((50, 50))
    frame[10:14, 10:14] = 100.0
    assert segmented(frame, SegmentationSettings(6.0)).max() == 1
    assert segmented(frame, SegmentationSettings(6.0, min_area_px=9)).max() == 2


def test_a_part_that_is_too_small_stays_with_its_neighbour() -> None:
    frame = domes((50, 50))
    rows, columns = np.indices(frame.shape)
    squared = (rows - 50) ** 2 + (columns - 64) ** 2
    frame = np.maximum(frame, 60 * np.sqrt(np.maximum(1 - squared / 25, 0)))
    assert segmented(frame, SegmentationSettings(6.0, min_area_px=150)).max() == 1
    assert segmented(frame, SegmentationSettings(6.0, min_area_px=20)).max() == 2


def test_a_frame_without_cells_has_no_labels() -> None:
    assert not segmented(domes(), SegmentationSettings(30.0)).any()


def test_phase_below_zero_is_not_cut() -> None:
    frame = domes((50, 50)) - 200.0
    assert segmented(frame, SegmentationSettings(-190.0)).max() == 1


def test_settings_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(ValueError, match="Expected a number as threshold"):
        SegmentationSettings(float("nan"))
