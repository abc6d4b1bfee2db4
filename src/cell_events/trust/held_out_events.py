"""Events where a model did not learn, so that its scores are not those of what it knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.held_out import HeldOut
from cell_events.events import Event
from cell_events.matching import Tolerance, match_events


def held_out_events(
    found: Sequence[Event],
    truth: Sequence[Event],
    held_out: HeldOut,
    crop_px: int,
    delta: int,
    tolerance: Tolerance,
) -> tuple[list[Event], list[Event]]:
    """Keep true events whose crops lie in held-out blocks only, and what was found there.

    A found event that matches a true one goes with it, wherever it lies itself: else events at
    the borders would be errors that nobody made.

    Parameters
    ----------
    crop_px, delta
        Side of a crop, and the frames between its two images; a crop at t begins in t - delta.
    """
    keeps = _holds(truth, held_out, crop_px, delta)
    matching = match_events(found, truth, radius_px=tolerance.radius_px, frames=tolerance.frames)
    stays = _holds(found, held_out, crop_px, delta)
    for i, j in matching.pairs:
        stays[i] = keeps[j]
    kept_found = [event for event, stay in zip(found, stays, strict=True) if stay]
    return kept_found, [event for event, keep in zip(truth, keeps, strict=True) if keep]


def _holds(
    events: Sequence[Event], held_out: HeldOut, crop_px: int, delta: int
) -> NDArray[np.bool_]:
    """Whether the crop of each event lies in held-out blocks only."""
    places = np.array([(e.t, e.y, e.x) for e in events], np.float64).reshape(-1, 3)
    centres = np.rint(places).astype(np.int64)
    half, beyond = crop_px // 2, max(crop_px - 1, 0)
    first = centres - np.array([delta, half, half])
    last = first + np.array([delta, beyond, beyond])
    return held_out.holds(first, last)
