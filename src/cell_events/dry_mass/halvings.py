"""Divisions within a track: the mass halves, stays so, and the track goes on as one daughter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.log_masses import LogMasses

SHARE = (0.33, 0.67)
"""Least and largest share of its mass with which a track goes on after a division."""

MARGIN = 0.1
"""By how much the fall between the levels may miss these, as a logarithm."""

LEVEL_FRAMES = 4
"""Frames of which the median is the level before, or after."""

PART = 0.1
"""Least fall of each frame, as a logarithm, where a division is seen over two frames."""


def halvings(masses: LogMasses) -> NDArray[np.bool_]:
    """Changes (N, L - 1) that are a division, or one of those of which it consists.

    A fall counts if it leaves about half within one frame or two, or while the cell was missing,
    and if the level of the following frames is about half of the level before: after a short
    dropout it is not.
    """
    lowest, highest = np.log(SHARE)
    changes = masses.changes
    found = _that_stay(masses, (changes > lowest) & (changes < highest), 1)
    _widen(found, changes)
    doubled = np.full_like(changes, np.nan)
    doubled[:, :-1] = changes[:, :-1] + changes[:, 1:]
    steady = np.zeros_like(found)
    steady[:, :-1] = (changes[:, :-1] < -PART) & (changes[:, 1:] < -PART)
    near = found.copy()
    for shift in (1, 2):
        near[:, :-shift] |= found[:, shift:]
        near[:, shift:] |= found[:, :-shift]
    slow = _that_stay(masses, (doubled > lowest) & (doubled < highest) & steady & ~near, 2)
    found |= slow
    found[:, 1:] |= slow[:, :-1]
    return found | _in_gaps(masses)


def _widen(found: NDArray[np.bool_], changes: NDArray[np.float64]) -> None:
    """Add the fall before or after to one that was found, if both together leave enough."""
    cells, times = np.nonzero(found)
    for side in (-1, 1):
        inside = (times + side >= 0) & (times + side < changes.shape[1])
        rows, at = cells[inside], times[inside]
        more = changes[rows, at + side]
        joined = (more < -PART) & (changes[rows, at] + more > np.log(SHARE[0]))
        found[rows[joined], at[joined] + side] = True


def _in_gaps(masses: LogMasses) -> NDArray[np.bool_]:
    """All changes within gaps after which about half is left."""
    found = np.zeros(masses.changes.shape, bool)
    frames = masses.seen.shape[1]
    following = np.where(masses.seen, np.arange(frames), frames)
    following = np.minimum.accumulate(following[:, ::-1], axis=1)[:, ::-1]
    rows, befores = np.nonzero(
        masses.seen[:, :-1] & ~masses.seen[:, 1:] & (following[:, 1:] < frames)
    )
    afters = following[rows, befores + 1]
    falls = masses.values[rows, afters] - masses.values[rows, befores]
    halved = (falls > np.log(SHARE[0])) & (falls < np.log(SHARE[1]))
    halved &= _stay(masses, rows, befores, afters)
    for row, before, after in zip(rows[halved], befores[halved], afters[halved], strict=True):
        found[row, before:after] = True
    return found


def _that_stay(masses: LogMasses, candidates: NDArray[np.bool_], frames: int) -> NDArray[np.bool_]:
    """Those among the falls, each over some frames, after which the level is about half."""
    rows, befores = np.nonzero(candidates)
    stay = _stay(masses, rows, befores, befores + frames)
    kept = np.zeros_like(candidates)
    kept[rows[stay], befores[stay]] = True
    return kept


def _stay(
    masses: LogMasses,
    rows: NDArray[np.intp],
    befores: NDArray[np.intp],
    afters: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Whether the level after falls is about half of that before; frames are those beside them."""
    around = np.arange(LEVEL_FRAMES)
    earlier = np.maximum(befores[:, None] - around, 0)
    later = np.minimum(afters[:, None] + around, masses.lengths[rows, None] - 1)
    levels = [
        np.median(masses.values[rows[:, None], frames], axis=1) for frames in (earlier, later)
    ]
    fall = levels[1] - levels[0]
    lowest, highest = np.log(SHARE)
    stays: NDArray[np.bool_] = (fall > lowest - MARGIN) & (fall < highest + MARGIN)
    return stays
