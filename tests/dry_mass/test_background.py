"""The grey value around a cell."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.dry_mass.background import Surroundings, background_offsets
from cell_events.dry_mass.cell_pixels import cell_pixels


def square(value: int, top: int, left: int, side: int = 10) -> tuple[int, slice, slice]:
    return value, slice(top, top + side), slice(left, left + side)


def test_the_ring_holds_neither_the_cell_nor_its_halo_nor_its_neighbour() -> None:
    labels, frame = np.zeros((60, 80), int), np.full((60, 80), 2.0)
    for value, rows, columns in (square(1, 20, 20), square(2, 20, 32)):
        frame[rows.start - 2 : rows.stop + 2, columns.start - 2 : columns.stop + 2] = 50.0
        labels[rows, columns] = value
        frame[rows, columns] = 100.0
    assert background_offsets(frame, cell_pixels(labels)).tolist() == [2.0, 2.0]


def test_each_cell_has_its_own_ring() -> None:
    labels = np.zeros((40, 100), int)
    labels[15:25, 15:25], labels[15:25, 75:85] = 1, 2
    frame = np.where(np.arange(100) < 50, 3.0, 7.0) * np.ones((40, 1))
    assert background_offsets(frame, cell_pixels(labels)).tolist() == [3.0, 7.0]


def test_a_cell_without_a_ring_takes_that_of_the_frame() -> None:
    labels = np.zeros((50, 50), int)
    labels[10:40, 10:40] = 1
    labels[20:30, 20:30] = 2  # wholly inside of the other one
    assert background_offsets(np.full((50, 50), 4.0), cell_pixels(labels)).tolist() == [4.0, 4.0]


def test_a_frame_full_of_cells_has_no_background() -> None:
    labels = np.repeat([[1, 2]], 20, axis=1) * np.ones((20, 1), int)
    assert np.isnan(background_offsets(np.ones((20, 40)), cell_pixels(labels))).all()


def test_a_frame_without_cells_has_no_offsets() -> None:
    assert background_offsets(np.ones((9, 9)), cell_pixels(np.zeros((9, 9), int))).size == 0


def test_a_ring_must_lie_outside_of_the_cell() -> None:
    with pytest.raises(ValueError, match="A ring goes from a distance above 0"):
        Surroundings(5.0, 3.0)
