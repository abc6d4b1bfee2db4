from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cell_events.movie import open_movie
from cell_events.trust.top_regions import region_crops, top_regions, write_regions


def bumps(*places: tuple[int, int, float]) -> NDArray[np.float32]:
    """Map with round bumps (y, x, height)."""
    rows, columns = np.mgrid[:100, :120]
    attention = np.zeros((100, 120))
    for y, x, height in places:
        attention += height * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 18)
    return attention.astype(np.float32)


def test_regions_are_the_highest_bumps_in_order() -> None:
    attention = bumps((20, 30, 1.0), (70, 90, 3.0), (60, 20, 2.0))
    found = top_regions(attention, 5, count=8, size=12)
    assert [(region.y, region.x) for region in found] == [(70, 90), (60, 20), (20, 30)]
    assert [region.rank for region in found] == [1, 2, 3]
    assert {region.t for region in found} == {5}
    assert found[0].score > found[1].score > found[2].score > 0


def test_a_bump_nearer_than_a_crop_to_a_higher_one_is_none() -> None:
    attention = bumps((50, 40, 2.0), (50, 56, 1.0))
    assert len(top_regions(attention, 0, size=12)) == 2
    assert len(top_regions(attention, 0, size=24)) == 1


def test_no_more_regions_are_given_than_asked_for() -> None:
    attention = bumps((20, 30, 1.0), (70, 90, 3.0), (60, 20, 2.0))
    assert len(top_regions(attention, 0, count=2, size=12)) == 2


def test_regions_may_lie_at_the_rim_and_an_empty_map_has_none() -> None:
    assert [(r.y, r.x) for r in top_regions(bumps((0, 119, 1.0)), 0, size=12)] == [(0, 119)]
    assert top_regions(np.zeros((100, 120), np.float32), 0) == ()


@pytest.mark.parametrize(("count", "size"), [(0, 12), (3, 0)])
def test_counts_and_sizes_below_one_are_refused(count: int, size: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        top_regions(bumps((20, 30, 1.0)), 0, count, size)


def test_crops_show_both_frames_and_stay_in_the_frame() -> None:
    frames = np.zeros((3, 100, 120), np.uint8)
    frames[1, 0, 119], frames[2, 70, 90] = 255, 255
    regions = top_regions(bumps((0, 119, 1.0), (70, 90, 3.0)), 2, size=12)
    middle, corner = region_crops(open_movie(frames), regions, delta=1, size=12)
    assert middle.after.shape == middle.before.shape == corner.before.shape == (12, 12)
    assert (middle.before.max(), middle.after[6, 6]) == (0, 1)
    assert (corner.before[0, 11], corner.after.max()) == (1, 0)


def test_the_table_has_a_row_for_each_region(tmp_path: Path) -> None:
    write_regions(tmp_path / "regions.csv", top_regions(bumps((70, 90, 1.0)), 4, size=12))
    header, row = (tmp_path / "regions.csv").read_text().splitlines()
    assert header == "t,y,x,rank,score"
    assert row.startswith("4,70,90,1,0.")
