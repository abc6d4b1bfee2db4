"""A rehearsal (see `rehearsal`) on the grid: what the head gets wrong in frames that are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from cell_events.events import Event
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crops import NOTHING
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.grid_peaks import highest_places, on_grid
from cell_events.recognition.grid_scores import GridScores
from cell_events.recognition.painted_pairs import LabelledPair, pair_means
from cell_events.recognition.peaks import PeakSettings
from cell_events.recognition.place_grid import evenly
from cell_events.recognition.quick_task import MeansTable
from cell_events.recognition.rehearsal import (
    CLEAR_PX,
    LOWEST_SCORE,
    Judged,
    Rehearsal,
)

MOST_PAIRS = 16
"""Pairs of done frames that are searched; they are evenly spread over all movies."""

MOST_FOUND = 16
"""Highest maxima of a pair and class that are looked at."""

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
    scores = [GridScores(features, classifier) for features, _ in movies]
    found: list[Found] = []
    for movie, t in rehearsed_pairs([pairs for _, pairs in movies]):
        features, pairs = movies[movie]
        maps = scores[movie].log_odds(t)
        found += _found(movie, t, maps, pairs, classifier, features.step_px)
    return found


def rehearsed_pairs(movies: Sequence[LabelledPairs]) -> list[tuple[int, int]]:
    """Movie and first frame of the pairs to search: up to half of them show painted events."""
    done = [
        (movie, t) for movie, pairs in enumerate(movies) for t in sorted(pairs) if pairs[t].done
    ]
    shown = [(movie, t) for movie, t in done if (movies[movie][t].label != NOTHING).any()]
    others = sorted(set(done) - set(shown))
    shown = evenly(shown, max(MOST_PAIRS // 2, MOST_PAIRS - len(others)))
    return sorted([*shown, *evenly(others, MOST_PAIRS - len(shown))])


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
    movie: int,
    t: int,
    maps: NDArray[np.float32],
    pairs: LabelledPairs,
    classifier: EventClassifier,
    step_px: int,
) -> list[Found]:
    """Highest maxima of the log-odds (K, y, x) of one pair, judged."""
    settings, delta, found = on_grid(PeakSettings(threshold=0), step_px), classifier.delta, []
    around = [pairs[other] for other in (t - delta, t, t + delta) if other in pairs]
    for kind, (name, odds) in enumerate(zip(classifier.classes, maps, strict=True), 1):
        for place in highest_places(odds, settings, MOST_FOUND):
            hit = is_hit(pairs[t], around, place, kind, CLEAR_PX // step_px)
            event = Event(t + delta, *place, kind=name, score=float(expit(odds[place])))
            found.append(Found(Judged(movie, event, hit), t, place, float(odds[place])))
    return found


def is_hit(
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
