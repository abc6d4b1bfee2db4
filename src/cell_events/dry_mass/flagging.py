"""From scores and a threshold to flags that say where and when."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.dry_mass.cell_scores import CellScore
from cell_events.dry_mass.flags import FLAGGED, NORMAL, NOT_ASSESSED, UNEXPECTED, CellFlag


def score_values(scores: Sequence[CellScore]) -> NDArray[np.float64]:
    """Scores as an array, NaN where a cell was not assessed."""
    return np.array([score.score if score.assessed else nan for score in scores], float)


def cell_flags(
    tracks: pd.DataFrame, scores: Sequence[CellScore], threshold: float
) -> list[CellFlag]:
    """Flag the cells with scores above a threshold, in the order of the scores.

    Normal cells keep the reason for which a lower threshold would flag them. Each flag lies where
    its track is nearest to the middle of the stretch that decides.
    """
    ordered = tracks.sort_values(["track_id", "t"], kind="stable")
    track_ids, frames, y, x = (ordered[name].to_numpy() for name in ("track_id", "t", "y", "x"))
    flags = []
    for score in scores:
        begin, end = np.searchsorted(track_ids, [score.track_id, score.track_id + 1])
        middle = (score.first + score.last) / 2
        row = begin + int(np.argmin(np.abs(frames[begin:end] - middle)))
        flags.append(
            CellFlag(
                track_id=score.track_id,
                flag=_flag(score, threshold),
                score=score.score,
                threshold=threshold if score.assessed else nan,
                rmse_pg=score.rmse_pg,
                reason=_reason(score, threshold),
                cause=score.cause if score.assessed else "",
                first=score.first,
                last=score.last,
                t=int(frames[row]),
                y=float(y[row]),
                x=float(x[row]),
                n_frames=int(end - begin),
            )
        )
    return flags


def _flag(score: CellScore, threshold: float) -> str:
    if not score.assessed:
        return NOT_ASSESSED
    return FLAGGED if score.score > threshold else NORMAL


def _reason(score: CellScore, threshold: float) -> str:
    """Why a cell is flagged, would be with a lower threshold, or is not assessed."""
    if _flag(score, threshold) == NORMAL:
        return score.reason
    return score.reason or UNEXPECTED
