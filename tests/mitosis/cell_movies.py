"""Cell maps whose gaps are known: discs that drift, and some of them vanish for a while."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def disc(size: int, y: float, x: float, radius: float = 3.5) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:size, :size]
    return np.asarray(np.hypot(rows - y, columns - x) < radius)


def vanishing_discs(
    length: int, n_frames: int = 40, size: int = 48, seed: int = 0
) -> tuple[NDArray[np.bool_], int]:
    """Map y (T, Y, X), and how many of its discs vanish once for exactly `length` frames."""
    random = np.random.default_rng(seed)
    y = np.zeros((n_frames, size, size), bool)
    places = [(row, column) for row in range(6, size, 12) for column in range(6, size, 12)]
    for index, (row, column) in enumerate(places):
        drift = random.normal(0, 0.05, 2)
        start = int(random.integers(4, n_frames - length - 4))
        gap = range(start, start + length) if index % 2 == 0 else range(0)
        for t in set(range(n_frames)) - set(gap):
            y[t] |= disc(size, row + drift[0] * t, column + drift[1] * t)
    return y, len(places[::2])
