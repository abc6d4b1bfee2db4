"""When simulated cells are seen, and which of them go wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.simulation.mass_lives import (
    ABNORMAL_GROWTH,
    KIND_NAMES,
    NORMAL,
    Cells,
    MassFamily,
)

SHORTEST_WITH_ANOMALY = 8
"""Frames that a cell must be seen for something to go wrong with it."""

SHORT_LENGTH, SHORT_SPREAD = 36, 0.7
"""Median of the length of short tracks, as in real recordings, and spread of its logarithm."""


@dataclass(frozen=True, slots=True)
class DrawnFates:
    """Draws who is seen when, and what goes wrong with whom.

    Attributes
    ----------
    until_division
        Whether tracks end where cells divide.
    short
        Whether cells are seen only for a part of their lives.
    """

    frames: int
    abnormal: float
    kinds: tuple[str, ...]
    until_division: bool
    short: bool

    def choose(self, cells: Cells, family: MassFamily, random: np.random.Generator) -> None:
        """Set when newborn cells are seen, and the kind and times of their anomalies."""
        length = self._see(cells, family, random)
        is_chosen = random.random(len(cells)) < self.abnormal
        is_chosen &= length >= SHORTEST_WITH_ANOMALY
        codes = np.array([KIND_NAMES.index(kind) for kind in self.kinds])
        cells["kind"] = np.where(is_chosen, random.choice(codes, len(cells)), NORMAL)
        family.doom(cells, random)
        if self.until_division and not self.short:
            # Nobody knows yet when a cell will divide, or that it never will.
            cells["seen_to"] = self.frames - 1
            lasting = is_chosen & (cells["kind"] <= ABNORMAL_GROWTH)
            cells["last"][lasting] = self.frames - 1

    def _see(
        self, cells: Cells, family: MassFamily, random: np.random.Generator
    ) -> NDArray[np.float64]:
        """Set the first and last frame in which cells are seen; how many frames (N,) that is."""
        count = len(cells)
        ends = np.full(count, self.frames - 1.0)
        if self.until_division:
            ends = np.minimum(ends, cells["born"] + family.frames_left(cells))
        life: NDArray[np.float64] = np.maximum(ends - cells["born"] + 1, 1)
        length = life
        if self.short:
            length = np.minimum(life, SHORT_LENGTH * random.lognormal(0, SHORT_SPREAD, count))
        late = np.floor(random.uniform(0, 1, count) * (life - length))
        cells["seen_from"] = cells["born"] + late
        cells["seen_to"] = np.minimum(cells["seen_from"] + np.ceil(length) - 1, self.frames - 1)
        return length
