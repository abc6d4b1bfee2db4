from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cell_events.movie import Movie, open_movie
from cell_events.recognition.crops import CropSettings, CropTable
from cell_events.recognition.paint import PaintError
from cell_events.recognition.splits import (
    Split,
    SplitSettings,
    split_as_before,
    split_by_blocks,
    split_random,
)

SHAPE = (24, 90, 110)


def blank(shape: tuple[int, int, int]) -> Movie:
    return open_movie(np.broadcast_to(np.uint8(0), shape), axes="TYX")


MOVIE = blank(SHAPE)
CROPS = CropSettings(size=16)
SETTINGS = SplitSettings(fraction=0.3, block_px=30, block_frames=4, margin_px=3)


def crops(count: int = 800, seed: int = 0, n_movies: int = 1) -> CropTable:
    random = np.random.default_rng(seed)
    columns = [random.integers(high, size=count) for high in (n_movies, 23, 90, 110)]
    return CropTable(*columns, label=(random.random(count) < 0.2).astype(np.int64))


def painted(table: CropTable, rows: np.ndarray, movie: int) -> np.ndarray:
    """The (T, Y, X) volume in which the boxes of some crops are set."""
    volume, reach = np.zeros(SHAPE, bool), CROPS.size // 2 + SETTINGS.margin_px
    for row in rows[table.movie[rows] == movie]:
        t, y, x = table.t[row], table.y[row], table.x[row]
        rows_ = slice(max(0, y - reach), y + reach)
        volume[t : t + 2, rows_, max(0, x - reach) : x + reach] = True
    return volume


@pytest.mark.parametrize("seed", range(3))
def test_sets_of_a_split_by_blocks_share_no_pixel(seed: int) -> None:
    table = crops(seed=seed, n_movies=2)
    split = split_by_blocks(table, [MOVIE, MOVIE], CROPS, SETTINGS)
    for movie in (0, 1):
        train, validation = (
            painted(table, rows, movie) for rows in (split.train, split.validation)
        )
        assert train.any()
        assert not (train & validation).any()
    assert len(split.validation) > 20
    for rows in (split.train, split.validation):
        assert set(table.label[rows].tolist()) == {0, 1}


def test_further_crops_are_split_by_the_blocks_of_the_first() -> None:
    table = crops(n_movies=2)
    first = split_by_blocks(table, [MOVIE, MOVIE], CROPS, SETTINGS)
    again = split_as_before(table, first.held_out, CROPS, SETTINGS.margin_px)
    np.testing.assert_array_equal(again.train, first.train)
    np.testing.assert_array_equal(again.validation, first.validation)
    others = crops(seed=1, n_movies=2)
    more = split_as_before(others, first.held_out, CROPS, SETTINGS.margin_px)
    for movie in (0, 1):
        learned = painted(table, first.train, movie) | painted(others, more.train, movie)
        assert not (learned & painted(others, more.validation, movie)).any()
    assert len(more.validation) > 20


def test_random_splits_share_pixels() -> None:
    table = crops()
    split = split_random(table, SETTINGS)
    train, validation = (painted(table, rows, 0) for rows in (split.train, split.validation))
    assert (train & validation).any()
    assert len(split.train) + len(split.validation) == len(table)
    assert len(split.validation) == pytest.approx(0.3 * len(table), abs=2)


def test_splits_repeat_with_their_seed() -> None:
    def validation(split: Split) -> list[int]:
        return split.validation.tolist()

    table = crops()
    for make in (
        lambda seed: split_by_blocks(table, [MOVIE], CROPS, replace(SETTINGS, seed=seed)),
        lambda seed: split_random(table, SplitSettings(seed=seed)),
    ):
        assert validation(make(1)) == validation(make(1)) != validation(make(2))


def test_nothing_is_held_out_if_nothing_is_asked_for() -> None:
    split = split_by_blocks(crops(), [MOVIE], CROPS, SplitSettings(fraction=0))
    assert len(split.train) == 800
    assert len(split.validation) == 0


def test_a_movie_too_small_for_two_blocks_is_refused_with_advice() -> None:
    with pytest.raises(PaintError, match="too small for blocks of 96 pixels"):
        split_by_blocks(crops(), [blank((5, 90, 110))], CROPS, SplitSettings())


@pytest.mark.parametrize("wrong", [{"fraction": 1.0}, {"block_px": 0}])
def test_impossible_settings_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SplitSettings(**wrong)
