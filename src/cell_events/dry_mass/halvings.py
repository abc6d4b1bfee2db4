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
    """Changes (N, L - 1) that are a division, or one of the two of which it consists.

    A fall counts if it leaves about half within one frame or two, and if the level of the following
    frames is about half of the level before: after a short dropout it is not.
    """
    lowest, highest = np.log(SHARE)
    changes = masses.changes
    found = _that_stay(masses, (changes > lowest) & (changes < highest), 1)
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
    return found


def _that_stay(masses: LogMasses, candidates: NDArray[np.bool_], frames: int) -> NDArray[np.bool_]:
    """Those among the falls, each over some frames, after which the level is about half."""
    cells, times = np.nonzero(candidates)
    around = np.arange(LEVEL_FRAMES)
    before = masses.values[cells[:, None], np.maximum(times[:, None] - around, 0)]
    after_times = np.minimum(times[:, None] + frames + around, masses.lengths[cells, None] - 1)
    after = masses.values[cells[:, None], after_times]
    fall = np.median(after, axis=1) - np.median(before, axis=1)
    lowest, highest = np.log(SHARE)
    stay = (fall > lowest - MARGIN) & (fall < highest + MARGIN)
    kept = np.zeros_like(candidates)
    kept[cells[stay], times[stay]] = True
    return kept
