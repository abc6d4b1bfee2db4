"""Training pairs: what is removed, what is left, and what is left out of the loss."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.mitosis.linked_regions import linked_regions
from cell_events.mitosis.removed_parts import (
    LinkedCrop,
    linked_crops,
    possible_events,
    removed_parts,
)
from tests.mitosis.cell_movies import disc, vanishing_discs


def crop_of(y: np.ndarray) -> LinkedCrop:
    labels, regions = linked_regions(y)
    return LinkedCrop(labels.astype(np.int16), regions, np.zeros(y.shape, bool))


def test_context_and_events_together_are_the_cells() -> None:
    y, _ = vanishing_discs(3)
    context, events = removed_parts(crop_of(y), 8, 0.5, np.random.default_rng(0))
    assert not (context & events).any()
    assert np.array_equal(context | events, y)


def test_a_cell_is_seen_before_and_after_what_is_removed() -> None:
    y = np.stack([disc(12, 6, 6)] * 12)
    for seed in range(50):
        context, events = removed_parts(crop_of(y), 10, 0.9, np.random.default_rng(seed))
        frames = np.flatnonzero(events.any(axis=(1, 2)))
        assert frames[0] >= 1
        assert frames[-1] <= 10
        assert np.array_equal(frames, np.arange(frames[0], frames[-1] + 1))
        assert context[[0, -1]].any(axis=(1, 2)).all()


def test_removed_lengths_are_spread_evenly() -> None:
    crop = crop_of(np.stack([disc(12, 6, 6)] * 24))
    random = np.random.default_rng(0)
    lengths = [removed_parts(crop, 8, 0.9, random)[1].any(axis=(1, 2)).sum() for _ in range(2000)]
    shares = np.bincount(lengths, minlength=9)[1:] / len(lengths)
    assert shares == pytest.approx(np.full(8, 1 / 8), abs=0.03)


def test_short_regions_lose_short_parts() -> None:
    crop = crop_of(np.stack([disc(12, 6, 6)] * 3))
    _, events = removed_parts(crop, 16, 0.5, np.random.default_rng(0))
    assert events.any(axis=(1, 2)).tolist() == [False, True, False]


def test_places_of_a_gap_are_doubtful_and_those_of_a_cell_that_left_are_not() -> None:
    comes_back = np.stack([disc(30, 8, 8) & (t not in (4, 5, 6)) for t in range(12)])
    leaves = np.stack([disc(30, 22, 22) & (t < 5) for t in range(12)])
    labels, regions = linked_regions(comes_back | leaves)
    doubtful = possible_events(labels, regions, longest=4)
    assert doubtful.any(axis=(1, 2)).tolist() == [4 <= t <= 6 for t in range(12)]
    assert doubtful[5, 8, 8]
    assert not doubtful[:, 16:, 16:].any()


def test_a_gap_longer_than_any_removed_part_is_no_doubt() -> None:
    y = np.stack([disc(20, 8, 8) & (not 3 <= t < 13) for t in range(16)])
    labels, regions = linked_regions(y)
    assert not possible_events(labels, regions, longest=5).any()


def test_crops_have_their_size_and_show_cells() -> None:
    y, _ = vanishing_discs(3)
    crops = linked_crops(y, 20, longest=8, size=16, random=np.random.default_rng(0))
    assert len(crops) == 20
    assert {crop.labels.shape for crop in crops} == {(16, 16, 16)}
    assert all(crop.regions for crop in crops)


def test_crops_of_a_small_movie_are_as_large_as_it() -> None:
    y = np.stack([disc(12, 6, 6)] * 5)
    crops = linked_crops(y, 3, longest=8, size=16, random=np.random.default_rng(0))
    assert {crop.labels.shape for crop in crops} == {(5, 12, 12)}


def test_memory_depends_on_the_settings_and_not_on_the_movie() -> None:
    class Endless:
        shape = (10**6, 64, 64)
        frames_read = 0

        def __getitem__(self, t: int) -> np.ndarray:
            self.frames_read += 1
            return disc(64, 30, 30)

    y = Endless()
    assert len(linked_crops(y, 32, longest=4, size=16, random=np.random.default_rng(0))) == 32
    assert y.frames_read == 16 * 8


def test_an_empty_map_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"empty in all frames; choose another map"):
        linked_crops(np.zeros((9, 8, 8), bool), 4, 4, 8, np.random.default_rng(0))


def test_a_map_without_cells_that_stay_is_refused_with_a_sentence() -> None:
    flicker = np.stack([disc(20, 6 + 8 * (t % 2), 6) for t in range(9)])
    with pytest.raises(ValueError, match=r"through 3 frames by overlap"):
        linked_crops(flicker, 4, 4, 16, np.random.default_rng(0))


def test_cells_that_move_by_their_width_are_refused_with_a_sentence() -> None:
    moving = np.stack([disc(60, 30, 6 + 6 * t) for t in range(8)])
    with pytest.raises(ValueError, match=r"Only \d+% of the cell map stays .* correct the drift"):
        linked_crops(moving, 4, 4, 40, np.random.default_rng(0))
