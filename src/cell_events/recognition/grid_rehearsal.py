"""A rehearsal (see `rehearsal`) on the grid: what the head gets wrong in frames that are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crops import NOTHING
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.grid_peaks import grid_peaks, on_grid
from cell_events.recognition.grid_scores import GridScores
from cell_events.recognition.painted_pairs import LabelledPair, pair_means
from cell_events.recognition.peaks import Peak, PeakSettings
from cell_events.recognition.place_grid import evenly
from cell_events.recognition.quick_task import MeansTable
from cell_events.recognition.rehearsal import (
    CLEAR_PX,
    LOWEST_SCORE,
    Judged,
    Rehearsal,
)

MOST_PAIRS = 24
"""Pairs of done frames that are searched, evenly spread over all movies."""

SEARCHED_FROM = 1e-3
"""Lowest score of what is found."""

MOST_ALARMS = 8
"""Strongest false alarms of a pair that are learned from.

They are so whatever their score: those that an earlier training has learned to score low would
come back if they were left out of a later one.
"""

LabelledPairs = Mapping[int, LabelledPair]
"""Pairs of one movie by their first frame."""


@dataclass(frozen=True)
class Found:
    """A peak in a pair of done frames, as rehearsals judge it, and its place in the grid."""

    judged: Judged
    t: int
    place: tuple[int, int]
    strength: float


def rehearse_on_grid(
    movies: Sequence[tuple[GridFeatures, LabelledPairs]], classifier: EventClassifier
) -> list[Found]:
    """Look for events in done frames, and compare them with their labels."""
    done = [
        (movie, t)
        for movie, (_, pairs) in enumerate(movies)
        for t in sorted(pairs)
        if pairs[t].done
    ]
    scores = [GridScores(features, classifier) for features, _ in movies]
    found: list[Found] = []
    for index in evenly(range(len(done)), MOST_PAIRS):
        movie, t = done[index]
        features, pairs = movies[movie]
        settings = on_grid(PeakSettings(threshold=SEARCHED_FROM, radius_frames=0), features.step_px)
        for peaks in grid_peaks([t], scores[movie].log_odds, settings):
            found += [_found(movie, peak, pairs, classifier, features.step_px) for peak in peaks]
    return found


def as_rehearsal(found: Sequence[Found]) -> Rehearsal:
    """Give what was found in the form from which thresholds are chosen."""
    judged = (each.judged for each in found)
    return Rehearsal(tuple(each for each in judged if (each.event.score or 0) >= LOWEST_SCORE))


def false_alarms(
    found: Sequence[Found], features: Sequence[GridFeatures], delta: int
) -> MeansTable:
    """The strongest false alarms of each pair as examples of nothing."""
    tables, counts = [], Counter[tuple[int, int]]()
    for each in sorted(found, key=lambda each: -each.strength):
        pair = (each.judged.movie, each.t)
        if each.judged.is_hit is False and counts[pair] < MOST_ALARMS:
            counts[pair] += 1
            places = np.array([each.place])
            means = pair_means(features[each.judged.movie], each.t, delta, places)
            tables.append(MeansTable(means, np.array([NOTHING]), np.array([True])))
    nothing = np.zeros((0, 2, features[0].shape[1]), np.float16)
    return MeansTable.joined(
        [MeansTable(nothing, np.zeros(0, np.int64), np.zeros(0, bool)), *tables]
    )


def _found(
    movie: int, peak: Peak, pairs: LabelledPairs, classifier: EventClassifier, step_px: int
) -> Found:
    place = round(peak.y), round(peak.x)
    kind = classifier.classes[peak.kind - 1]
    event = Event(peak.t + classifier.delta, max(0, peak.y), max(0, peak.x), kind, peak.score)
    around = [pairs[t] for t in _times(peak.t, classifier.delta) if t in pairs]
    hit = _is_hit(pairs[peak.t], around, place, peak.kind, CLEAR_PX // step_px)
    return Found(Judged(movie, event, hit), peak.t, place, peak.strength)


def _times(t: int, delta: int) -> Iterator[int]:
    yield from (t - delta, t, t + delta)


def _is_hit(
    pair: LabelledPair,
    around: Sequence[LabelledPair],
    place: tuple[int, int],
    kind: int,
    clear: int,
) -> bool | None:
    """Whether labels agree: True beside a place of this class, None if only near or unclear."""
    if (_window(pair, place, 1) == kind).any():
        return True
    near = any((_window(other, place, clear) == kind).any() for other in around)
    return None if near or pair.labels[place] != NOTHING else False


def _window(pair: LabelledPair, place: tuple[int, int], reach: int) -> NDArray[np.int16]:
    rows, columns = (slice(max(0, index - reach), index + reach + 1) for index in place)
    return pair.labels[rows, columns]
