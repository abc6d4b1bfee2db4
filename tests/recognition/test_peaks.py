from __future__ import annotations

import numpy as np
import pytest

from cell_events.engine.tiles import tiles
from cell_events.recognition.maxima import centroid, highest_before
from cell_events.recognition.peaks import Peak, PeakFinder, PeakSettings, strongest

SHAPE = (60, 70)


def bump(y: float, x: float, height: float, width: float = 3.0) -> np.ndarray:
    rows, columns = np.indices(SHAPE)
    return height * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * width**2))


def found(maps: list[np.ndarray], settings: PeakSettings, tile_px: int = 100) -> list[Peak]:
    peaks: list[Peak] = []
    for tile in tiles(SHAPE, tile_px, settings.margin):
        finder = PeakFinder(tile, 1, settings)
        for t, log_odds in enumerate(maps):
            peaks += finder.push(t, log_odds[tile.window].astype(np.float32))
        peaks += finder.finish()
    return strongest(peaks, settings)


def places(peaks: list[Peak]) -> list[tuple[int, int, int]]:
    return [(peak.t, round(peak.y), round(peak.x)) for peak in peaks]


def test_each_bump_is_found_once_where_it_is() -> None:
    first = bump(20, 30, 8) + bump(45, 10, 8) - 4
    second = bump(20, 30, 10) - 4
    nothing = np.full(SHAPE, -4.0)
    settings = PeakSettings(radius_px=8, radius_frames=1)
    assert places(found([first, second, nothing], settings)) == [(0, 45, 10), (1, 20, 30)]
    alone = PeakSettings(radius_px=8, radius_frames=0)
    assert len(found([first, second, nothing], alone)) == 3


def test_peaks_below_the_threshold_are_not_found() -> None:
    maps = [bump(20, 30, 6) + bump(45, 10, 4.5) - 4]
    assert places(found(maps, PeakSettings(threshold=0.7))) == [(0, 20, 30)]
    assert len(found(maps, PeakSettings(threshold=0.3))) == 2


def test_the_score_is_the_softmax_output_at_the_maximum() -> None:
    (peak,) = found([bump(20, 30, 6) - 4], PeakSettings())
    assert peak.score == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-5)


def test_a_plateau_is_one_peak_in_its_middle() -> None:
    plateau = np.full(SHAPE, -30.0)
    plateau[20:37, 30:51] = 20.0  # its score is 1 in float32, everywhere
    (peak,) = found([plateau], PeakSettings())
    assert (peak.y, peak.x) == pytest.approx((28, 40), abs=0.3)


def test_a_constant_map_is_one_peak_at_most() -> None:
    maps = [np.full(SHAPE, 3.0)] * 4
    assert len(found(maps, PeakSettings(), tile_px=16)) == 1


def test_a_place_between_two_pixels_is_found_to_a_tenth() -> None:
    (peak,) = found([bump(20.5, 30.25, 12) - 6], PeakSettings())
    assert (peak.y, peak.x) == pytest.approx((20.5, 30.25), abs=0.1)


@pytest.mark.parametrize("tile_px", [7, 16, 33])
@pytest.mark.parametrize("smoothing_px", [0.0, 2.0])
def test_tiles_find_what_whole_frames_find(tile_px: int, smoothing_px: float) -> None:
    random = np.random.default_rng(0)
    maps = [random.normal(0, 2, SHAPE) for _ in range(5)]
    settings = PeakSettings(radius_px=5, radius_frames=1, smoothing_px=smoothing_px, threshold=0.4)
    whole = found(maps, settings)
    assert len(whole) > 20
    assert found(maps, settings, tile_px) == whole


def test_maxima_in_time_agree_with_a_search_through_the_volume() -> None:
    random = np.random.default_rng(1)
    volume = random.normal(0, 3, (6, *SHAPE))
    settings = PeakSettings(radius_px=4, radius_frames=2, smoothing_px=0, threshold=0.5)
    finder = PeakFinder(next(tiles(SHAPE, 100, 0)), 1, settings)
    peaks = [p for t, m in enumerate(volume) for p in finder.push(t, m.astype(np.float32))]
    peaks += finder.finish()
    expected = 0
    for t, y, x in np.argwhere(volume > 0).tolist():
        box = volume[max(0, t - 2) : t + 3, max(0, y - 4) : y + 5, max(0, x - 4) : x + 5]
        expected += volume[t, y, x] == box.max()
    assert len(peaks) == expected > 10


def test_only_a_few_frames_are_kept() -> None:
    finder = PeakFinder(next(tiles(SHAPE, 100, 0)), 1, PeakSettings(radius_frames=1))
    for t in range(20):
        finder.push(t, np.zeros(SHAPE, np.float32))
        assert len(finder._frames) <= 3


def test_pixels_before_are_those_earlier_in_reading_order() -> None:
    values = np.random.default_rng(0).normal(size=(12, 13)).astype(np.float32)
    for radius in (1, 2, 5):
        found_before = highest_before(values, radius)
        for y, x in np.ndindex(*values.shape):
            columns = slice(max(0, x - radius), x + radius + 1)
            above = values[max(0, y - radius) : y, columns]
            left = values[y, max(0, x - radius) : x]
            assert found_before[y, x] == max([-np.inf, *above.ravel(), *left])


def test_the_centroid_stays_near_its_start() -> None:
    scores = np.zeros(SHAPE, np.float32)
    scores[:, 40:] = 1
    row, column = centroid(scores, (30, 40), 6)
    assert abs(row - 30) <= 6
    assert 40 < column <= 46
    assert centroid(np.zeros(SHAPE, np.float32), (0, 0), 6)[0] <= 6


def test_the_strongest_suppress_greedily_within_their_class() -> None:
    settings = PeakSettings(radius_px=10, radius_frames=1)
    chain = [Peak(0, 0, 8.0 * i, 1, 0.9, 3.0 - i) for i in range(3)]
    other = Peak(0, 0, 8, 2, 0.9, 0.1)
    late = Peak(2, 0, 0, 1, 0.9, 9)
    assert strongest([*chain, other, late], settings) == [chain[0], other, chain[2], late]


@pytest.mark.parametrize("wrong", [{"threshold": 1.0}, {"radius_px": 0}])
def test_impossible_settings_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        PeakSettings(**wrong)
