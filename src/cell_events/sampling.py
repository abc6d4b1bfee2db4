"""Numbers that describe a whole movie, from windows spread over it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

LOW_PERCENTILE, HIGH_PERCENTILE = 1.0, 99.8
PIXELS_PER_FRAME = 2**16
"""How many pixels of a frame are kept, at most about."""


def sampled_windows(
    shape: tuple[int, int, int], max_frames: int
) -> Iterator[tuple[int, slice, slice, int]]:
    """Yield frame, rows, columns and a step for thinning out, evenly spread over (T, Y, X).

    Both cost and memory are bounded: small frames are covered whole, large ones by windows.
    """
    n_frames, height, width = shape
    windows = [(rows, columns) for rows in _spread(height) for columns in _spread(width)]
    pixels = sum((r.stop - r.start) * (c.stop - c.start) for r, c in windows)
    step = math.ceil(math.sqrt(pixels / PIXELS_PER_FRAME))
    for t in np.unique(np.linspace(0, n_frames - 1, max_frames).round().astype(int)):
        for rows, columns in windows:
            yield int(t), rows, columns, step


def spread_of(sample: NDArray[Any]) -> tuple[float, float]:
    """Return two percentiles of a sample, low < high even where most or all values are the same."""
    values = sample.astype(np.float64)
    low, high = (float(p) for p in np.percentile(values, [LOW_PERCENTILE, HIGH_PERCENTILE]))
    if low == high:
        low, high = float(values.min()), float(values.max())
    return (low, high) if low < high else (low, low + max(1.0, float(np.spacing(abs(low)))))


def _spread(size: int, windows: int = 4, window: int = 256) -> list[slice]:
    """Cover a short axis whole, and a long one by windows spread evenly over it."""
    if size <= windows * window:
        return [slice(0, size)]
    starts = np.linspace(0, size - window, windows).round().astype(int)
    return [slice(int(start), int(start) + window) for start in starts]
