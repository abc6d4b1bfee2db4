"""Objects are followed through time by the places that they share."""

from __future__ import annotations

import numpy as np

from cell_events.mitosis.linked_regions import Region, best_partners, linked_regions
from tests.mitosis.cell_movies import disc


def test_a_drifting_disc_is_one_region() -> None:
    y = np.stack([disc(40, 10, 8 + 2 * t) for t in range(10)])
    labels, regions = linked_regions(y)
    assert regions == (Region(1, 0, 9),)
    assert np.array_equal(labels == 1, y)


def test_a_gap_ends_a_region_and_begins_another() -> None:
    y = np.stack([disc(20, 10, 10) & (t not in (3, 4)) for t in range(8)])
    _, regions = linked_regions(y)
    assert regions == (Region(1, 0, 2), Region(2, 5, 7))
    assert [region.length for region in regions] == [3, 3]


def test_cells_that_touch_for_a_frame_stay_two() -> None:
    apart = disc(30, 10, 7) | disc(30, 10, 16)
    bridge = apart.copy()
    bridge[10, 7:17] = True
    labels, regions = linked_regions(np.stack([apart, bridge, apart]))
    assert [(region.first, region.last) for region in regions] == [(0, 2), (0, 0), (2, 2)]
    assert labels[2, 10, 7] != labels[2, 10, 16]


def test_a_jump_without_overlap_is_a_new_region() -> None:
    _, regions = linked_regions(np.stack([disc(40, 10, 8), disc(40, 10, 30)]))
    assert len(regions) == 2


def test_an_empty_map_has_no_regions() -> None:
    labels, regions = linked_regions(np.zeros((4, 8, 8), bool))
    assert regions == ()
    assert not labels.any()


def test_partners_prefer_each_other() -> None:
    before = np.array([[1, 1, 1, 2, 2, 0]])
    now = np.array([[1, 1, 2, 2, 2, 2]])
    assert best_partners(before, now) == [(1, 1), (2, 2)]
    assert best_partners(before, np.array([[1, 1, 1, 1, 1, 1]])) == [(1, 1)]
