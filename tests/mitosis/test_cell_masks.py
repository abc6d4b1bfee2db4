"""Masks without flicker."""

import numpy as np
import pytest

from cell_events.mitosis.cell_masks import SteadyMasks, stacked_masks


def steady(seen: str, frames: int) -> str:
    """What is left of one place, seen (1) or not (0) from frame to frame."""
    y = np.array([[[int(sign)]] for sign in seen])
    masks = SteadyMasks(y, frames)
    return "".join(str(int(masks[t][0, 0])) for t in range(len(seen)))


def test_short_gaps_and_flashes_vanish_and_longer_gaps_keep_their_length() -> None:
    assert steady("11011100111111", 5) == "11111111111111"
    assert steady("00100011000000", 5) == "00000000000000"
    assert steady("11111000011111", 5) == "11111000011111"
    assert steady("1111100011111", 5) == "1111100011111"
    assert steady("1011", 1) == "1011"


def test_each_frame_is_the_majority_of_those_around_it() -> None:
    y = np.random.default_rng(0).random((9, 6, 7)) < 0.5
    masks = SteadyMasks(y, 3)
    assert masks.shape == y.shape
    np.testing.assert_array_equal(masks[4], y[3:6].sum(0) >= 2)
    np.testing.assert_array_equal(masks[0], y[:2].all(0))
    np.testing.assert_array_equal(stacked_masks(masks, 2, 6)[1], masks[3])


def test_an_even_number_of_frames_has_no_middle() -> None:
    with pytest.raises(ValueError, match="an odd number"):
        SteadyMasks(np.zeros((3, 2, 2)), 4)
