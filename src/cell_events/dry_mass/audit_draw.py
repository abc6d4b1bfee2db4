"""Which unflagged cells an expert looks at, too, and in which order all of them come."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

from cell_events.dry_mass.flags import FLAGGED, NORMAL, CellFlag


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """How many of the unflagged cells are drawn at random.

    Attributes
    ----------
    share
        Which part of them; the paper takes 5 %.
    at_least
        So many are drawn even if that is more than `share`; all of them if there are fewer.
    seed
        Another seed draws other cells.

    Raises
    ------
    ValueError
        If the share is not between 0 and 1, or `at_least` is negative.
    """

    share: float = 0.05
    at_least: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"share is {self.share}; expected a number from 0 to 1.")
        if self.at_least < 0:
            raise ValueError(f"at_least is {self.at_least}; expected 0 or more.")


def audited_cells(flags: Iterable[CellFlag], settings: AuditSettings) -> tuple[int, ...]:
    """Draw from the cells that were found normal; those not assessed were never judged.

    Each cell has a lot that depends on nothing but seed and track. So a threshold that moves
    changes the sample as little as may be, and what was answered once keeps its worth.
    """
    normal = [flag.track_id for flag in flags if flag.flag == NORMAL]
    wanted = max(math.ceil(settings.share * len(normal)), settings.at_least)
    return tuple(sorted(normal, key=lambda cell: _lot("drawn", settings.seed, cell))[:wanted])


def review_order(flags: Iterable[CellFlag], settings: AuditSettings) -> tuple[int, ...]:
    """Flagged cells, the most abnormal first, with the drawn ones mixed in anywhere."""
    listed = list(flags)
    flagged = sorted(
        (flag for flag in listed if flag.flag == FLAGGED),
        key=lambda flag: (-flag.score, flag.track_id),
    )
    places = {flag.track_id: place + 0.5 for place, flag in enumerate(flagged)}
    for cell in audited_cells(listed, settings):
        places[cell] = len(flagged) * _lot("mixed", settings.seed, cell)
    return tuple(sorted(places, key=lambda cell: (places[cell], cell)))


def _lot(purpose: str, seed: int, cell: int) -> float:
    """Random number from 0 to 1 that is always the same for a cell."""
    digest = hashlib.blake2b(f"{purpose} {seed} {cell}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
