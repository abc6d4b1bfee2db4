"""What another threshold makes of flags; nothing is computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cell_events.dry_mass.flags import FLAGGED, NORMAL, NOT_ASSESSED, UNEXPECTED, CellFlag


def with_threshold(flags: Iterable[CellFlag], threshold: float) -> list[CellFlag]:
    """The flags with this threshold: larger scores are flagged; not assessed stays not assessed."""
    return [flag if flag.flag == NOT_ASSESSED else _moved(flag, threshold) for flag in flags]


def _moved(flag: CellFlag, threshold: float) -> CellFlag:
    if flag.score > threshold:
        reason = flag.reason or UNEXPECTED
        return replace(flag, threshold=threshold, flag=FLAGGED, reason=reason)
    return replace(flag, threshold=threshold, flag=NORMAL)
