"""Tiles cover a frame once, and see enough around themselves."""

import numpy as np
import pytest

from cell_events.engine.tiles import tile_around, tiles


@pytest.mark.parametrize("shape", [(100, 130), (64, 64), (5, 200)])
@pytest.mark.parametrize("multiple", [1, 8])
def test_cores_cover_every_pixel_once(shape: tuple[int, int], multiple: int) -> None:
    count = np.zeros(shape, int)
    for tile in tiles(shape, 32, 11, multiple):
        count[tile.core] += 1
    assert (count == 1).all()


def test_inner_is_the_core_seen_from_the_window() -> None:
    frame = np.arange(100 * 130).reshape(100, 130)
    for tile in tiles(frame.shape, 32, 11, 8):
        np.testing.assert_array_equal(frame[tile.window][tile.inner], frame[tile.core])


def test_windows_start_on_the_pooling_grid_and_hold_the_whole_halo() -> None:
    for tile in tiles((100, 130), 30, 11, 8):
        for core, window, length in zip(tile.core, tile.window, (100, 130), strict=True):
            assert window.start % 8 == 0
            assert window.start <= max(0, core.start - 11)
            assert window.stop == min(length, core.stop + 11)


def test_a_core_that_leaves_the_frame_is_clipped() -> None:
    tile = tile_around((slice(-5, 20), slice(90, 140)), (50, 100), 4)
    assert tile.core == (slice(0, 20), slice(90, 100))


def test_a_size_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="size and multiple must be at least 1"):
        list(tiles((10, 10), 0, 0))
