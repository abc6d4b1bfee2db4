"""Finding events on the grid, the frames that somebody looks at first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.special import expit

from cell_events.engine.grid_heat_map import GridHeatMap
from cell_events.events import Event
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.grid_peaks import grid_events, grid_peaks, on_grid
from cell_events.recognition.grid_scores import GridScores
from cell_events.recognition.peaks import PeakSettings
from cell_events.recognition.place_grid import outward


class QuickDetection:
    """Scores of one movie, frame by frame in any order, and the events in them at the end."""

    def __init__(
        self, features: GridFeatures, classifier: EventClassifier, heat_map: Path | None = None
    ) -> None:
        self.features, self.classifier = features, classifier
        self._scores = GridScores(features, classifier)
        self._shape = (features.shape[0], len(classifier.classes), *features.grid.shape)
        with tempfile.TemporaryFile() as file:  # the map in memory outlives it
            self._odds = np.memmap(file, np.float16, "w+", shape=self._shape)
        self._map = heat_map and GridHeatMap(
            heat_map, self._shape, classifier.classes, features.step_px
        )

    def scan(self, first: int) -> Iterator[int]:
        """Score every frame, outward from `first`; yield each when its scores are on disk."""
        delta = self.classifier.delta
        for frame in outward(first, delta, self._shape[0]):
            odds = self._scores.log_odds(frame - delta)
            self._odds[frame] = odds.astype(np.float16)
            if self._map:
                self._map.write(frame, expit(odds))
            yield frame

    def events(self, settings: PeakSettings, source: str = "") -> list[Event]:
        """Events in a movie that was scanned whole."""
        delta, on_places = self.classifier.delta, on_grid(settings, self.features.step_px)
        found = grid_peaks(
            range(self._shape[0] - delta),
            lambda t: np.asarray(self._odds[t + delta], np.float32),
            on_places,
        )
        peaks = [peak for new in found for peak in new]
        return grid_events(peaks, on_places, self.features, self.classifier, source)
