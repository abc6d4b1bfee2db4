"""The first family of simulated dry mass: linear to exponential growth, timed divisions.

Masses in picograms and times in frames. A cell doubles within its cycle, along a mixture of a line
and an exponential; cells born heavy grow less, so that masses stay alike over generations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from cell_events.simulation.mass_lives import (
    ABNORMAL_GROWTH,
    ARREST,
    CELL,
    DROPOUT,
    LOSS,
    MERGE,
    SPLIT,
    SWAP,
    Cells,
)

BIRTH_MASS_PG = 220.0
BIRTH_MASS_SPREAD = 0.15
"""Standard deviation of the logarithm of the mass at birth."""

CYCLE_SPREAD = 0.15
"""Standard deviation of the logarithm of the cycle's length."""

WANDER, WANDER_CORRELATION = 0.25, 0.97
"""Slow deviations of a cell's growth rate: relative size, and correlation of successive frames."""

NOISE_CORRELATION = 0.8
"""Correlation of the errors of successive frames: segmentation errs the same way for a while."""

KEPT_AT_DIVISION, KEPT_SPREAD = 0.96, 0.03
SHARE_SPREAD = 0.04
"""What daughters get together (0.77 to 1.00 was measured in real cells), and how unequal."""


@dataclass(frozen=True, slots=True)
class FirstFamily:
    """Cells whose growth lies between linear and exponential and whose divisions are timed."""

    cells: int
    cycle_frames: float
    growth: str
    noise_share: float
    mature: bool
    """Whether the first cells are anywhere in their cycle, rather than just born."""

    def first_cells(self, random: np.random.Generator) -> Cells:
        """Cells of the first frame, each somewhere in its cycle."""
        cells = np.zeros(self.cells, CELL)
        cells["parent"], cells["alive"] = -1, True
        cells["birth_mass"] = BIRTH_MASS_PG * random.lognormal(0, BIRTH_MASS_SPREAD, self.cells)
        self.start(cells, random)
        part = random.uniform(0, 1 if self.mature else 0.3, self.cells)
        grown = 1 + part * (np.exp(cells["rate"] * cells["cycle"]) - 1)
        cells["age"] = part * cells["cycle"]
        cells["mass"] = cells["birth_mass"] * grown
        return cells

    def start(self, cells: Cells, random: np.random.Generator) -> None:
        """Draw the cycle, and the growth that brings a cell back towards the usual mass."""
        count = len(cells)
        cells["cycle"] = self.cycle_frames * random.lognormal(0, CYCLE_SPREAD, count)
        heavy = np.log(cells["birth_mass"] / BIRTH_MASS_PG)
        cells["rate"] = np.clip(np.log(2) - 0.5 * heavy, 0.2, 1.2) / cells["cycle"]
        constant = {"linear": 0.0, "exponential": 1.0}.get(self.growth)
        cells["bend"] = random.uniform(0, 1, count) if constant is None else constant
        cells["wander"] = random.normal(0, WANDER, count)

    def growth_pg(self, cells: Cells, random: np.random.Generator) -> NDArray[np.float64]:
        """Grow by a mixture of a constant amount and a constant rate."""
        correlation = WANDER_CORRELATION
        step = random.normal(0, WANDER * np.sqrt(1 - correlation**2), len(cells))
        cells["wander"] = correlation * cells["wander"] + step
        final = np.exp(cells["rate"] * cells["cycle"])
        line = cells["birth_mass"] * (final - 1) / cells["cycle"]
        curve = cells["mass"] * np.expm1(cells["rate"])
        grown: NDArray[np.float64] = (1 - cells["bend"]) * line + cells["bend"] * curve
        wandering: NDArray[np.float64] = np.maximum(1 + cells["wander"], 0.1)
        return grown * wandering

    def frames_left(self, cells: Cells) -> NDArray[np.float64]:
        """What remains of the cycle of each cell."""
        left: NDArray[np.float64] = cells["cycle"] - cells["age"]
        return left

    def are_due(self, cells: Cells) -> NDArray[np.bool_]:
        """Whether the cycle of each cell has passed."""
        due: NDArray[np.bool_] = cells["age"] >= cells["cycle"]
        return due

    def shares(self, count: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Nearly halves, of nearly all of the mother's mass."""
        kept = np.clip(random.normal(KEPT_AT_DIVISION, KEPT_SPREAD, count), 0.8, 1.0)
        first = np.clip(random.normal(0.5, SHARE_SPREAD, count), 0.35, 0.65)
        return np.stack([first * kept, (1 - first) * kept], axis=1)

    def doom(self, cells: Cells, random: np.random.Generator) -> None:
        """Choose times and strengths; each kind goes from hardly visible to plain.

        Arrests leave 0 to 20 % of the growth and come about within a tenth of the stretch; losses
        take 10 to 50 % of the mass, at once or slowly; abnormal growth is 1.8 to 3 times as fast;
        merges add 20 to 100 % of another cell, splits hide 10 to 50 %, dropouts leave 0 to 20 %.
        Swaps, merges and splits last 5 to 30 % of the stretch, half of the swaps for good;
        dropouts a few frames.
        """
        count, kind = len(cells), cells["kind"]
        length = (cells["seen_to"] - cells["seen_from"] + 1).astype(float)
        cells["first"] = cells["seen_from"] + np.floor(random.uniform(0.1, 0.8, count) * length)
        lasting = random.uniform(0.05, 0.3, count) * length
        lasting[kind == DROPOUT] = random.integers(2, 16, count)[kind == DROPOUT]
        for_good = (kind <= ABNORMAL_GROWTH) | ((kind == SWAP) & (random.random(count) < 0.5))
        last = np.where(for_good, np.inf, cells["first"] + np.maximum(lasting, 2) - 1)
        cells["last"] = np.minimum(last, cells["seen_to"])
        cells["strength"] = random.uniform(*_strengths(kind))
        slow = np.exp(random.uniform(0, np.log(60), count))
        cells["pace"] = np.where(kind == LOSS, slow, random.uniform(0, 0.1, count) * length)
        cells["blocked"] = (kind == ARREST) | (kind == LOSS)
        cells["blocked"] |= (kind == ABNORMAL_GROWTH) & (random.random(count) < 0.5)

    def noise(self, count: int, frames: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Errors whose size differs from cell to cell, correlated in time."""
        size = self.noise_share * random.lognormal(0, 0.3, (count, 1))
        white = random.standard_normal((count, frames))
        white[:, 1:] *= np.sqrt(1 - NOISE_CORRELATION**2)
        correlated: NDArray[np.float64] = lfilter([1], [1, -NOISE_CORRELATION], white, axis=1)
        return size * correlated


def _strengths(kind: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Smallest and largest strength for each kind."""
    ranges = np.zeros((8, 2))
    ranges[ARREST] = 0.0, 0.2
    ranges[LOSS] = 0.1, 0.5
    ranges[ABNORMAL_GROWTH] = 1.8, 3.0
    ranges[MERGE] = 0.2, 1.0
    ranges[SPLIT] = 0.1, 0.5
    ranges[DROPOUT] = 0.0, 0.2
    return ranges[kind, 0], ranges[kind, 1]
