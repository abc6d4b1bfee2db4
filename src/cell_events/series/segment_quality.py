"""How well stretches are found, where the truth is known.

There is no point-adjusted F1 here: it calls a stretch found whole when a single point of it is, so
that a random score wins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.series.affiliation import affiliation, stretches
from cell_events.series.volume_under_surface import vus_pr

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class EventShare:
    """A share of stretches; NaN where there are none."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """Hits among all."""
        return self.hits / self.total if self.total else float("nan")


@dataclass(frozen=True, slots=True)
class SegmentQuality:
    """How well the stretches of one kind are found.

    Attributes
    ----------
    iou
        Points that are both found and true, among those that are either.
    precision, recall
        Stretches found that touch a true one; true ones that are touched.
    vus_pr
        Of the scores, for all thresholds and tolerances: `vus_pr`; mean over series.
    affiliation_precision, affiliation_recall
        `affiliation`; mean over series.
    """

    iou: float
    precision: EventShare
    recall: EventShare
    vus_pr: float
    affiliation_precision: float
    affiliation_recall: float


def segment_quality(
    truth: Mask,
    scores: NDArray[np.floating],
    threshold: float,
    mask: Mask | None = None,
    widest: int = 100,
) -> SegmentQuality:
    """Judge scores (N, T) of one kind in N series, given the truth (N, T).

    Points outside the mask (N, T) are nobody's. VUS-PR and affiliation are means over the series
    that have a true stretch; NaN if none has.
    """
    mask = np.ones_like(truth) if mask is None else mask
    truth, found = truth & mask, (scores >= threshold) & mask
    precision, recall = event_shares(truth, found)
    lowest = float(scores.min())
    rows = np.flatnonzero(truth.any(axis=1))
    volumes = [vus_pr(truth[row], np.where(mask[row], scores[row], lowest), widest) for row in rows]
    affiliations = np.array([affiliation(truth[row], found[row]) for row in rows]).reshape(-1, 2)
    return SegmentQuality(
        iou=float(intersection_over_union(truth[:, None], found[:, None])[0]),
        precision=precision,
        recall=recall,
        vus_pr=_mean(np.array(volumes)),
        affiliation_precision=_mean(affiliations[:, 0]),
        affiliation_recall=_mean(affiliations[:, 1]),
    )


def intersection_over_union(
    truth: Mask, found: Mask, mask: Mask | None = None
) -> NDArray[np.float64]:
    """Points both true and found among those that are either, of each of M kinds: (M,).

    Takes (N, M, T), and a mask (N, T); NaN for a kind that is neither true nor found anywhere.
    Their mean over kinds is what the paper reports.
    """
    counted = np.ones(truth.shape[::2], bool) if mask is None else mask
    both = (truth & found & counted[:, None]).sum(axis=(0, 2))
    either = ((truth | found) & counted[:, None]).sum(axis=(0, 2))
    return np.where(either > 0, both / np.maximum(either, 1), np.nan)


def event_shares(truth: Mask, found: Mask) -> tuple[EventShare, EventShare]:
    """Precision and recall (N, T) counted in stretches: one is hit if it touches another."""
    pairs = list(zip(truth, found, strict=True))
    right = [_touched(stretches(there), true) for true, there in pairs]
    hit = [_touched(stretches(true), there) for true, there in pairs]
    shares = (np.concatenate([np.zeros(0, bool), *rows]) for rows in (right, hit))
    precision, recall = (EventShare(int(share.sum()), len(share)) for share in shares)
    return precision, recall


def best_threshold(truth: Mask, scores: NDArray[np.floating], mask: Mask | None = None) -> float:
    """Threshold at which the points found overlap best with the true ones; choose it on other data.

    Scores from the threshold on are found.
    """
    counted = np.ones_like(truth) if mask is None else mask
    true, of_points = truth[counted], scores[counted]
    order = np.argsort(-of_points, kind="stable")
    hits = np.cumsum(true[order])
    overlap = hits / (np.arange(1, len(order) + 1) + true.sum() - hits)
    ranked = of_points[order]
    # A threshold cannot tell equal scores apart.
    is_last = np.append(ranked[1:] != ranked[:-1], True)
    return float(ranked[np.where(is_last, overlap, -1.0).argmax()])


def _touched(edges: NDArray[np.intp], by: Mask) -> Mask:
    passed = np.concatenate([[0], np.cumsum(by)])
    return np.asarray(passed[edges[:, 1]] > passed[edges[:, 0]])


def _mean(values: NDArray[np.float64]) -> float:
    told = values[~np.isnan(values)]
    return float(told.mean()) if told.size else float("nan")
