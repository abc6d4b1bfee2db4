"""What another threshold makes of flags; nothing is computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cell_events.dry_mass.flags import FLAGGED, NORMAL, NOT_ASSESSED, CellFlag


def with_threshold(flags: Iterable[CellFlag], threshold: float) -> list[CellFlag]:
    """The flags with this threshold: larger scores are flagged; not assessed stays not assessed."""
    return [
        flag
        if flag.flag == NOT_ASSESSED
        else replace(flag, threshold=threshold, flag=FLAGGED if flag.score > threshold else NORMAL)
        for flag in flags
    ]
