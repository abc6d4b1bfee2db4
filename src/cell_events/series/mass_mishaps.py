"""What goes wrong in synthetic mass curves: in the cells themselves, or in their measurement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.series.mass_growth import Frames, Laws, PerCell, grown_masses

MASS_KINDS = ("arrest", "loss", "abnormal growth", "swap", "merge", "split", "dropout")
"""The first three are the cell's own, the others come from measurement."""

ARREST, LOSS, ABNORMAL_GROWTH, SWAP, MERGE, SPLIT, DROPOUT = range(len(MASS_KINDS))

STRENGTHS = np.array(
    [(0.0, 0.3), (0.1, 0.7), (1.6, 4.0), (0.0, 0.0), (0.2, 1.2), (0.1, 0.7), (0.0, 0.3)]
)
"""Smallest and largest strength of each kind: what is left of the growth, what share of the mass is
lost, how many times as fast, nothing, what share of another cell comes in, is hidden, is left."""


@dataclass(frozen=True, slots=True, eq=False)
class Mishaps:
    """What goes wrong in each of N curves, from its first to its last frame, and how much."""

    kind: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    strength: PerCell
    pace: PerCell
    """Frames in which an arrest or a loss comes about."""
    blocks: NDArray[np.bool_]
    """Whether a cell does not divide any more."""

    def inside(self, frames: int) -> NDArray[np.bool_]:
        """Which frames (N, frames) are abnormal."""
        times = np.arange(frames)
        return (times >= self.first[:, None]) & (times <= self.last[:, None])


def drawn_mishaps(lengths: NDArray[np.int64], random: np.random.Generator) -> Mishaps:
    """One mishap for each of N curves of these lengths, anywhere, from weak to strong."""
    count = len(lengths)
    kind = random.integers(0, len(MASS_KINDS), count)
    first = np.maximum((random.uniform(0.05, 0.9, count) * lengths).astype(np.int64), 2)
    lasting = random.uniform(0.03, 0.4, count) * lengths
    brief = np.minimum(np.exp(random.uniform(0, np.log(20), count)), lengths / 4)
    lasting = np.maximum(np.where(kind == DROPOUT, brief, lasting), np.where(kind == DROPOUT, 1, 2))
    for_good = (kind <= ABNORMAL_GROWTH) | ((kind == SWAP) & (random.random(count) < 0.6))
    last = np.where(for_good, lengths - 1, first + np.round(lasting).astype(np.int64) - 1)
    low, high = STRENGTHS[kind].T
    slowly = np.exp(random.uniform(0, np.log(60), count))
    return Mishaps(
        kind=kind,
        first=first,
        last=np.minimum(last, lengths - 1),
        strength=random.uniform(low, high),
        pace=np.where(kind == LOSS, slowly, 1 + random.uniform(0, 0.2, count) * lengths),
        blocks=(kind <= LOSS) | ((kind == ABNORMAL_GROWTH) & (random.random(count) < 0.5)),
    )


def masses_with(mishaps: Mishaps, laws: Laws, usual: Frames) -> Frames:
    """Masses (N, T) of cells, of `usual` mass (N, T), to whom something happens."""
    frames = usual.shape[1]
    blocked_from = np.where(mishaps.blocks, mishaps.first, frames)
    masses = grown_masses(laws, _growth_factor(mishaps, frames), blocked_from)
    masses *= _kept_share(mishaps, frames)
    return np.where(mishaps.inside(frames), _measured(mishaps, masses, usual), masses)


def _growth_factor(mishaps: Mishaps, frames: int) -> Frames:
    """What the growth from each frame to the next is multiplied with."""
    kind, strength = mishaps.kind[:, None], mishaps.strength[:, None]
    inside = mishaps.inside(frames)
    factor = np.where(inside & (kind == ABNORMAL_GROWTH), strength, 1.0)
    factor = np.where(inside & (kind == LOSS), 0.0, factor)
    factor -= (kind == ARREST) * _progress(mishaps, frames) * (1 - strength)
    return factor.astype(np.float32)


def _kept_share(mishaps: Mishaps, frames: int) -> Frames:
    """Share of its mass that a cell has kept at each frame: less than 1 from a loss on."""
    lost = np.where(mishaps.kind == LOSS, mishaps.strength, 0.0)[:, None]
    return np.asarray((1 - lost) ** _progress(mishaps, frames), np.float32)


def _progress(mishaps: Mishaps, frames: int) -> PerCell:
    since = np.arange(frames) - mishaps.first[:, None] + 1
    return np.asarray(np.clip(since / mishaps.pace[:, None], 0, 1), np.float64)


def _measured(mishaps: Mishaps, masses: Frames, usual: Frames) -> Frames:
    """What is taken for the mass of a cell; its neighbour is the cell of the next row."""
    kind, strength = mishaps.kind[:, None], mishaps.strength[:, None].astype(np.float32)
    others = np.roll(usual, 1, axis=0)
    measured = np.where(kind == SWAP, others, masses)
    measured = np.where(kind == MERGE, masses + strength * others, measured)
    measured = np.where(kind == SPLIT, masses * (1 - strength), measured)
    return np.where(kind == DROPOUT, masses * strength, measured)
