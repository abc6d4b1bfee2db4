"""How well a detector does where every mitosis is known, and which threshold serves it best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, xlogy

from cell_events.events import Event
from cell_events.matching import DEFAULT_RADIUS_PX, match_events
from cell_events.mitosis.annotated_movie import AnnotatedMovie
from cell_events.mitosis.detect import MitosisDetectSettings, events_of
from cell_events.mitosis.frame_scores import NEARLY, ScoreSettings, frame_scores
from cell_events.mitosis.groups import Group, GroupFinder
from cell_events.mitosis.network import MitosisDetector
from cell_events.mitosis.train_settings import MitosisTrainSettings

THRESHOLDS = tuple(expit(np.arange(-4, 9.5, 0.5)).tolist())
"""Those that are tried, evenly spread in log-odds; 0.5 is one of them."""


@dataclass(frozen=True, slots=True)
class FittedThreshold:
    """The threshold with the best F1 in annotated frames, and that F1."""

    threshold: float
    f1: float

    @property
    def shift(self) -> float:
        """What has to be added to log-odds so that 0.5 becomes this threshold."""
        return -float(logit(self.threshold))


def fit_threshold(
    movies: Sequence[AnnotatedMovie], detector: MitosisDetector, settings: MitosisTrainSettings
) -> FittedThreshold:
    """Try thresholds on the annotated frames; of equally good ones take that in the middle."""
    counts = np.zeros((len(THRESHOLDS), 2))
    for movie in movies:
        scored = _scored(movie.whole(), detector, settings)
        found = _events_by_threshold(scored, movie.frames.shrink, settings, THRESHOLDS)
        counts += [_hits_and_size(movie.whole(), events) for events in found]
    f1 = 2 * counts[:, 0] / counts[:, 1].clip(min=1)
    best = np.flatnonzero(f1 == f1.max())
    chosen = int(best[len(best) // 2]) if f1.max() > 0 else THRESHOLDS.index(0.5)
    return FittedThreshold(THRESHOLDS[chosen], float(f1[chosen]))


def judged(
    movies: Sequence[AnnotatedMovie], detector: MitosisDetector, settings: MitosisTrainSettings
) -> dict[str, float]:
    """``loss``, the mean cross entropy of the scores, and ``F1`` of the events at 0.5."""
    detector.eval()
    losses: list[float] = []
    counts = np.zeros(2)
    for movie in movies:
        scored = list(_scored(movie.whole(), detector, settings))
        frames, reach = range(len(scored)), settings.reach_in_time
        truth = movie.whole().events(frames, settings.dilations, reach)
        losses += [_cross_entropy(scores, truth[t]) for t, scores in scored]
        (events,) = _events_by_threshold(scored, movie.frames.shrink, settings, (0.5,))
        counts += _hits_and_size(movie.whole(), events)
    return {"loss": float(np.mean(losses)), "F1": float(2 * counts[0] / max(1, counts[1]))}


def _scored(
    movie: AnnotatedMovie, detector: MitosisDetector, settings: MitosisTrainSettings
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Scores of the annotated frames alone, numbered from 0."""
    detector.eval()
    return frame_scores(
        movie.frames, detector, ScoreSettings(settings.length, scores=settings.scores)
    )


def _events_by_threshold(
    scored: Iterator[tuple[int, NDArray[np.float32]]] | Sequence[tuple[int, NDArray[np.float32]]],
    shrink: int,
    settings: MitosisTrainSettings,
    thresholds: Sequence[float],
) -> list[list[Event]]:
    """What would be found with each of some thresholds."""
    finders = [GroupFinder(threshold) for threshold in thresholds]
    groups: list[list[Group]] = [[] for _ in thresholds]
    for t, scores in scored:
        for finder, known in zip(finders, groups, strict=True):
            known.extend(finder.push(t, scores))
    asked = MitosisDetectSettings(settings.length, step=1, time=settings.time)
    return [
        events_of([*known, *finder.finish()], shrink, asked)
        for finder, known in zip(finders, groups, strict=True)
    ]


def _hits_and_size(movie: AnnotatedMovie, found: Sequence[Event]) -> tuple[int, int]:
    """Number of matches, and of found and true events together."""
    # Points may be of any kind; what is found is one kind.
    truth = [Event(point.t, point.y, point.x) for point in movie.points_inside]
    radius = max(DEFAULT_RADIUS_PX, float(2 * movie.frames.shrink))
    matching = match_events(found, truth, radius_px=radius)
    return matching.true_positives, len(found) + len(truth)


def _cross_entropy(scores: NDArray[np.float32], events: NDArray[np.bool_]) -> float:
    """Mean cross entropy of the scores (Y, X) of a frame."""
    right = np.where(events, scores, 1 - scores).clip(NEARLY, 1)
    return float(-xlogy(1, right).mean())
