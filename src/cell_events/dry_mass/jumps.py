"""Jumps of mass: changes within a frame or two that are far too large for errors and growth."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.cell_evidence import Population
from cell_events.dry_mass.log_masses import LogMasses

LEAST, DEVIATIONS = 0.08, 6.0
"""A jump changes log mass by as much, and by so many standard deviations of a normal change."""

ALIKE = 0.4
"""By how much of itself a jump may differ from the one that takes it back."""

NEAREST, ERRORS = 0.1, 4.0
"""Levels agree if they differ by less than this, or by so many errors of measurement."""


NEIGHBOURS = 8
"""An exchange is likely only with one of so many nearest cells."""


@dataclass(frozen=True)
class Jump:
    """A jump between two frames, or over some; frames are counted from the first of the curve.

    Attributes
    ----------
    before, after
        Last frame before the jump, and first one after it.
    size
        Change of log mass.
    is_division
        Whether the track goes on as a daughter.
    """

    before: int
    after: int
    size: float
    is_division: bool


def are_jumps(cells: Population) -> NDArray[np.bool_]:
    """Changes (N, L - 1) that are too large, divisions not among them."""
    usual = np.sqrt(cells.noise.covariance(2, 1.0)[0, 0])
    least = np.maximum(LEAST, DEVIATIONS * usual * cells.scales)
    large: NDArray[np.bool_] = np.abs(cells.excess) > least[:, None]
    return large


def jumps_of(cells: Population, row: int, large: NDArray[np.bool_]) -> tuple[Jump, ...]:
    """Jumps of one cell, divisions included, in order; changes in a row in one sense are one."""
    values, divisions = cells.masses.values[row], cells.divisions[row]
    changes = np.diff(values)
    sense = np.where(large | divisions, np.sign(changes), 0.0)
    edges = np.flatnonzero(np.diff(sense, prepend=0.0, append=0.0))
    return tuple(
        Jump(int(begin), int(end), float(values[end] - values[begin]), bool(divisions[begin]))
        for begin, end in pairwise(edges)
        if sense[begin] != 0
    )


def taken_back(jump: Jump, jumps: tuple[Jump, ...]) -> Jump | None:
    """The nearest jump that takes another one back; a division may hide it. None without one."""
    opposite = [
        other
        for other in jumps
        if abs(other.size + jump.size) < ALIKE * abs(jump.size) and other is not jump
    ]
    return min(opposite, key=lambda other: abs(other.before - jump.before), default=None)


def is_exchange(cells: Population, row: int, jump: Jump, large: NDArray[np.bool_]) -> bool:
    """Whether a cell makes the opposite jump at the same time, between the same levels.

    Where places are known, it must be a neighbour, which need not jump as plainly then.
    """
    masses = cells.masses
    agree = max(NEAREST, ERRORS * float(np.sqrt(cells.noise.errors.sum())))
    shifts = masses.firsts[row] - masses.firsts
    there = np.flatnonzero((jump.before + shifts >= 0) & (jump.after + shifts < masses.lengths))
    there = there[there != row]
    befores, afters = jump.before + shifts[there], jump.after + shifts[there]
    came_from, went_to = masses.values[there, befores], masses.values[there, afters]
    distances = _distances(masses, row, jump.before, there, befores)
    if distances is None:
        possible = large[there, befores]
    else:
        possible = distances <= np.sort(distances)[:NEIGHBOURS].max(initial=0.0)
        possible &= np.abs(went_to - came_from) > abs(jump.size) / 2
    before, after = masses.values[row, [jump.before, jump.after]]
    opposite = np.sign(went_to - came_from) == -np.sign(jump.size)
    near = (np.abs(came_from - after) < agree) & (np.abs(went_to - before) < agree)
    return bool((possible & opposite & near).any())


def _distances(
    masses: LogMasses,
    row: int,
    frame: int,
    others: NDArray[np.intp],
    frames: NDArray[np.intp],
) -> NDArray[np.float64] | None:
    """Distances of other cells, each in its frame, to one; infinite or None where unknown."""
    if masses.places is None or np.isnan(masses.places[row, frame]).any():
        return None
    apart = masses.places[others, frames] - masses.places[row, frame]
    return np.asarray(np.nan_to_num(np.hypot(*apart.T), nan=np.inf))
