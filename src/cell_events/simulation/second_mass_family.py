"""The second family of simulated dry mass: other equations than those that methods are tuned on.

Growth is fast after birth and slows down towards a largest mass (Gompertz); a cell divides when it
has added a certain mass (an adder), whenever that is; errors are 1/f noise, larger in light cells;
anomalies begin early more often than late, and set in smoothly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

BIRTH_MASS_PG = 340.0
LARGEST = 3.2
"""Mass towards which a cell grows, relative to the usual mass at birth."""


@dataclass(frozen=True, slots=True)
class SecondFamily:
    """Cells that grow more and more slowly and divide when they have added enough mass."""

    cells: int
    cycle_frames: float
    noise_share: float
    mature: bool

    def first_cells(self, random: np.random.Generator) -> Cells:
        """Cells of the first frame, each somewhere in its cycle."""
        cells = np.zeros(self.cells, CELL)
        cells["parent"], cells["alive"] = -1, True
        cells["birth_mass"] = BIRTH_MASS_PG * random.gamma(36, 1 / 36, self.cells)
        self.start(cells, random)
        # Young cells are more common than old ones in a population that doubles.
        age = 1 - np.log2(2 - random.uniform(0, 1, self.cells)) if self.mature else 0.0
        age = np.clip(1 - age, 0, 0.98) if self.mature else np.zeros(self.cells)
        cells["mass"] = cells["birth_mass"] + age * cells["cycle"]
        return cells

    def start(self, cells: Cells, random: np.random.Generator) -> None:
        """Draw the mass to add (kept in `cycle`), the largest mass (`bend`) and the rate."""
        count = len(cells)
        cells["cycle"] = BIRTH_MASS_PG * random.gamma(50, 1 / 50, count)
        cells["bend"] = LARGEST * BIRTH_MASS_PG * random.lognormal(0, 0.1, count)
        # A usual cell doubles within a cycle: the solution of Gompertz' equation.
        usual = np.log(np.log(LARGEST) / np.log(LARGEST / 2)) / self.cycle_frames
        cells["rate"] = usual * random.gamma(40, 1 / 40, count)

    def growth_pg(self, cells: Cells, random: np.random.Generator) -> NDArray[np.float64]:
        """Gompertz' equation, with bursts and pauses of growth."""
        changes = random.random(len(cells)) < 0.02
        cells["wander"] = np.where(changes, random.uniform(-0.3, 0.3, len(cells)), cells["wander"])
        room = np.log(np.maximum(cells["bend"] / cells["mass"], 1.05))
        grown: NDArray[np.float64] = cells["rate"] * cells["mass"] * room * (1 + cells["wander"])
        return grown

    def frames_left(self, cells: Cells) -> NDArray[np.float64]:
        """As much of a usual cycle as mass is yet to be added."""
        left = (cells["birth_mass"] + cells["cycle"] - cells["mass"]) / cells["cycle"]
        return np.asarray(left * self.cycle_frames)

    def are_due(self, cells: Cells) -> NDArray[np.bool_]:
        """Whether each cell has added the mass that it needs."""
        due: NDArray[np.bool_] = cells["mass"] >= cells["birth_mass"] + cells["cycle"]
        return due

    def shares(self, count: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Shares of a beta distribution, of 0.85 to 1 of the mother's mass."""
        kept = random.uniform(0.85, 1.0, count)
        first = random.beta(60, 60, count)
        return np.stack([first * kept, (1 - first) * kept], axis=1)

    def doom(self, cells: Cells, random: np.random.Generator) -> None:
        """Early onsets, smooth changes; strengths from beta distributions, many of them weak.

        Arrests leave 0 to 30 % of the growth within a fifth of the stretch; losses take 10 to 70 %
        within 3 to 45 frames; abnormal growth is 1.6 to 4 times as fast; merges add 30 to 120 % of
        another cell, splits hide 10 to 70 %, dropouts leave 0 to 30 % for 1 to 30 frames.
        """
        count, kind = len(cells), cells["kind"]
        length = (cells["seen_to"] - cells["seen_from"] + 1).astype(float)
        onset = np.minimum(0.08 + random.exponential(0.3, count), 0.8)
        cells["first"] = cells["seen_from"] + np.floor(onset * length)
        lasting = np.maximum(random.gamma(2, 0.12, count) * length, 3)
        brief = np.minimum(random.geometric(0.15, count), 30)
        lasting = np.where(kind == DROPOUT, brief, lasting)
        for_good = (kind <= ABNORMAL_GROWTH) | ((kind == SWAP) & (random.random(count) < 0.7))
        last = np.where(for_good, np.inf, cells["first"] + np.floor(lasting))
        cells["last"] = np.minimum(last, cells["seen_to"])
        low, high = _strengths(kind)
        cells["strength"] = low + (high - low) * random.beta(1.5, 2, count)
        smooth = random.uniform(0.05, 0.2, count) * length
        cells["pace"] = np.where(kind == LOSS, random.uniform(3, 45, count), smooth)
        cells["blocked"] = (kind == ARREST) | (kind == LOSS)

    def noise(self, count: int, frames: int, random: np.random.Generator) -> NDArray[np.float64]:
        """1/f noise, multiplicative, with a rare outlier of a single frame."""
        frequency = np.fft.rfftfreq(2 * frames)
        frequency[0] = frequency[1]
        spectrum = np.fft.rfft(random.standard_normal((count, 2 * frames)), axis=1)
        pink = np.fft.irfft(spectrum / np.sqrt(frequency), axis=1)[:, :frames]
        pink /= pink.std()
        outliers = random.random((count, frames)) < 0.001
        errors = self.noise_share * pink * random.gamma(16, 1 / 16, (count, 1))
        errors[outliers] += 3 * self.noise_share * random.standard_normal(int(outliers.sum()))
        return np.asarray(errors)


def _strengths(kind: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Smallest and largest strength for each kind."""
    ranges = np.zeros((8, 2))
    ranges[ARREST] = 0.3, 0.0
    ranges[LOSS] = 0.1, 0.7
    ranges[ABNORMAL_GROWTH] = 1.6, 4.0
    ranges[MERGE] = 0.3, 1.2
    ranges[SPLIT] = 0.1, 0.7
    ranges[DROPOUT] = 0.3, 0.0
    return ranges[kind, 0], ranges[kind, 1]
