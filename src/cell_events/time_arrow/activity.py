"""Where in a movie something is there and changes: the places worth learning from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.movie import Movie

BLOCK_PX = 16
UNIFORM_SHARE = 0.1
MAX_PAIRS = 512


def change_map(movie: Movie, t: int, delta: int) -> NDArray[np.float64]:
    """Mean absolute change between frames t and t + delta in blocks of 16 x 16 pixels.

    The median block counts as noise and is subtracted. Shape (Y / 16, X / 16), rounded up.
    """
    change = np.abs(movie.read_normalised(t + delta) - movie.read_normalised(t))
    blocks = _block_means(change)
    return np.maximum(blocks - np.median(blocks), 0)


def frame_pairs(n_frames: int, deltas: tuple[int, ...]) -> list[tuple[int, int]]:
    """Pairs (t, delta) that fit into a movie; at most 512, evenly spread over it."""
    pairs = [(t, delta) for delta in deltas for t in range(n_frames - delta)]
    if len(pairs) <= MAX_PAIRS:
        return pairs
    chosen = np.linspace(0, len(pairs) - 1, MAX_PAIRS).round().astype(int)
    return [pairs[index] for index in chosen]


def block_probabilities(
    movie: Movie, pairs: list[tuple[int, int]], prefer_change: bool = True
) -> NDArray[np.float64]:
    """Probability of drawing a crop around each block of each pair; sums to 1.

    A tenth is spread evenly, so that the network also sees what stays the same. Shape
    (pairs, rows, columns) of blocks.
    """
    rows, columns = (-(-side // BLOCK_PX) for side in movie.shape[1:])
    even = np.full((len(pairs), rows, columns), 1 / (len(pairs) * rows * columns))
    if not prefer_change:
        return even
    change = np.stack([change_map(movie, t, delta) for t, delta in pairs])
    if change.sum() == 0:
        return even
    return np.asarray(UNIFORM_SHARE * even + (1 - UNIFORM_SHARE) * change / change.sum())


def _block_means(image: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean of each block; blocks at the lower and right edge may be smaller."""
    starts = [np.arange(0, side, BLOCK_PX) for side in image.shape]
    sums = np.add.reduceat(np.add.reduceat(image.astype(np.float64), starts[0], 0), starts[1], 1)
    sizes = [np.diff([*start, side]) for start, side in zip(starts, image.shape, strict=True)]
    return np.asarray(sums / np.outer(*sizes))
