"""Stretches of series as a network sees them, and what it says of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.series.labelled_series import measured_points
from cell_events.series.resampling import back_to_times, to_length
from cell_events.series.scaling import Scale, scaled

Score = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Turns snapshots (N, C, 1024) into probabilities (N, M, 1024)."""


@dataclass(frozen=True, eq=False)
class Window:
    """Points of a series that are judged together.

    Attributes
    ----------
    times
        (T,), ascending.
    values
        (C, T), NaN where missing.
    """

    times: NDArray[np.float64]
    values: NDArray[np.float32]


@dataclass(frozen=True)
class WindowJudge:
    """A network with what is needed to use it on windows of any length.

    Attributes
    ----------
    score
        The network.
    scale
        Scale of the values; None: each window by itself.
    """

    score: Score
    scale: Scale | None = None

    def __call__(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        """Give probabilities (M, T) of each window, NaN where nothing was measured."""
        values, _ = as_snapshots(windows, self.scale)
        probabilities = self.score(values)
        return [
            back_to_times(found, window.times, measured_points(window.values))
            for found, window in zip(probabilities, windows, strict=True)
        ]


def as_snapshots(
    windows: Sequence[Window], scale: Scale | None
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Bring windows to values (N, C, 1024) and masks (N, 1024)."""
    pairs = [to_length(window.values, window.times) for window in windows]
    values = np.stack([curves for curves, _ in pairs])
    masks = np.stack([mask for _, mask in pairs])
    return scaled(values, masks, scale), masks
