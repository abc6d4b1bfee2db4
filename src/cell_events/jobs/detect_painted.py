"""Find events with a model that was trained on paint: `detect` for models of kind "events"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cell_events.engine.device import choose_device
from cell_events.jobs.calibrated_models import calibration_in
from cell_events.jobs.detect import Detect, frames_of
from cell_events.movie import Movie
from cell_events.recognition.classifier import load_classifier
from cell_events.recognition.detect import DetectReport, DetectSettings, detect_events
from cell_events.recognition.peaks import PeakSettings

if TYPE_CHECKING:
    from cell_events.jobs.detect import Search


def painted_search(job: Detect) -> Search:
    """Load the classifier; what is returned looks for events in a movie."""
    classifier, header = load_classifier(job.model, choose_device(job.device))
    calibration = calibration_in(header)
    settings = DetectSettings(
        peaks=PeakSettings(threshold=job.threshold),
        frames=frames_of(job),
        heat_map=job.heatmap,
        probabilities=None if calibration is None else calibration.of_log_odds,
    )

    def search(movie: Movie) -> Iterator[DetectReport]:
        return detect_events(movie, classifier, settings, cache=job.cache, source=job.model.name)

    return search
