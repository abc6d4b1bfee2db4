"""Scores of cells from the stretches that a network for series finds in their mass curves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cell_events.dry_mass.cell_scores import CellScore, too_short
from cell_events.dry_mass.curves import MassCurve
from cell_events.series.mass_mishaps import ABNORMAL_GROWTH, MASS_KINDS
from cell_events.series.resampling import POINTS, back_to_times, to_length
from cell_events.series.scaling import scaled_by_sample
from cell_events.series.task import snapshot_probabilities
from cell_events.series.transfer import SeriesNetwork

SHORTEST = 12
"""Measured frames that a cell needs, as for the combined score."""

HIGHEST = 3
"""Frames whose mean probability decides, so that one frame alone does not."""

FOUND = 0.5
"""Probability from which on a frame belongs to a stretch."""

SURE = 1e-6
"""Probabilities are taken to be no nearer to 0 and 1 than this."""


def network_scores(curves: Sequence[MassCurve], network: SeriesNetwork) -> tuple[CellScore, ...]:
    """Log odds that something is abnormal in the most suspicious frames, of any one kind."""
    judged = [curve for curve in curves if np.isfinite(curve.mass_pg).sum() >= SHORTEST]
    found = iter(_found(judged, network))
    ids = {curve.track_id for curve in judged}
    return tuple(
        _score(curve, next(found)) if curve.track_id in ids else too_short(curve, SHORTEST)
        for curve in curves
    )


def joined_scores(first: Sequence[CellScore], network: Sequence[CellScore]) -> np.ndarray:
    """Evidence of a score in standard deviations and of a network's log odds, added up.

    A cell that only one of them judged has that one's evidence alone.
    """
    deviations = np.array([score.score for score in first])
    odds = np.array([score.score for score in network])
    evidence = np.nan_to_num(deviations * np.abs(deviations) / 2) + np.nan_to_num(odds)
    return np.where(np.isnan(deviations) & np.isnan(odds), np.nan, evidence)


def _found(curves: Sequence[MassCurve], network: SeriesNetwork) -> list[np.ndarray]:
    """Probabilities (M, frames) in each curve."""
    values = np.empty((len(curves), 1, POINTS), np.float32)
    masks = np.empty((len(curves), POINTS), bool)
    for row, curve in enumerate(curves):
        values[row], masks[row] = to_length(_series(curve), _times(curve))
    probabilities = snapshot_probabilities(network, scaled_by_sample(values, masks))
    return [
        back_to_times(found, _times(curve), np.isfinite(curve.mass_pg))
        for found, curve in zip(probabilities, curves, strict=True)
    ]


def _series(curve: MassCurve) -> np.ndarray:
    return curve.mass_pg[None].astype(np.float32)


def _times(curve: MassCurve) -> np.ndarray:
    return np.arange(len(curve.mass_pg), dtype=float)


def _score(curve: MassCurve, probabilities: np.ndarray) -> CellScore:
    known = np.nan_to_num(probabilities)
    strongest = np.sort(known, axis=1)[:, -HIGHEST:].mean(axis=1)
    kind = int(strongest.argmax())
    sure = float(np.clip(strongest[kind], SURE, 1 - SURE))
    frames = np.flatnonzero(known[kind] >= min(FOUND, known[kind].max()))
    return CellScore(
        track_id=curve.track_id,
        assessed=True,
        score=float(np.log(sure / (1 - sure))),
        rmse_pg=np.nan,
        first=curve.first + int(frames[0]),
        last=curve.first + int(frames[-1]),
        reason=MASS_KINDS[kind] if sure >= FOUND else "",
        cause="cellular" if kind <= ABNORMAL_GROWTH else "measurement",
    )
