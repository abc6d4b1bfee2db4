"""Find mitoses with a model that was trained on points: `detect` for models of kind "mitosis"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from cell_events.engine.device import choose_device
from cell_events.engine.header import ModelHeader
from cell_events.events import Event
from cell_events.jobs.calibrated_models import calibration_in, with_probabilities
from cell_events.jobs.detect import Detect, frames_of
from cell_events.jobs.detector_frames import features_of, frames_read
from cell_events.mitosis.detect import MitosisReport, detect_mitoses
from cell_events.mitosis.detector_file import detection_of, load_detector
from cell_events.mitosis.frames import shrink_of
from cell_events.movie import Movie

if TYPE_CHECKING:
    from cell_events.jobs.detect import Search


def mitosis_search(job: Detect) -> Search:
    """Load the detector; what is returned looks for mitoses in a movie."""
    device = choose_device(job.device)
    network, header = load_detector(job.model, device)
    settings, only = detection_of(header, job.threshold), frames_of(job)
    features, calibration = features_of(network), calibration_in(header)

    def search(movie: Movie) -> Iterator[MitosisReport]:
        frames = frames_read(movie, shrink_for(movie, header), features, device, job.cache)
        reports = detect_mitoses(frames, network, settings, job.heatmap, job.model.name, only)
        for report in reports:
            events = with_probabilities(report.events, calibration)
            yield replace(report, events=inside(events, movie))

    return search


def inside(events: tuple[Event, ...], movie: Movie) -> tuple[Event, ...]:
    """Move events beyond the last row or column, where the grid reaches over it, to the edge."""
    rows, columns = movie.shape[1:]
    return tuple(
        replace(event, y=min(event.y, rows - 1.0), x=min(event.x, columns - 1.0))
        for event in events
    )


def shrink_for(movie: Movie, header: ModelHeader) -> int:
    """Pixels for each place of the grid, so that cells are as large as those learned from.

    The resolution that was asked for in training, where there is one and the scale of the movie is
    known; otherwise the factor of the training.
    """
    resolution_um = header.settings.get("resolution_um")
    if resolution_um is None or movie.pixel_size_um is None:
        return int(header.settings["shrink"])
    return shrink_of(movie, None, float(resolution_um))
