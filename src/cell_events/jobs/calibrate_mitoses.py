"""What a mitosis detector finds where it has not learned, and which of it is true."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from cell_events.engine.header import ModelHeader
from cell_events.engine.held_out import HeldOut
from cell_events.events import Event
from cell_events.jobs.calibrate import Calibrate
from cell_events.jobs.calibrated_models import not_learned_from
from cell_events.jobs.calibrating import ASK, LOWEST_SCORE, Asked, fitted_by
from cell_events.jobs.checks import JobError
from cell_events.jobs.detect_mitoses import inside, shrink_for
from cell_events.jobs.detector_frames import features_of, frames_read
from cell_events.jobs.mitosis_points import read_points
from cell_events.jobs.reports import Progress
from cell_events.matching import DEFAULT_RADIUS_PX, match_events
from cell_events.mitosis.detect import detect_mitoses
from cell_events.mitosis.detector_file import detection_of, load_detector
from cell_events.mitosis.network import MitosisDetector
from cell_events.movie import Movie
from cell_events.recognition.calibration_crops import all_blocks
from cell_events.recognition.paint import parse_frames
from cell_events.trust.calibration import log_odds_of_scores
from cell_events.trust.calibration_steps import StepSettings
from cell_events.trust.judged_detections import (
    JudgedDetections,
    amid_known_frames,
    evidence_of_detections,
)

FRAMES = 3
"""A detection this many frames before or after a mitosis may be it; Phan et al. allow 1 and 3."""


def ask_for_detections(
    job: Calibrate, header: ModelHeader, device: str
) -> Generator[Progress, None, Asked]:
    """Detect in the done frames, and compare with the points where nothing was learned."""
    _check(job)
    network, _ = load_detector(job.model, device)
    done = job.done * len(job.movies) if len(job.done) == 1 else job.done
    found: list[JudgedDetections] = []
    for source, points, frames in zip(job.movies, job.events, done, strict=True):
        movie, known = source.open(), parse_frames(frames)
        events = yield from _detections(job, movie, network, header, known)
        truth = read_points(points, header.classes[0])
        blocks = not_learned_from(movie, job.model, header)
        found.append(judged_detections(events, truth, known, movie, blocks))
    evidence = evidence_of_detections(found, header.classes)
    return Asked(evidence, StepSettings(fitted_by(job), as_they_come=True), "detections")


def _check(job: Calibrate) -> None:
    """Raise `JobError` unless the job gives what a detector is compared with."""
    if len(job.events) != len(job.movies) or not job.done:
        raise JobError(
            "A mitosis detector is calibrated on frames in which every mitosis has its point; give "
            "a CSV of points for each movie and the done frames."
        )
    if job.crops == "reviewed":
        raise JobError(
            "A mitosis detector is calibrated on whole frames, since reviewed events alone do not "
            "tell how often it is wrong; choose all crops."
        )


def _detections(
    job: Calibrate,
    movie: Movie,
    network: MitosisDetector,
    header: ModelHeader,
    known: frozenset[int],
) -> Generator[Progress, None, tuple[Event, ...]]:
    """Everything that is found in the known frames, unlikely things included."""
    device, features = next(network.parameters()).device, features_of(network)
    frames = frames_read(movie, shrink_for(movie, header), features, device, job.cache)
    settings, report = detection_of(header, LOWEST_SCORE), None
    for report in detect_mitoses(frames, network, settings, only=known):
        yield Progress(ASK, report.done, report.total, seconds_left=report.seconds_left)
    return inside(report.events, movie) if report else ()


def judged_detections(
    events: Sequence[Event],
    truth: Sequence[Event],
    known: frozenset[int],
    movie: Movie,
    not_learned: HeldOut | None,
) -> JudgedDetections:
    """Compare detections with points, then keep those that count.

    Those count that lie where nothing was learned, and not in the first or last frame of a known
    stretch: the mitosis that they belong to may have its point just outside.
    """
    matching = match_events(events, truth, radius_px=DEFAULT_RADIUS_PX, frames=FRAMES)
    label = np.zeros(len(events), np.int64)
    label[[i for i, _ in matching.pairs]] = 1
    places = np.array([(e.t, round(e.y), round(e.x)) for e in events], np.int64).reshape(-1, 3)
    counts = amid_known_frames(events, known, movie.n_frames)
    if not_learned is not None:
        counts &= not_learned.holds(places, places)
    odds = log_odds_of_scores(np.array([event.score or 0.0 for event in events]))
    grid = all_blocks(movie)
    judged = JudgedDetections(events, odds[:, None], label, grid.block_of(places), grid.held.size)
    return judged.select(counts)
