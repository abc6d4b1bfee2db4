"""From maps of log-odds, one frame after another, to places and times of events."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.special import expit

from cell_events.engine.tiles import Tile
from cell_events.recognition.maxima import centroid, highest_before

DECIMALS = 3
"""Of places in pixels; further ones depend on the tile in which sums were taken."""


@dataclass(frozen=True, slots=True)
class PeakSettings:
    """What makes a maximum of the score an event.

    Attributes
    ----------
    threshold
        Smallest score.
    radius_px, radius_frames
        Of several maxima this near to each other in space and time, the strongest is the event.
    smoothing_px
        Standard deviation of the Gaussian by which log-odds are smoothed to find maxima; the
        score is that of the map itself. It keeps noise on a plateau from making many maxima.
    """

    threshold: float = 0.5
    radius_px: int = 12
    radius_frames: int = 1
    smoothing_px: float = 2.0

    def __post_init__(self) -> None:
        if not 0 <= self.threshold < 1:
            raise ValueError(f"threshold must be at least 0 and below 1, got {self.threshold}.")
        if self.radius_px < 1 or self.radius_frames < 0 or self.smoothing_px < 0:
            raise ValueError(
                "radius_px must be at least 1, radius_frames and smoothing_px not negative; got "
                f"{self.radius_px}, {self.radius_frames} and {self.smoothing_px}."
            )

    @property
    def margin(self) -> int:
        """Pixels around a place that decide whether a maximum lies there, and where exactly."""
        return max(self.radius_px + self.smoothing_radius, 2 * self.radius_px + 1)

    @property
    def smoothing_radius(self) -> int:
        """Pixels after which the Gaussian is cut off."""
        return math.ceil(3 * self.smoothing_px)

    @property
    def least_log_odds(self) -> float:
        """The threshold as log-odds."""
        return math.log(self.threshold / (1 - self.threshold)) if self.threshold else -math.inf


@dataclass(frozen=True, slots=True)
class Peak:
    """A maximum of the score of one class.

    Attributes
    ----------
    t
        First frame of the pair.
    y, x
        Score-weighted centroid around the maximum, in map pixels of the whole frame.
    kind
        Index of the class, 1..K.
    score
        Score at the maximum.
    strength
        Smoothed log-odds at the maximum, by which peaks are ranked.
    odds
        Log-odds of all classes 1..K at the maximum; empty where only one map was given.
    """

    t: int
    y: float
    x: float
    kind: int
    score: float
    strength: float
    odds: tuple[float, ...] = ()


@dataclass
class ScoredFrame:
    """Log-odds of one pair of frames, and maxima of their smoothed version."""

    t: int
    log_odds: NDArray[np.float32]
    smooth: NDArray[np.float32]
    highest: NDArray[np.float32]
    of_all: NDArray[np.float32] | None


class PeakFinder:
    """Peaks of one class in one tile, found while maps come in the order of time.

    Maps cover the tile's window; peaks are reported for its core, and are those of the whole frame
    if the tile's halo is at least `PeakSettings.margin`.
    """

    def __init__(self, tile: Tile, kind: int, settings: PeakSettings) -> None:
        self.tile, self.kind, self.settings = tile, kind, settings
        self._frames: list[ScoredFrame] = []
        self._next = 0  # position in _frames of the first frame not searched yet

    def push(
        self, t: int, log_odds: NDArray[np.float32], of_all: NDArray[np.float32] | None = None
    ) -> list[Peak]:
        """Take the map of pair `t`; return the peaks of pairs that no later one can change.

        `of_all` are the maps of all classes (K, y, x), for peaks that tell their odds.
        """
        settings = self.settings
        smooth = log_odds
        if settings.smoothing_px:
            smooth = ndimage.gaussian_filter(
                log_odds, settings.smoothing_px, radius=settings.smoothing_radius, mode="nearest"
            )
        side = 2 * settings.radius_px + 1
        highest = ndimage.maximum_filter(smooth, side, mode="constant", cval=-np.inf)
        self._frames.append(ScoredFrame(t, log_odds, smooth, highest, of_all))
        return self._search(t - settings.radius_frames)

    def finish(self) -> list[Peak]:
        """Return the peaks of the last pairs."""
        return self._search(None)

    def _search(self, last: int | None) -> list[Peak]:
        """Peaks of the waiting frames up to `last`; forget frames without influence."""
        peaks: list[Peak] = []
        while self._next < len(self._frames):
            frame = self._frames[self._next]
            if last is not None and frame.t > last:
                break
            peaks += self._peaks(frame)
            self._next += 1
        if self._next < len(self._frames):
            oldest = self._frames[self._next].t - self.settings.radius_frames
        else:
            oldest = self._frames[-1].t - self.settings.radius_frames + 1 if self._frames else 0
        kept = [frame for frame in self._frames if frame.t >= oldest]
        self._next -= len(self._frames) - len(kept)
        self._frames = kept
        return peaks

    def _peaks(self, frame: ScoredFrame) -> list[Peak]:
        """Peaks of one frame in the core of the tile."""
        smooth = frame.smooth
        peak = (smooth == frame.highest) & (frame.log_odds >= self.settings.least_log_odds)
        peak[_outside(peak.shape, self.tile)] = False
        if not peak.any():
            return []
        for other in self._frames:
            if 0 < other.t - frame.t <= self.settings.radius_frames:
                peak &= smooth >= other.highest
            elif 0 < frame.t - other.t <= self.settings.radius_frames:
                peak &= smooth > other.highest
        peak &= smooth > highest_before(smooth, self.settings.radius_px)
        scores = expit(frame.log_odds)
        return [self._peak_at(frame, scores, y, x) for y, x in np.argwhere(peak).tolist()]

    def _peak_at(self, frame: ScoredFrame, scores: NDArray[np.float32], y: int, x: int) -> Peak:
        row, column = centroid(scores, (y, x), self.settings.radius_px)
        rows, columns = self.tile.window
        return Peak(
            t=frame.t,
            y=round(rows.start + row, DECIMALS),
            x=round(columns.start + column, DECIMALS),
            kind=self.kind,
            score=float(scores[y, x]),
            strength=float(frame.smooth[y, x]),
            odds=() if frame.of_all is None else tuple(frame.of_all[:, y, x].tolist()),
        )


def _outside(shape: tuple[int, ...], tile: Tile) -> NDArray[np.bool_]:
    """Where a window is not core."""
    outside = np.ones(shape, bool)
    outside[tile.inner] = False
    return outside


def strongest(peaks: Iterable[Peak], settings: PeakSettings) -> list[Peak]:
    """Peaks that are stronger than every other of their class nearby, ordered by time and place.

    They are taken greedily from the strongest on; each suppresses those within the radii.
    """
    side = settings.radius_px
    kept: dict[tuple[int, int, int, int], list[Peak]] = defaultdict(list)
    for peak in sorted(peaks, key=lambda p: (-p.strength, p.t, p.y, p.x, p.kind)):
        row, column = int(peak.y // side), int(peak.x // side)
        rivals = (
            other
            for t in range(peak.t - settings.radius_frames, peak.t + settings.radius_frames + 1)
            for dy in (-1, 0, 1)
            for dx in (-1, 0, 1)
            for other in kept.get((peak.kind, t, row + dy, column + dx), ())
        )
        if all(math.hypot(peak.y - other.y, peak.x - other.x) > side for other in rivals):
            kept[(peak.kind, peak.t, row, column)].append(peak)
    chosen = [peak for group in kept.values() for peak in group]
    return sorted(chosen, key=lambda p: (p.t, p.y, p.x, p.kind))
