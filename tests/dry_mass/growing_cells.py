"""Curves of cells that grow evenly, so that tests know what comes next."""

from __future__ import annotations

import numpy as np

from cell_events.dry_mass.curves import MassCurve


def growing_curves(
    count: int, frames: int, noise: float = 0.01, rate: float = 0.01, seed: int = 0
) -> list[MassCurve]:
    """Cells of different size that all grow by the same share in each frame."""
    random = np.random.default_rng(seed)
    starts = random.uniform(150, 450, count)
    growth = np.exp(rate * np.arange(frames))
    masses = starts[:, None] * growth * (1 + noise * random.standard_normal((count, frames)))
    return [curve_of(mass, track_id) for track_id, mass in enumerate(masses, 1)]


def curve_of(
    mass_pg: np.ndarray | list[float], track_id: int = 1, first: int = 0, parent: int | None = None
) -> MassCurve:
    """A curve without doubts."""
    mass = np.asarray(mass_pg, float)
    return MassCurve(track_id, first, mass, parent, np.zeros(len(mass), bool))
