"""Predicted events, how long they last, and the length of sequence that follows (III E)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cell_events.mitosis.growing_events import GrowingEvent, grown_events

PERCENTILES = (5, 25, 50, 75, 95)
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class PredictedEvent:
    """A stretch of time and a place where a normal cell is missing between its appearances.

    Attributes
    ----------
    first, last
        First and last frame, both included.
    y, x
        Centre of mass over all frames, in places of the grid.
    area
        Mean number of places in a frame.
    """

    first: int
    last: int
    y: float
    x: float
    area: float

    @property
    def length(self) -> int:
        """Number of frames."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class LengthStatistics:
    """How long events last, in frames (table I of the paper).

    Attributes
    ----------
    sd
        Standard deviation of the sample; 0 for a single event.
    percentiles
        For each of 5, 25, 50, 75 and 95 the least length that so many per cent of the events do
        not exceed.
    """

    count: int
    mean: float
    sd: float
    percentiles: dict[int, float]


def found_events(
    frames: Iterable[NDArray[np.float32]], threshold: float = 0.5, least_area: float = 0.0
) -> list[PredictedEvent]:
    """Events in probabilities (Y, X) that come frame after frame, ordered by first frame and place.

    Areas of at least `threshold` that overlap from one frame to the next are one event. Events
    that touch the first or the last frame of the movie are left out, since nobody knows how long
    they last, and so are those of fewer than `least_area` places in a frame. Only two frames are
    kept in memory.
    """
    n_frames = 0

    def counted() -> Iterator[NDArray[np.bool_]]:
        nonlocal n_frames
        for probability in frames:
            n_frames += 1
            yield probability >= threshold

    events = [_event(grown) for grown in grown_events(counted())]
    kept = [e for e in events if e.first > 0 and e.last < n_frames - 1 and e.area >= least_area]
    return sorted(kept, key=lambda event: (event.first, event.y, event.x))


def length_statistics(events: Sequence[PredictedEvent]) -> LengthStatistics:
    """Summarise the lengths of events.

    Raises
    ------
    ValueError
        If there is no event.
    """
    lengths = _lengths(events)
    values = np.percentile(lengths, PERCENTILES, method="inverted_cdf").tolist()
    return LengthStatistics(
        count=len(lengths),
        mean=float(lengths.mean()),
        sd=float(lengths.std(ddof=1)) if len(lengths) > 1 else 0.0,
        percentiles={p: float(value) for p, value in zip(PERCENTILES, values, strict=True)},
    )


def sequence_length(events: Sequence[PredictedEvent], percentile: float = 75.0) -> int:
    """k: the least number of frames that holds `percentile` per cent of the events.

    Raises
    ------
    ValueError
        If there is no event, or `percentile` lies outside 0 to 100.
    """
    if not 0 <= percentile <= 100:
        raise ValueError(f"percentile must lie between 0 and 100, got {percentile}.")
    return int(np.percentile(_lengths(events), percentile, method="inverted_cdf"))


def length_interval(
    events: Sequence[PredictedEvent], percentile: float = 75.0
) -> tuple[int | None, int | None]:
    """Least and greatest k that as many events leave open, at 95 % confidence.

    None stands for a bound that so few events do not give. The bounds are order statistics
    (`scipy.stats.quantile_test`), which suppose nothing about how lengths are distributed.
    """
    if not 0 < percentile < 100:
        return None, None
    test = stats.quantile_test(_lengths(events), p=percentile / 100)
    low, high = test.confidence_interval(CONFIDENCE)
    return _whole(low), _whole(high)


def _whole(bound: float) -> int | None:
    return None if np.isnan(bound) else int(bound)


def _lengths(events: Sequence[PredictedEvent]) -> NDArray[np.int64]:
    if not events:
        raise ValueError(
            "No event is predicted from the cell map, so its length cannot be estimated; "
            "choose another map, or give the length yourself."
        )
    return np.array([event.length for event in events])


def _event(grown: GrowingEvent) -> PredictedEvent:
    area = grown.places / (grown.last - grown.first + 1)
    y, x = grown.sum_y / grown.places, grown.sum_x / grown.places
    return PredictedEvent(grown.first, grown.last, y, x, area)
