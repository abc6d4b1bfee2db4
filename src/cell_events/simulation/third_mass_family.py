"""The third family of simulated dry mass, written down before anything was judged on it.

Growth is logistic and follows the cell cycle: slower in G1, faster in S and G2, nearly none in
mitosis (Kafri et al. 2013, Nature 494:480; Miettinen et al. 2019, eLife 8:e44700). G1 ends by
chance, so that cycles have a shortest length and a long tail (Smith & Martin 1973, PNAS 70:1263),
and heavy newborns leave it sooner (Cadart et al. 2018, Nat. Commun. 9:3275). Daughters take after
their mothers (Sandler et al. 2015, Nature 519:468). Errors differ, drift and flicker.
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

BIRTH_MASS_PG = 280.0
LARGEST = 4.0
"""Mass towards which a cell grows, relative to the usual mass at birth."""

SHORTEST_CYCLE = 0.6
"""Share of a usual cycle that every cell needs; the rest of G1 is as long as chance has it."""

G1_SHARE, MITOSIS_SHARE = 0.45, 0.05
G1_GROWTH, LATE_GROWTH, MITOSIS_GROWTH = 0.8, 1.25, 0.3
"""Shares of a cycle, and growth in them relative to the usual one."""

RATE_SPREAD, KEPT_FROM_MOTHER = 0.18, 0.45
"""Standard deviation of the logarithm of growth rates; correlation of daughter and mother."""

WANDER, WANDER_CORRELATION = 0.15, 0.98

DRIFT_SHARE, DRIFT_CORRELATION = 0.8, 0.98
"""Part of the errors that drifts slowly, and its correlation from frame to frame."""

VOLATILITY, VOLATILITY_CORRELATION = 0.35, 0.95
"""How much the logarithm of the size of errors varies along a curve, and for how long."""

FLICKERS, LONGEST_FLICKER = 0.0015, 3
"""Share of frames in which an outline begins to miss a rim of the cell, and how long it may."""


@dataclass(frozen=True, slots=True)
class ThirdFamily:
    """Cells whose growth follows the cell cycle, which ends by chance."""

    cells: int
    cycle_frames: float
    noise_share: float
    mature: bool

    def first_cells(self, random: np.random.Generator) -> Cells:
        """Cells of the first frame, each somewhere in its cycle."""
        cells = np.zeros(self.cells, CELL)
        cells["parent"], cells["alive"] = -1, True
        cells["birth_mass"] = BIRTH_MASS_PG * random.lognormal(0, 0.14, self.cells)
        cells["wander"] = random.normal(0, WANDER, self.cells)
        self.start(cells, random)
        cells["age"] = cells["cycle"] * random.uniform(0, 1 if self.mature else 0.3, self.cells)
        room = LARGEST * BIRTH_MASS_PG / cells["birth_mass"] - 1
        decay = np.exp(-cells["rate"] * cells["age"])
        cells["mass"] = LARGEST * BIRTH_MASS_PG / (1 + room * decay)
        return cells

    def start(self, cells: Cells, random: np.random.Generator) -> None:
        """Draw the cycle, and the rate, which is like the mother's where there is one."""
        count = len(cells)
        relative = cells["birth_mass"] / BIRTH_MASS_PG
        by_chance = random.exponential(1 - SHORTEST_CYCLE, count) / relative
        cells["cycle"] = self.cycle_frames * (SHORTEST_CYCLE + by_chance)
        # A usual cell makes up for what is lost at division: the logistic equation.
        grown = 2 / 0.94
        usual = np.log(grown * (LARGEST - 1) / (LARGEST - grown)) / self.cycle_frames
        first = cells["rate"] == 0
        mothers = np.log(np.where(first, usual, cells["rate"]) / usual)
        own = random.normal(0, RATE_SPREAD, count)
        kept = np.where(first, 0.0, KEPT_FROM_MOTHER)
        cells["rate"] = usual * np.exp(kept * mothers + np.sqrt(1 - kept**2) * own)

    def growth_pg(self, cells: Cells, random: np.random.Generator) -> NDArray[np.float64]:
        """Logistic growth, by the phase of the cycle; a cell that does not divide begins anew."""
        step = random.normal(0, WANDER * np.sqrt(1 - WANDER_CORRELATION**2), len(cells))
        cells["wander"] = WANDER_CORRELATION * cells["wander"] + step
        phase = np.mod(cells["age"] / cells["cycle"], 1.0)
        factor = np.where(phase < G1_SHARE, G1_GROWTH, LATE_GROWTH)
        factor = np.where(phase >= 1 - MITOSIS_SHARE, MITOSIS_GROWTH, factor)
        room = np.maximum(1 - cells["mass"] / (LARGEST * BIRTH_MASS_PG), 0.05)
        grown: NDArray[np.float64] = cells["rate"] * cells["mass"] * room * factor
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
        """Nearly halves, of 0.88 to 1 of the mother's mass."""
        kept = random.uniform(0.88, 1.0, count)
        first = np.clip(random.laplace(0.5, 0.025, count), 0.35, 0.65)
        return np.stack([first * kept, (1 - first) * kept], axis=1)

    def doom(self, cells: Cells, random: np.random.Generator) -> None:
        """Many early onsets; some cells recover from an arrest, or stop growing too fast.

        Arrests leave 0 to 25 % of the growth and come about within 40 % of the stretch; losses take
        10 to 60 % within 1 to 50 frames; abnormal growth is 1.7 to 3.2 times as fast; merges add 15
        to 100 % of another cell, splits hide 10 to 60 %, dropouts leave 0 to 25 % for 1 to 20
        frames. Two of five arrests and growths end after 25 to 60 % of the stretch.
        """
        count, kind = len(cells), cells["kind"]
        length = (cells["seen_to"] - cells["seen_from"] + 1).astype(float)
        onset = 0.05 + 0.75 * random.beta(1.2, 1.8, count)
        cells["first"] = cells["seen_from"] + np.floor(onset * length)
        lasting = np.maximum(random.beta(1.5, 4, count) * 0.6 * length, 2)
        lasting = np.where(kind == DROPOUT, random.integers(1, 21, count), lasting)
        ends = ((kind == ARREST) | (kind == ABNORMAL_GROWTH)) & (random.random(count) < 0.4)
        lasting = np.where(ends, random.uniform(0.25, 0.6, count) * length, lasting)
        for_good = (kind <= ABNORMAL_GROWTH) & ~ends
        for_good |= (kind == SWAP) & (random.random(count) < 0.6)
        last = np.where(for_good, np.inf, cells["first"] + np.floor(lasting) - 1)
        cells["last"] = np.minimum(np.maximum(last, cells["first"]), cells["seen_to"])
        low, high = _strengths(kind)
        cells["strength"] = low + (high - low) * random.uniform(0, 1, count)
        slow = random.uniform(0, 0.4, count) * length
        abrupt = np.exp(random.uniform(0, np.log(50), count))
        cells["pace"] = np.where(kind == LOSS, abrupt, slow)
        cells["blocked"] = ((kind == ARREST) & for_good) | (kind == LOSS)

    def noise(self, count: int, frames: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Errors that drift, whose size changes from cell to cell and with time, and flickers."""
        drift = _correlated(DRIFT_CORRELATION, count, frames, random)
        white = random.standard_normal((count, frames))
        errors = DRIFT_SHARE * drift + np.sqrt(1 - DRIFT_SHARE**2) * white
        volatility = _correlated(VOLATILITY_CORRELATION, count, frames, random)
        size = np.exp(VOLATILITY * volatility) * random.lognormal(0, 0.25, (count, 1))
        missed = np.zeros((count, frames))
        rows, times = np.nonzero(random.random((count, frames)) < FLICKERS)
        depths = random.uniform(1, 3, len(rows))
        lengths = random.integers(1, LONGEST_FLICKER + 1, len(rows))
        for row, time, depth, length in zip(rows, times, depths, lengths, strict=True):
            missed[row, time : time + length] = depth
        return np.asarray(self.noise_share * (errors * size - missed))


def _correlated(
    correlation: float, count: int, frames: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Autoregressive noise (count, frames) of variance 1."""
    white = random.standard_normal((count, frames))
    white[:, 1:] *= np.sqrt(1 - correlation**2)
    return np.asarray(lfilter([1], [1, -correlation], white, axis=1))


def _strengths(kind: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Smallest and largest strength for each kind."""
    ranges = np.zeros((8, 2))
    ranges[ARREST] = 0.0, 0.25
    ranges[LOSS] = 0.1, 0.6
    ranges[ABNORMAL_GROWTH] = 1.7, 3.2
    ranges[MERGE] = 0.15, 1.0
    ranges[SPLIT] = 0.1, 0.6
    ranges[DROPOUT] = 0.0, 0.25
    return ranges[kind, 0], ranges[kind, 1]
