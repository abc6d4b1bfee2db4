"""One list of found events against another, on the same truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event, by_time
from cell_events.matching import Matching, match_events
from cell_events.trust.intervals import Interval
from cell_events.trust.outcomes import Outcomes
from cell_events.trust.quality import FIGURES, Resampling, figures_of, resampled

FOUND_BY, WHAT = "found_by", "disagreement"
"""Columns of a CSV of disagreements: who found the event, and whether it is there."""

BOTH, ONLY_A, ONLY_B, NEITHER = "both", "only A", "only B", "neither"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two lists have in common, and which one is better.

    Attributes
    ----------
    differences
        `FIGURES` of A minus those of B, with intervals from blocks drawn for both alike.
    true_events
        How many true events both found, only A, only B, or neither.
    false_alarms
        How many false alarms are of both, of A only, of B only.
    p_value
        Probability of true events that one of the two found parting at least as unevenly if both
        were equally good (exact test of McNemar 1947); 1 if there are none.
    disagreements
        Events that only one of the two found, true or not, as proposals that say who found them.
    """

    differences: Mapping[str, Interval]
    true_events: Mapping[str, int]
    false_alarms: Mapping[str, int]
    p_value: float
    disagreements: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the two lists.

    Attributes
    ----------
    name
        What people call it.
    matching
        Its events at their threshold, matched with the truth.
    outcomes
        All of its events, ranked.
    threshold
        The least score in `matching`; None if all events are in it.
    """

    name: str
    matching: Matching
    outcomes: Outcomes
    threshold: float | None = None


def comparison(a: Candidate, b: Candidate, resampling: Resampling | None = None) -> Comparison:
    """Compare two lists.

    Raises
    ------
    ValueError
        If they were matched with different true events.
    """
    if a.matching.truth != b.matching.truth:
        raise ValueError("A and B were matched with different true events; give both the same.")
    by_a, by_b = ({j for _, j in one.matching.pairs} for one in (a, b))
    alarms = _shared_alarms(a.matching, b.matching)
    shared = len(alarms.pairs)
    only_a, only_b = len(by_a - by_b), len(by_b - by_a)
    return Comparison(
        _differences(a, b, resampling or Resampling()),
        {
            BOTH: len(by_a & by_b),
            ONLY_A: only_a,
            ONLY_B: only_b,
            NEITHER: len(a.matching.truth) - len(by_a | by_b),
        },
        {BOTH: shared, ONLY_A: len(alarms.found) - shared, ONLY_B: len(alarms.truth) - shared},
        mcnemar_p_value(only_a, only_b),
        tuple(by_time(_disagreements(a, b, alarms))),
    )


def mcnemar_p_value(only_a: int, only_b: int) -> float:
    """Two-sided exact test that both sorts of discordant pairs are equally frequent."""
    from scipy.stats import binomtest

    total = only_a + only_b
    return float(binomtest(only_a, total, 0.5).pvalue) if total else 1.0


def errors_to_look_at(name: str, matching: Matching) -> tuple[Event, ...]:
    """Events that only the truth or only the found list holds, as `Comparison.disagreements`."""
    alarms = (_told(event, name, "not in the truth") for event in matching.unmatched_found)
    missed = (_told(event, "truth", f"missed by {name}") for event in matching.unmatched_truth)
    return tuple(by_time([*alarms, *missed]))


def _differences(a: Candidate, b: Candidate, resampling: Resampling) -> dict[str, Interval]:
    n_a = len(a.outcomes)

    def statistic(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        parts = rows[rows < n_a], rows[rows >= n_a] - n_a
        of_a, of_b = (
            figures_of(one.outcomes.curve(part), one.threshold)
            for one, part in zip((a, b), parts, strict=True)
        )
        return of_a - of_b

    places = np.concatenate([a.outcomes.places, b.outcomes.places])
    interval = resampled(statistic, places, resampling)
    ends = [np.asarray(part, np.float64) for part in interval]
    return {
        name: Interval(*(float(end[number]) for end in ends)) for number, name in enumerate(FIGURES)
    }


def _shared_alarms(a: Matching, b: Matching) -> Matching:
    """Match the false alarms of A with those of B."""
    limits = a.tolerance
    return match_events(
        a.unmatched_found, b.unmatched_found, radius_px=limits.radius_px, frames=limits.frames
    )


def _disagreements(a: Candidate, b: Candidate, alarms: Matching) -> Iterator[Event]:
    for one, other in ((a, b), (b, a)):
        known = {j for _, j in other.matching.pairs}
        for i, j in one.matching.pairs:
            if j not in known:
                yield _told(one.matching.found[i], one.name, f"true, missed by {other.name}")
    for one, events in ((a, alarms.unmatched_found), (b, alarms.unmatched_truth)):
        for event in events:
            yield _told(event, one.name, "not in the truth")


def _told(event: Event, found_by: str, what: str) -> Event:
    """Give an event as a proposal that says who found it."""
    extra = {**event.extra, FOUND_BY: found_by, WHAT: what}
    return replace(event, status="proposed", extra=extra)
