"""Means on a grid of places: those that the head would take of each crop, computed once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from cell_events.movie import Movie, open_movie
from cell_events.recognition import grid_features
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.grid_store import RecentFrames
from cell_events.recognition.network import PyramidHead
from cell_events.recognition.place_grid import middle_px, outward, place_grid
from cell_events.recognition.windows import around, read_beyond
from cell_events.time_arrow.features import DenseFeatures
from tests.recognition.fake_features import small_tap

SIZE = 16


@pytest.fixture
def movie() -> Movie:
    return open_movie(np.random.default_rng(0).random((3, 42, 70), np.float32))


def test_places_are_the_middles_of_blocks() -> None:
    grid = place_grid((10, 8), 4)
    assert grid.rows.tolist() == [2, 6, 10]
    assert grid.columns.tolist() == [2, 6]
    # The block of the pixels 4 to 7 has its middle at 5.5, where the crop around place 6 has it.
    assert middle_px(1, 4) == 5.5 == 6 - 0.5


def test_frames_follow_outward_from_the_one_that_is_looked_at() -> None:
    assert outward(3, 1, 7) == [3, 4, 2, 5, 1, 6]
    assert outward(0, 1, 4) == [1, 2, 3]


@pytest.mark.parametrize("block", [256, 4])
def test_means_are_those_of_the_crop_at_each_place(
    movie: Movie, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid_features, "BLOCK_PLACES", block)
    if block < 256:
        monkeypatch.setattr(grid_features, "SMALL_FRAME_PX", 0)
    tap = small_tap()
    means = GridFeatures(movie, tap, SIZE).read(1)
    dense = DenseFeatures(movie, tap)
    head = PyramidHead(tap.channels, 2, SIZE, "centre")
    grid = place_grid((42, 70))
    for row, column in [(0, 0), (5, 9), (10, 17), (3, 0)]:
        windows = around(int(grid.rows[row]), SIZE, 0), around(int(grid.columns[column]), SIZE, 0)
        crop = read_beyond(lambda r, c: dense.read(1, r, c), (42, 70), *windows)
        expected = head.reduced(torch.from_numpy(crop)[None].float())[0, :, 0, 0]
        assert means[:, row, column] == pytest.approx(expected.numpy(), rel=2e-3, abs=2e-3)


def test_a_frame_is_computed_once(
    movie: Movie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = GridFeatures(movie, small_tap(), SIZE, cache=tmp_path)
    assert list(first.compute([2, 0])) == [(1, 2), (2, 2)]
    second = GridFeatures(movie, small_tap(), SIZE, cache=tmp_path)
    monkeypatch.setattr(
        DenseFeatures, "compute_window", lambda *_: pytest.fail("computed once more")
    )
    assert np.array_equal(first.read(2), second.read(2))
    with pytest.raises(pytest.fail.Exception, match="computed once more"):
        second.read(1)


def test_other_crop_sizes_and_networks_have_their_own_cache(movie: Movie, tmp_path: Path) -> None:
    for tap, size in ((small_tap(), 16), (small_tap(), 8), (small_tap(2), 16)):
        GridFeatures(movie, tap, size, cache=tmp_path).read(0)
    assert len(list(tmp_path.glob("*.zarr"))) == 3


def test_memory_holds_the_frames_used_last() -> None:
    recent = RecentFrames(limit_bytes=2 * 8)
    for t in range(3):
        recent.put("movie", t, np.full((1, 2, 2), t, np.float16))
        recent.get("movie", 0)
    assert recent.get("movie", 1) is None
    assert recent.get("movie", 2) is not None
    assert recent.get("movie", 0) is not None
