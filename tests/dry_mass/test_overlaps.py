"""Overlaps of cells of two frames."""

from __future__ import annotations

import numpy as np

from cell_events.dry_mass.cell_pixels import CellPixels, cell_pixels
from cell_events.dry_mass.overlaps import best_partners, overlaps


def row(*values: int) -> CellPixels:
    return cell_pixels(np.array([values]))


def test_cells_overlap_from_two_fifths_of_the_smaller_one_on() -> None:
    earlier = row(4, 4, 4, 4, 4, 0, 0, 0, 0, 0)
    assert overlaps(earlier, row(0, 0, 0, 7, 7, 7, 7, 7, 7, 7)).pixels.tolist() == [2]
    assert overlaps(earlier, row(0, 0, 0, 0, 7, 7, 7, 7, 7, 7)).pixels.tolist() == []
    assert overlaps(earlier, row(0, 0, 0, 0, 7, 7, 0, 0, 0, 0)).pixels.tolist() == [1]


def test_pairs_are_places_in_the_lists_of_cells() -> None:
    found = overlaps(row(5, 5, 5, 9, 9, 9), row(2, 2, 8, 8, 8, 8))
    assert list(zip(found.earlier, found.later, found.pixels, strict=True)) == [
        (0, 0, 2),
        (1, 1, 3),
    ]
    assert best_partners(found, 3).tolist() == [0, 1, -1]


def test_the_partner_is_the_cell_with_most_common_pixels() -> None:
    found = overlaps(row(1, 1, 1, 1, 1), row(3, 3, 4, 4, 4))
    assert found.later.tolist() == [0, 1]
    assert best_partners(found, 1).tolist() == [1]


def test_empty_frames_overlap_nothing() -> None:
    for one, other in ((row(0, 0), row(1, 1)), (row(1, 1), row(0, 0)), (row(0, 0), row(0, 0))):
        assert overlaps(one, other).pixels.size == 0
