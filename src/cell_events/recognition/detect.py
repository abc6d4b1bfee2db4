"""Finding events everywhere in a movie."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from cell_events.engine.model_file import network_digest
from cell_events.engine.score_range import ScoreRange
from cell_events.engine.tiles import tiles
from cell_events.events import Event
from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.dense_scores import DenseScores
from cell_events.recognition.heat_map import HeatMap
from cell_events.recognition.peaks import Peak, PeakFinder, PeakSettings, strongest
from cell_events.recognition.windows import FeatureSource
from cell_events.time_arrow.features import SMALL_FRAME_PX, DenseFeatures

TILE_PX = 512

Probabilities = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class DetectSettings:
    """Where events are looked for, and what counts as one.

    Attributes
    ----------
    frames
        Frames in which events may be found; None for all.
    tile_px
        Side of the tiles that are looked at one after another, each through all frames. The
        events do not depend on it. None: whole frames if they are small, else 512.
    heat_map
        Zarr of the scores (T, K, Y, X) to write; a run that was stopped goes on from it.
    probabilities
        Calibrated probabilities (N, K) of log-odds (N, K); None if the model was never calibrated.
    """

    peaks: PeakSettings = field(default_factory=PeakSettings)
    frames: frozenset[int] | None = None
    tile_px: int | None = None
    heat_map: Path | None = None
    probabilities: Probabilities | None = None


@dataclass(frozen=True, slots=True)
class DetectReport:
    """How far detection is.

    Attributes
    ----------
    done, total
        Maps computed: one for each tile and pair of frames.
    found
        Peaks so far; some of them may turn out to be the same event.
    events
        What was found, ordered by time; empty until the last report.
    peaks
        The maximum that each of the events is.
    same_scores
        Score of each class if the model gives the same one everywhere; empty if it does not, and
        until the last report.
    """

    done: int
    total: int
    found: int
    seconds_left: float
    events: tuple[Event, ...] = ()
    peaks: tuple[Peak, ...] = ()
    same_scores: tuple[float, ...] = ()


def detect_events(
    movie: Movie,
    classifier: EventClassifier,
    settings: DetectSettings | None = None,
    features: FeatureSource | None = None,
    cache: Path | None = None,
    source: str = "",
) -> Iterator[DetectReport]:
    """Find events, tile by tile, in each through all frames; the last report holds them.

    A pair of frames (t, t + delta) that shows an event reports it at t + delta. Memory depends on
    the tile and not on the length of the movie.

    Parameters
    ----------
    classifier
        On the device that is to be used.
    features
        Dense features of the movie if they exist; by default the classifier's own.
    cache
        Folder that keeps dense features (see `DenseFeatures`).
    source
        What the events name as their source.

    Raises
    ------
    ValueError
        If the movie is too short for a pair, a frame to look at does not exist, or the heat map's
        name is taken by something else.
    """
    settings = settings or DetectSettings()
    pairs = _pairs(movie, classifier.delta, settings.frames)
    device = next(classifier.parameters()).device
    classifier.eval()
    features = features or DenseFeatures(movie, classifier.tap, device, cache)
    tile_px = settings.tile_px or _tile_px(movie)
    heat_map = _heat_map(movie, classifier, settings, tile_px)
    places = list(tiles(movie.shape[1:], tile_px, settings.peaks.margin))
    total, peaks, started = len(places) * len(pairs), [], time.monotonic()
    seen = ScoreRange(log_odds=True)
    for count, tile in enumerate(places):
        scores = DenseScores(features, classifier, tile)
        for step, new in _tile_peaks(scores, pairs, settings, heat_map, seen):
            peaks += new
            done = count * len(pairs) + step
            left = (time.monotonic() - started) / done * (total - done)
            yield DetectReport(done, total, len(peaks), left)
    chosen = strongest(peaks, settings.peaks)
    events = _events(chosen, classifier, source, _probabilities(chosen, settings))
    told = tuple(events), tuple(chosen), seen.same_scores
    yield DetectReport(total, total, len(events), 0.0, *told)


def _tile_peaks(
    scores: DenseScores,
    pairs: Sequence[int],
    settings: DetectSettings,
    heat_map: HeatMap | None,
    seen: ScoreRange,
) -> Iterator[tuple[int, list[Peak]]]:
    """Number of pairs done, and new peaks, pair after pair."""
    tile, classifier = scores.tile, scores.classifier
    known = heat_map.peaks(tile) if heat_map else None
    if known is not None:
        yield len(pairs), known
        return
    finders = [
        PeakFinder(tile, kind, settings.peaks) for kind in range(1, len(classifier.classes) + 1)
    ]
    peaks: list[Peak] = []
    for done, t in enumerate(pairs, 1):
        log_odds = scores.log_odds(t)
        seen.see(log_odds)
        pushed = zip(finders, log_odds, strict=True)
        new = [peak for finder, odds in pushed for peak in finder.push(t, odds, log_odds)]
        if done == len(pairs):
            new += [peak for finder in finders for peak in finder.finish()]
        peaks += new
        if heat_map:
            inner = (slice(None), *tile.inner)
            heat_map.write(t + classifier.delta, tile, expit(log_odds[inner]))
            if done == len(pairs):
                heat_map.finish(tile, peaks)
        yield done, new


def _pairs(movie: Movie, delta: int, frames: frozenset[int] | None) -> list[int]:
    """First frames of the pairs to look at."""
    if movie.n_frames < delta + 1:
        raise ValueError(
            f"{movie.name} has {movie.n_frames} frame(s), but this classifier compares frames "
            f"{delta} apart and needs at least {delta + 1}; give a longer movie."
        )
    if frames is None:
        return list(range(movie.n_frames - delta))
    wanted = sorted(t - delta for t in frames if delta <= t < movie.n_frames)
    if not wanted or max(frames) >= movie.n_frames:
        raise ValueError(
            f"Events can be looked for in the frames {delta} to {movie.n_frames - 1} of "
            f"{movie.name}; asked for {min(frames, default=0)} to {max(frames, default=0)}."
        )
    return wanted


def _tile_px(movie: Movie) -> int:
    """Side of the tiles: whole frames where their features are kept, else moderate ones."""
    height, width = movie.shape[1:]
    return max(height, width) if height * width <= SMALL_FRAME_PX else TILE_PX


def _heat_map(
    movie: Movie, classifier: EventClassifier, settings: DetectSettings, tile_px: int
) -> HeatMap | None:
    """Heat map to write, if one is wanted."""
    if settings.heat_map is None:
        return None
    frames = None if settings.frames is None else sorted(settings.frames)
    run = (movie.fingerprint, network_digest(classifier), settings.peaks, frames, "odds")
    shape = (movie.n_frames, len(classifier.classes), *movie.shape[1:])
    return HeatMap(settings.heat_map, shape, classifier.classes, tile_px, run)


def _probabilities(peaks: Sequence[Peak], settings: DetectSettings) -> list[float | None]:
    """Probability of the class of each peak; None without a calibration."""
    if settings.probabilities is None or not peaks:
        return [None] * len(peaks)
    found = settings.probabilities(np.array([peak.odds for peak in peaks]))
    return [float(row[peak.kind - 1]) for row, peak in zip(found, peaks, strict=True)]


def _events(
    peaks: Sequence[Peak],
    classifier: EventClassifier,
    source: str,
    probabilities: Sequence[float | None],
) -> list[Event]:
    """Peaks as events; the centre of an even crop lies half a pixel before its central index."""
    half = 0.5 if classifier.size % 2 == 0 else 0.0
    return [
        Event(
            t=peak.t + classifier.delta,
            y=max(0.0, peak.y - half),
            x=max(0.0, peak.x - half),
            kind=classifier.classes[peak.kind - 1],
            score=peak.score,
            probability=probability,
            source=source,
        )
        for peak, probability in zip(peaks, probabilities, strict=True)
    ]
