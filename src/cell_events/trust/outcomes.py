"""Pairs, false alarms and misses in one table, and the blocks that they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.matching import Tolerance
from cell_events.trust.precision_recall import PrecisionRecallCurve, curve_of
from cell_events.trust.ranked_matches import ranked_pairs


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks of space and time that are drawn as a whole.

    Attributes
    ----------
    pixels, frames
        Sides of a block in the image and in time.
    """

    pixels: float = 96
    frames: float = 12

    def __post_init__(self) -> None:
        if not (self.pixels > 0 and self.frames > 0):
            raise ValueError(
                "Blocks must be at least 1 px wide and 1 frame long, got "
                f"{self.pixels} px and {self.frames} frames."
            )

    def numbers(self, places: NDArray[np.float64]) -> NDArray[np.int64]:
        """Number of the block of each place (t, y, x), for places (N, 3)."""
        corners = np.floor(places / (self.frames, self.pixels, self.pixels))
        _, numbers = np.unique(corners, axis=0, return_inverse=True)
        return np.asarray(numbers, np.int64).ravel()


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One row for each pair, false alarm and miss, the surest first, misses last.

    Attributes
    ----------
    scores
        (N,) of the found event.
    is_found, is_true
        (N,) a pair is both, a false alarm found only, a miss true only.
    places
        (N, 3) t, y, x of the true event, or of the false alarm.
    kinds
        (N,) names.
    """

    scores: NDArray[np.float64]
    is_found: NDArray[np.bool_]
    is_true: NDArray[np.bool_]
    places: NDArray[np.float64]
    kinds: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.scores)

    def of_kind(self, kind: str) -> Outcomes:
        """Rows of one kind of event."""
        rows = self.kinds == kind
        return Outcomes(
            self.scores[rows],
            self.is_found[rows],
            self.is_true[rows],
            self.places[rows],
            self.kinds[rows],
        )

    def curve(self, rows: NDArray[np.int64] | None = None) -> PrecisionRecallCurve:
        """Precision and recall at every threshold, of all rows or of some that were drawn."""
        weights = None if rows is None else np.bincount(rows, minlength=len(self)).astype(float)
        return curve_of(self.scores, self.is_found, self.is_true, weights)


def outcomes(
    found: Sequence[Event],
    truth: Sequence[Event],
    scores: NDArray[np.float64],
    tolerance: Tolerance,
) -> Outcomes:
    """Match by rank, so that the counts are right at every threshold.

    Parameters
    ----------
    scores
        (N,) of the found events.
    """
    ranked = np.argsort(-scores, kind="stable")
    true_of = dict(ranked_pairs(found, truth, ranked.tolist(), tolerance))
    missed = sorted(set(range(len(truth))) - set(true_of.values()))
    rows = [truth[true_of[i]] if i in true_of else found[i] for i in ranked.tolist()]
    rows += [truth[j] for j in missed]
    n_found = len(found)
    is_true = [i in true_of for i in ranked.tolist()] + [True] * len(missed)
    return Outcomes(
        scores=np.concatenate([scores[ranked], np.full(len(missed), -np.inf)]),
        is_found=np.arange(len(rows)) < n_found,
        is_true=np.array(is_true, bool),
        places=np.array([(e.t, e.y, e.x) for e in rows], np.float64).reshape(-1, 3),
        kinds=np.array([e.kind for e in rows], object),
    )
