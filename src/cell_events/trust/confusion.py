"""What events of each kind are called, and which are missed or invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.matching import Matching, match_events

NOTHING_THERE, MISSED = "nothing there", "missed"
_ANY = "any"


@dataclass(frozen=True, slots=True)
class Confusion:
    """A confusion matrix of events.

    Attributes
    ----------
    kinds
        Names, in the order of rows and columns.
    counts
        (K + 1, K + 1): rows are what there is, the last one "nothing there"; columns are what was
        found, the last one "missed". The last entry is 0.
    renamed
        (index of the found, index of the true event) of those found under another kind.
    """

    kinds: tuple[str, ...]
    counts: NDArray[np.int64]
    renamed: tuple[tuple[int, int], ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """Names of the rows."""
        return (*self.kinds, NOTHING_THERE)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return (*self.kinds, MISSED)


def confusion(matching: Matching) -> Confusion:
    """Match what is left of a matching regardless of kind, and count.

    Events of the same kind are matched first, so that the diagonal holds the hits that precision
    and recall count.
    """
    found, truth = matching.found, matching.truth
    renamed = _renamed(matching)
    pairs = [*matching.pairs, *renamed]
    kinds = tuple(sorted({event.kind for event in (*found, *truth)}))
    place = {kind: number for number, kind in enumerate(kinds)}
    nothing = len(kinds)
    counts = np.zeros((nothing + 1, nothing + 1), np.int64)
    for i, j in pairs:
        counts[place[truth[j].kind], place[found[i].kind]] += 1
    for i in set(range(len(found))) - {i for i, _ in pairs}:
        counts[nothing, place[found[i].kind]] += 1
    for j in set(range(len(truth))) - {j for _, j in pairs}:
        counts[place[truth[j].kind], nothing] += 1
    return Confusion(kinds, counts, tuple(renamed))


def _renamed(matching: Matching) -> list[tuple[int, int]]:
    """Pairs of events of different kinds among those that have no partner of their kind."""
    matched_found = {i for i, _ in matching.pairs}
    matched_truth = {j for _, j in matching.pairs}
    rows = [i for i in range(len(matching.found)) if i not in matched_found]
    columns = [j for j in range(len(matching.truth)) if j not in matched_truth]
    limits = matching.tolerance
    rest = match_events(
        _without_kind([matching.found[i] for i in rows]),
        _without_kind([matching.truth[j] for j in columns]),
        radius_px=limits.radius_px,
        frames=limits.frames,
    )
    return [(rows[i], columns[j]) for i, j in rest.pairs]


def _without_kind(events: Sequence[Event]) -> list[Event]:
    return [replace(event, kind=_ANY) for event in events]
