"""How good a classifier is on the part of a movie that it never learned from."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from cell_events.events import Event
from cell_events.jobs.reports import Progress
from cell_events.jobs.study_parts import PaintedPart
from cell_events.matching import Tolerance
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.detect import DetectSettings, detect_events
from cell_events.recognition.held_out_crops import evenly_drawn_rows, held_out_report
from cell_events.recognition.peaks import PeakSettings
from cell_events.recognition.report import RecognitionReport
from cell_events.trust.event_scores import SCORE, event_scores
from cell_events.trust.outcomes import outcomes
from cell_events.trust.quality import FIGURES, figures_of

CROP_METRICS = ("accuracy", "precision", "recall", "F1")
"""Of crop pairs, as many of each class as of nothing; the last three are means over the classes."""

EVENT_METRICS = ("AP of events", "F1 of events", "precision of events", "recall of events")
LOWEST_SCORE = 0.05
THRESHOLD = 0.5


def crop_metrics(report: RecognitionReport) -> dict[str, float]:
    """Give `CROP_METRICS` of crop pairs."""
    table = report.per_class().loc[list(report.classes)]
    precision, recall = table["precision"].to_numpy(), table["recall"].to_numpy()
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    accuracy = float((report.predicted == report.label).mean())
    values = (accuracy, precision.mean(), recall.mean(), f1.mean())
    return dict(zip(CROP_METRICS, map(float, values), strict=True))


def balanced(report: RecognitionReport) -> RecognitionReport:
    """Give as many pairs of each label as of the rarest, drawn at random, always the same ones."""
    rows = evenly_drawn_rows(report.label, 0)
    return replace(
        report,
        movie=report.movie[rows],
        frame=report.frame[rows],
        label=report.label[rows],
        scores=report.scores[rows],
    )


def event_metrics(
    found: Sequence[Event], truth: Sequence[Event], tolerance: Tolerance
) -> dict[str, float]:
    """Give `EVENT_METRICS` of found events; all but the first at the threshold of 0.5."""
    scores = event_scores(found, SCORE).values
    curve = outcomes(found, truth, scores, tolerance).curve()
    values = dict(zip(FIGURES, figures_of(curve, THRESHOLD).tolist(), strict=True))
    names = ("average_precision", "f1", "precision", "recall")
    measured = {shown: values[name] for shown, name in zip(EVENT_METRICS, names, strict=True)}
    return {name: 0.0 if np.isnan(value) else value for name, value in measured.items()}


def judged(
    classifier: EventClassifier,
    part: PaintedPart,
    crops: CropSettings | None,
    tolerance: Tolerance,
    cache: Path | None = None,
) -> Generator[Progress, None, Mapping[str, float]]:
    """Judge a classifier on a part: by crop pairs, if `crops` says which, and by events."""
    values: dict[str, float] = {}
    if crops is not None:
        yield Progress("judge crops", 0, 1)
        report = held_out_report(classifier, part.movie, part.mask, replace(crops, seed=0), cache)
        values |= crop_metrics(report)
    settings = DetectSettings(PeakSettings(threshold=LOWEST_SCORE), frames=part.known)
    found: tuple[Event, ...] = ()
    for looked in detect_events(part.movie, classifier, settings, cache=cache):
        found = looked.events
        yield Progress("judge events", looked.done, looked.total, seconds_left=looked.seconds_left)
    return {**values, **event_metrics(found, part.events, tolerance)}
