"""Blocks that were not learned from."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cell_events.engine.held_out import HeldOut
from cell_events.movie import open_movie


def blocks(seed: int = 0) -> HeldOut:
    held = np.random.default_rng(seed).random((3, 4, 5)) < 0.5
    return HeldOut.evenly(open_movie(np.zeros((10, 33, 41), np.uint8)), (3, 4, 5), held)


def volume(held: HeldOut) -> np.ndarray:
    """The movie (T, Y, X), true where it was held out; by the division that makes the blocks."""
    numbers = [np.arange(n) * len(e[:-1]) // n for n, e in zip(held.shape, held.edges, strict=True)]
    return held.held[np.ix_(*numbers)]


def boxes(seed: int, count: int = 300) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    first = random.integers(-3, [10, 33, 41], size=(count, 3))
    return first, first + random.integers(0, [4, 20, 20], size=(count, 3))


@pytest.mark.parametrize("seed", range(3))
def test_boxes_are_judged_like_their_pixels(seed: int) -> None:
    held = blocks(seed)
    first, last = boxes(seed)
    inside = np.clip(first, 0, np.array(held.shape) - 1), np.clip(last, 0, np.array(held.shape) - 1)
    pixels = [
        volume(held)[tuple(slice(a, b + 1) for a, b in zip(*ends, strict=True))]
        for ends in zip(*inside, strict=True)
    ]
    np.testing.assert_array_equal(held.holds(first, last), [part.all() for part in pixels])
    np.testing.assert_array_equal(held.touches(first, last), [part.any() for part in pixels])


def test_each_place_lies_in_one_block() -> None:
    held = blocks()
    places = np.argwhere(np.ones(held.shape, bool))
    numbers = held.block_of(places)
    assert set(numbers.tolist()) == set(range(60))
    np.testing.assert_array_equal(held.held.ravel()[numbers], volume(held).ravel())


def test_blocks_travel_as_json() -> None:
    held = blocks()
    again = HeldOut.from_json(json.loads(json.dumps(held.to_json())))
    for name in ("movie", "fingerprint", "shape", "edges"):
        assert getattr(again, name) == getattr(held, name)
    np.testing.assert_array_equal(again.held, held.held)


def test_a_long_movie_stays_small() -> None:
    long = open_movie(np.broadcast_to(np.uint8(0), (1000, 2048, 2048)), axes="TYX")
    held = HeldOut.evenly(long, (166, 21, 21), np.ones((166, 21, 21), bool))
    assert len(json.dumps(held.to_json())) < 25_000


@pytest.mark.parametrize("edges", [((0, 5), (0, 8), (0, 8)), ((0, 2, 2, 4), (0, 8), (0, 8))])
def test_borders_that_do_not_divide_the_movie_are_refused(edges) -> None:
    with pytest.raises(ValueError, match="must rise from 0 to 4"):
        HeldOut("m", "", (4, 8, 8), edges, np.ones((1, 1, 1), bool))


def test_damaged_json_is_refused_in_a_sentence() -> None:
    values = {**blocks().to_json(), "held": "xyz"}
    with pytest.raises(ValueError, match="held-out blocks of a model cannot be read"):
        HeldOut.from_json(values)
