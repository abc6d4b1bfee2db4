"""Detection on the annotated frames: what it gets wrong there is learned next (our addition).

Training pairs are drawn evenly from all classes, while almost every place of a movie shows nothing.
A classifier trained once therefore raises many false alarms. A rehearsal looks for events in the
frames that are marked as done; false alarms become examples of "nothing", and after the last
training the scores are shifted so that 0.5 is the threshold that serves those frames best.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from cell_events.engine.held_out import HeldOut
from cell_events.events import Event
from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crops import NOTHING, CropSettings, CropTable
from cell_events.recognition.detect import DetectReport, DetectSettings, detect_events
from cell_events.recognition.paint import UNKNOWN_HERE, PaintedMask
from cell_events.recognition.peaks import PeakSettings
from cell_events.recognition.splits import split_as_before

LOWEST_SCORE = 0.05
LEARNED_FROM = 0.3
"""False alarms with at least this score are learned from."""

MOST_FRAMES = 40
"""Annotated frames of a movie that are searched, evenly spread, so that it does not take long."""

HIT_PX, CLEAR_PX = 12, 24
"""Paint within the first distance (along y and x) makes a hit, none within the second an alarm."""


@dataclass(frozen=True)
class Judged:
    """A found event, and whether the paint agrees: True, False, or None if it is not clear."""

    movie: int
    event: Event
    is_hit: bool | None


@dataclass(frozen=True)
class Rehearsal:
    """What was found in the annotated frames of all movies."""

    found: tuple[Judged, ...]

    def false_alarms(self, delta: int) -> CropTable:
        """Give the false alarms as crop pairs that show nothing."""
        alarms = [j for j in self.found if j.is_hit is False and _score(j) >= LEARNED_FROM]
        return self._pairs(alarms, delta)

    @staticmethod
    def _pairs(found: Sequence[Judged], delta: int) -> CropTable:
        """Crop pairs around found events, labelled as if nothing happened in them."""
        columns = (
            [j.movie for j in found],
            [j.event.t - delta for j in found],
            [round(j.event.y) for j in found],
            [round(j.event.x) for j in found],
            [NOTHING] * len(found),
        )
        return CropTable(*(np.array(column, np.int64) for column in columns))

    def outside(
        self, held_out: Sequence[HeldOut], crops: CropSettings, margin_px: int
    ) -> Rehearsal:
        """What was found in blocks that were learned from, for which nothing was held out."""
        if not held_out:
            return self
        split = split_as_before(self._pairs(self.found, crops.delta), held_out, crops, margin_px)
        return Rehearsal(tuple(self.found[row] for row in split.train))

    def log_odds_threshold(self, kind: str) -> float:
        """Log-odds of the score threshold with the best F1 among what was found of one class.

        0, which is a threshold of 0.5, if nothing painted was found.
        """
        ranked = sorted(
            (j for j in self.found if j.event.kind == kind and j.is_hit is not None),
            key=_score,
            reverse=True,
        )
        hits = np.cumsum([bool(j.is_hit) for j in ranked])
        if not len(hits) or hits[-1] == 0:
            return 0.0
        f1 = 2 * hits / (hits[-1] + np.arange(1, len(hits) + 1))
        best = int(f1.argmax())
        scores = [*map(_score, ranked), LOWEST_SCORE]
        odds = [np.log(s / (1 - s)) for s in np.clip(scores[best : best + 2], 1e-6, 1 - 1e-6)]
        return float(np.mean(odds))


def rehearse(
    movies: Sequence[Movie],
    masks: Sequence[PaintedMask],
    classifier: EventClassifier,
    cache: Path | None = None,
) -> Generator[DetectReport, None, Rehearsal]:
    """Look for events where it is known what happens; returns what was found there."""
    judged: list[Judged] = []
    for index, (movie, mask) in enumerate(zip(movies, masks, strict=True)):
        frames = known_frames(mask, classifier.delta)
        if not frames:
            continue
        settings = DetectSettings(PeakSettings(threshold=LOWEST_SCORE), frames=frames)
        report = None
        for report in detect_events(movie, classifier, settings, cache=cache):
            yield report
        judge = Judge(mask, classifier.delta)
        judged += [Judged(index, e, judge.is_hit(e)) for e in (report.events if report else ())]
    return Rehearsal(tuple(judged))


class Judge:
    """Compares found events with the paint of one mask."""

    def __init__(self, mask: PaintedMask, delta: int) -> None:
        self.mask, self.delta = mask, delta
        self._frame = lru_cache(maxsize=8)(mask.read)

    def is_hit(self, event: Event) -> bool | None:
        """Whether there is paint of its class in both frames; None if only near, or unknown."""
        value = self.mask.classes.index(event.kind) + 1
        last = self.mask.shape[0] - 1
        around = [event.t + step * self.delta for step in (-1, 0, 1)]
        counts = {t: self._count(t, value, event, CLEAR_PX) for t in around if 0 <= t <= last}
        if not any(counts.values()):
            unknown = any(self._count(t, UNKNOWN_HERE, event, CLEAR_PX) for t in counts)
            return None if unknown else False
        both = counts[event.t - self.delta] and self._count(event.t, value, event, HIT_PX)
        return True if both else None

    def _count(self, t: int, value: int, event: Event, reach: int) -> int:
        """Painted pixels of one class around the place of an event."""
        y, x = round(event.y), round(event.x)
        rows, columns = slice(max(0, y - reach), y + reach), slice(max(0, x - reach), x + reach)
        return int(np.count_nonzero(self._frame(t)[rows, columns] == value))


def shift_to_half(classifier: EventClassifier, rehearsal: Rehearsal) -> tuple[float, ...]:
    """Move the scores of each class so that its best threshold becomes 0.5.

    Exact for one class; with several, moving the score of one moves the others' a little. Returns
    what was added to the K + 1 logits: calibration takes it off again.
    """
    offsets = (0.0, *(-rehearsal.log_odds_threshold(kind) for kind in classifier.classes))
    classifier.head.shift(offsets)
    return offsets


def can_rehearse(masks: Sequence[PaintedMask], delta: int) -> bool:
    """Whether any pair of frames is marked as done."""
    return any(known_frames(mask, delta) for mask in masks)


def known_frames(mask: PaintedMask, delta: int) -> frozenset[int]:
    """Second frames of pairs that are marked as done."""
    known = sorted(t for t in mask.done if t - delta in mask.done)
    if len(known) <= MOST_FRAMES:
        return frozenset(known)
    chosen = np.linspace(0, len(known) - 1, MOST_FRAMES).round().astype(int)
    return frozenset(known[index] for index in chosen)


def _score(judged: Judged) -> float:
    return judged.event.score or 0.0
