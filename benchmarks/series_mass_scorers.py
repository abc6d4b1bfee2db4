"""Scores of cells from the stretches that a network for series finds in their mass curves.

All scores are (N,), NaN for cells that were measured too rarely.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cell_events.dry_mass.curves import MassCurve
from cell_events.series.resampling import POINTS, back_to_times, to_length
from cell_events.series.scaling import scaled_by_sample
from cell_events.series.task import snapshot_probabilities
from cell_events.series.transfer import SeriesNetwork

SHORTEST = 12
"""Measured frames that a cell needs, as for the combined score."""

HIGHEST = 3
"""Frames whose mean probability decides, so that one frame alone does not."""

SURE = 1e-6
"""Probabilities are taken to be no nearer to 0 and 1 than this."""

LEAST_SPREAD = 0.3
"""Of log odds, where nearly all cells have the same."""

WEIGHT = 0.3
"""Of the network beside the combined score; found on simulations with other seeds."""


def log_odds(curves: Sequence[MassCurve], network: SeriesNetwork) -> np.ndarray:
    """Log odds (N, M) of each kind in the frames of each cell that are most suspicious."""
    found = np.full((len(curves), network.classes), np.nan)
    rows = [i for i, curve in enumerate(curves) if np.isfinite(curve.mass_pg).sum() >= SHORTEST]
    values = np.empty((len(rows), 1, POINTS), np.float32)
    masks = np.empty((len(rows), POINTS), bool)
    for place, row in enumerate(rows):
        mass = curves[row].mass_pg
        values[place], masks[place] = to_length(mass[None].astype(np.float32), _times(mass))
    probabilities = snapshot_probabilities(network, scaled_by_sample(values, masks))
    for place, row in enumerate(rows):
        mass = curves[row].mass_pg
        of_frames = back_to_times(probabilities[place], _times(mass), np.isfinite(mass))
        highest = np.sort(np.nan_to_num(of_frames), axis=1)[:, -HIGHEST:].mean(axis=1)
        sure = np.clip(highest, SURE, 1 - SURE)
        found[row] = np.log(sure / (1 - sure))
    return found


def alone(odds: np.ndarray) -> np.ndarray:
    """Score of the likeliest kind, each cell by itself."""
    return odds.max(axis=1)


def beside_the_others(odds: np.ndarray) -> np.ndarray:
    """How far a cell lies above most cells, in robust deviations, for the kind where it is most.

    What all cells do, such as growing faster and faster, is no longer abnormal.
    """
    middle = np.nanmedian(odds, axis=0)
    spread = 1.4826 * np.nanmedian(np.abs(odds - middle), axis=0) + LEAST_SPREAD
    return ((odds - middle) / spread).max(axis=1)


def joined(combined: np.ndarray, beside: np.ndarray) -> np.ndarray:
    """Evidence of the combined score, which is in standard deviations, and of the network.

    A cell that only one of them judged has that one's evidence alone.
    """
    evidence = np.nan_to_num(combined * np.abs(combined) / 2)
    evidence += WEIGHT * np.nan_to_num(np.maximum(beside, 0))
    return np.where(np.isnan(combined) & np.isnan(beside), np.nan, evidence)


def _times(mass: np.ndarray) -> np.ndarray:
    return np.arange(len(mass), dtype=float)
