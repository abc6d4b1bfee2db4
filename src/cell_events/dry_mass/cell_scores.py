"""How abnormal each cell is: what every scorer gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan

from cell_events.dry_mass.curves import MassCurve

CAUSES = ("", "cellular", "measurement")


@dataclass(frozen=True)
class CellScore:
    """How abnormal one cell is.

    Attributes
    ----------
    track_id
        Track of the cell.
    assessed
        Whether it could be judged at all.
    score
        Larger is more abnormal; NaN if the cell was not assessed.
    rmse_pg
        Error of the forecast in pg; NaN where the score is none.
    first, last
        Frames of the stretch that decides.
    reason
        What it looks like, such as "arrest", or why it was not assessed; "" if normal.
    cause
        "cellular", "measurement", or "" where unknown.
    """

    track_id: int
    assessed: bool
    score: float
    rmse_pg: float
    first: int
    last: int
    reason: str = ""
    cause: str = ""


Scorer = Callable[[Sequence[MassCurve]], tuple[CellScore, ...]]
"""Judges cells, in the order in which they are given."""


def not_assessed(curve: MassCurve, reason: str) -> CellScore:
    """Score of a cell that cannot be judged, and why."""
    return CellScore(curve.track_id, False, nan, nan, curve.first, curve.last, reason)


def too_short(curve: MassCurve, needed: int) -> CellScore:
    """Score of a cell that was not seen for long enough."""
    plural = "" if len(curve.mass_pg) == 1 else "s"
    return not_assessed(curve, f"{len(curve.mass_pg)} frame{plural}, {needed} are needed")
