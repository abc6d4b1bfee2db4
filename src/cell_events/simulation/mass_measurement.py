"""What a microscope and a tracker make of true masses: swaps, merges, splits, dropouts, noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.simulation.mass_lives import DROPOUT, MERGE, NORMAL, SPLIT, SWAP, Cells

SEEN_SWAP = 0.1
"""Cells whose masses differ by less than about 10 % are not swapped: nobody could see it."""

CANDIDATES = 12
"""Cells among which a partner is sought before a cell stays normal."""


def measured_masses(
    cells: Cells,
    masses: NDArray[np.float64],
    relative_errors: NDArray[np.float64],
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Masses (cells, frames) as measured; NaN where a cell is not there or not seen.

    Sets who is exchanged with whom (`partner`), and in which frames.
    """
    times = np.arange(masses.shape[1])
    cells["partner"] = -1
    measured = masses.copy()
    _swap(cells, masses, measured)
    inside = (cells["first"][:, None] <= times) & (times <= cells["last"][:, None])
    strength = cells["strength"][:, None]
    merged = inside & (cells["kind"] == MERGE)[:, None]
    others = _other_cells(masses, random)
    measured = np.where(merged, measured + strength * others, measured)
    split = inside & (cells["kind"] == SPLIT)[:, None]
    measured = np.where(split, measured * (1 - strength), measured)
    dropped = inside & (cells["kind"] == DROPOUT)[:, None]
    measured = np.where(dropped, measured * strength, measured)
    seen = (cells["seen_from"][:, None] <= times) & (times <= cells["seen_to"][:, None])
    return np.where(seen, np.maximum(measured * (1 + relative_errors), 0.0), np.nan)


def _swap(cells: Cells, masses: NDArray[np.float64], measured: NDArray[np.float64]) -> None:
    """Exchange the masses of pairs of cells that overlap in time and differ in mass."""
    waiting = np.flatnonzero(cells["kind"] == SWAP)
    waiting = waiting[np.lexsort((cells["first"][waiting], cells["seen_from"][waiting]))]
    queue = waiting.tolist()
    while queue:
        one = queue.pop(0)
        partner = next((c for c in queue[:CANDIDATES] if _can_swap(cells, masses, one, c)), None)
        if partner is None:
            cells["kind"][one] = NORMAL
            continue
        queue.remove(partner)
        pair = [one, partner]
        frames = _shared_frames(cells, one, partner)
        measured[pair, frames] = masses[pair[::-1], frames]
        cells["partner"][pair] = pair[::-1]
        cells["first"][pair], cells["last"][pair] = frames.start, frames.stop - 1


def _shared_frames(cells: Cells, one: int, other: int) -> slice:
    """Frames of the first one's anomaly in which the other one is seen, too."""
    first = max(cells["first"][one], cells["seen_from"][other])
    return slice(int(first), int(min(cells["last"][one], cells["seen_to"][other])) + 1)


def _can_swap(cells: Cells, masses: NDArray[np.float64], one: int, other: int) -> bool:
    frames = _shared_frames(cells, one, other)
    pair = masses[[one, other], frames]
    if frames.stop - frames.start < 2 or not np.isfinite(pair).all():
        return False
    return bool(abs(np.log(pair[0] / pair[1])).mean() >= SEEN_SWAP)


def _other_cells(masses: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """For each cell the masses of some other cell; the mean mass where that one is not there."""
    others = masses[
        (np.arange(len(masses)) + random.integers(1, max(2, len(masses)))) % len(masses)
    ]
    return np.where(np.isfinite(others), others, np.nanmean(masses))
