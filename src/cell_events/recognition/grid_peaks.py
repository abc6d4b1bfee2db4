"""Events from scores on the grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cell_events.engine.tiles import Tile
from cell_events.events import Event
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.peaks import Peak, PeakFinder, PeakSettings, strongest
from cell_events.recognition.place_grid import middle_px


def on_grid(settings: PeakSettings, step_px: int) -> PeakSettings:
    """Give the same settings in places instead of pixels."""
    return PeakSettings(
        threshold=settings.threshold,
        radius_px=max(1, math.ceil(settings.radius_px / step_px)),
        radius_frames=settings.radius_frames,
        smoothing_px=settings.smoothing_px / step_px,
    )


def grid_peaks(
    pairs: Iterable[int],
    log_odds: Callable[[int], NDArray[np.float32]],
    settings: PeakSettings,
) -> Iterator[list[Peak]]:
    """Yield the new peaks after each of `pairs`, in order of time; `settings` count in places."""
    finders: list[PeakFinder] = []
    for t in pairs:
        odds = log_odds(t)
        if not finders:
            whole = slice(0, odds.shape[1]), slice(0, odds.shape[2])
            tile = Tile(whole, whole, whole)
            finders = [PeakFinder(tile, kind, settings) for kind in range(1, len(odds) + 1)]
        pushed = zip(finders, odds, strict=True)
        yield [peak for finder, one in pushed for peak in finder.push(t, one)]
    yield [peak for finder in finders for peak in finder.finish()]


def highest_places(
    odds: NDArray[np.float32], settings: PeakSettings, count: int
) -> list[tuple[int, int]]:
    """Row and column of the `count` highest maxima of a map, the highest first."""
    smooth = ndimage.gaussian_filter(odds, settings.smoothing_px, mode="nearest")
    highest = ndimage.maximum_filter(smooth, 2 * settings.radius_px + 1, mode="nearest")
    rows, columns = np.nonzero((smooth == highest) & (odds >= settings.least_log_odds))
    chosen = np.argsort(-smooth[rows, columns], kind="stable")[:count]
    return list(zip(rows[chosen].tolist(), columns[chosen].tolist(), strict=True))


def grid_events(
    peaks: Iterable[Peak],
    settings: PeakSettings,
    features: GridFeatures,
    classifier: EventClassifier,
    source: str,
) -> list[Event]:
    """Events in pixels of the movie, from peaks on its grid."""
    height, width = features.movie.shape[1:]
    return [
        Event(
            t=peak.t + classifier.delta,
            y=min(height - 1.0, middle_px(peak.y, features.step_px)),
            x=min(width - 1.0, middle_px(peak.x, features.step_px)),
            kind=classifier.classes[peak.kind - 1],
            score=peak.score,
            source=source,
        )
        for peak in strongest(peaks, settings)
    ]
