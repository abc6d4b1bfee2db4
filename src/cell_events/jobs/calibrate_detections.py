"""What an event classifier finds where it has not learned, and which of it is true."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.header import ModelHeader
from cell_events.engine.held_out import HeldOut
from cell_events.events import Event, read_events
from cell_events.jobs.calibrate import Calibrate
from cell_events.jobs.calibrate_painted import blocks_of, crops_of, masks_of
from cell_events.jobs.calibrating import ASK, LOWEST_SCORE, Asked, fitted_by
from cell_events.jobs.reports import Progress
from cell_events.matching import DEFAULT_RADIUS_PX, Tolerance, close_pairs
from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier, load_classifier
from cell_events.recognition.crops import CropSettings, CropTable
from cell_events.recognition.decisions import HAPPENED
from cell_events.recognition.detect import DetectReport, DetectSettings, detect_events
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.painted_events import events_by_pair
from cell_events.recognition.peaks import PeakSettings
from cell_events.recognition.splits import SplitSettings, boxes
from cell_events.trust.calibration_steps import StepSettings
from cell_events.trust.judged_detections import (
    JudgedDetections,
    amid_known_frames,
    beside_a_missed_event,
    evidence_of_detections,
    what_is_there,
)

SAME, BESIDE = Tolerance(DEFAULT_RADIUS_PX, 1), Tolerance(16, 1)
"""How far a detection may lie from a true event to be it, and to be unclear if nothing else is."""

ITS_PAINT = Tolerance(16, 3)
"""How far the paint of a decided event may lie from it."""

INSTEAD = ", or choose all crops, of which there are more"


def ask_for_painted_detections(
    job: Calibrate, header: ModelHeader, device: str
) -> Generator[Progress, None, Asked]:
    """Detect in the done frames, and compare with paint and decisions."""
    classifier, _ = load_classifier(job.model, device)
    movies = [source.open() for source in job.movies]
    crops = crops_of(job, classifier, header)
    masks = masks_of(job, movies, classifier.classes, crops)
    found: list[JudgedDetections] = []
    for index, (movie, mask) in enumerate(zip(movies, masks, strict=True)):
        decided = read_events(job.events[index]) if job.events else []
        truth = true_events(mask, decided, classifier.delta)
        report = yield from _detections(job, movie, mask, classifier)
        blocks = blocks_of(movie, job, header)
        margin = max(classifier.margin, SplitSettings().margin_px)
        found.append(judged_detections(report, truth, mask, blocks, crops, margin))
    evidence = evidence_of_detections(found, classifier.classes, INSTEAD)
    return Asked(evidence, StepSettings(fitted_by(job), as_they_come=True), "detections")


def true_events(mask: PaintedMask, decided: list[Event], delta: int) -> list[Event]:
    """Accepted and added events, and what was painted elsewhere."""
    happened = [event for event in decided if event.status in HAPPENED]
    paint = events_by_pair(replace(mask, discs={}), delta)
    decided_too = close_pairs(paint, happened, ITS_PAINT)[:, 0]
    return [*happened, *(event for i, event in enumerate(paint) if i not in decided_too)]


def judged_detections(
    report: DetectReport,
    truth: list[Event],
    mask: PaintedMask,
    blocks: HeldOut,
    crops: CropSettings,
    margin_px: int,
) -> JudgedDetections:
    """Compare detections with true events, then keep those that count.

    Those count whose crop lies in held-out blocks with all that is read for it, and of which it is
    clear whether they are right. A death that was found where a division is does not count either:
    the division is detected there by itself.
    """
    events = report.events
    label = what_is_there(events, truth, mask.classes, SAME)
    table = _pairs(events, crops.delta)
    counts = blocks.holds(*boxes(table, crops, margin_px))
    counts &= amid_known_frames(events, mask.done, mask.shape[0])
    thought = np.array([mask.classes.index(event.kind) + 1 for event in events])
    wrong = (label == 0) & ~beside_a_missed_event(events, truth, SAME, BESIDE)
    counts &= wrong | (label == thought)
    odds = np.array([peak.odds for peak in report.peaks]).reshape(-1, len(mask.classes))
    block = blocks.block_of(np.stack([table.t, table.y, table.x], axis=1))
    return JudgedDetections(events, odds, label, block, blocks.held.size).select(counts)


def _detections(
    job: Calibrate, movie: Movie, mask: PaintedMask, classifier: EventClassifier
) -> Generator[Progress, None, DetectReport]:
    """Everything that is found in the done frames, unlikely things included."""
    report = DetectReport(0, 0, 0, 0.0)
    known = frozenset(t for t in mask.done if t - classifier.delta in mask.done)
    if not known:
        return report
    settings = DetectSettings(PeakSettings(threshold=LOWEST_SCORE), frames=known)
    for report in detect_events(movie, classifier, settings, cache=job.cache):
        yield Progress(ASK, report.done, report.total, seconds_left=report.seconds_left)
    return report


def _pairs(events: tuple[Event, ...], delta: int) -> CropTable:
    """The crop pair of each event."""
    t, y, x = _columns(events)
    return CropTable(np.zeros_like(t), t - delta, y, x, np.zeros_like(t))


def _columns(events: tuple[Event, ...]) -> NDArray[np.int64]:
    """Frames, rows and columns, (3, N)."""
    places = [(e.t, round(e.y), round(e.x)) for e in events]
    return np.array(places, np.int64).reshape(-1, 3).T
