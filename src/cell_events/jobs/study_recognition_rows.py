"""The rows of the tables of `study recognition`: how each is trained and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cell_events.jobs.reports import Progress
from cell_events.jobs.study_judging import balanced, crop_metrics, judged
from cell_events.jobs.study_learning import trained
from cell_events.jobs.study_opening import OpenedStudy
from cell_events.jobs.study_recognition import OURS, StudyRecognition
from cell_events.jobs.study_steps import Measuring
from cell_events.matching import Tolerance
from cell_events.recognition.classifier import HeadSettings
from cell_events.recognition.crops import Criterion, CropSettings
from cell_events.recognition.splits import SplitSettings
from cell_events.recognition.train_settings import TrainHeadSettings, strategy
from cell_events.time_arrow.content_view import learn_view
from cell_events.time_arrow.crops import CropSettings as ViewCropSettings
from cell_events.time_arrow.pretrain import PretrainSettings

VIEW_BATCH, VIEW_RATE, VIEW_EPOCHS = 64, 5e-4, 4
VIEW_JUDGED_PAIRS = 1024

CriterionRow = tuple[Criterion, bool]
"""Which crops of a pair must hold paint, and whether 40 pixels of it or any."""

CRITERIA: Mapping[str, CriterionRow] = {
    "both, size filter": ("both", True),
    "both, any size": ("both", False),
    "either, size filter": ("either", True),
    "either, any size": ("either", False),
}


def strategy_settings(job: StudyRecognition, name: str, seed: int) -> TrainHeadSettings:
    """How a row of the strategies is trained: as the paper does, or in our way."""
    if name == OURS:
        crops = CropSettings(size=job.crop_size, delta=job.delta, seed=seed)
        return _settings(job, TrainHeadSettings(head=HeadSettings("pyramid"), crops=crops), seed)
    return criterion_settings(job, name, ("both", True), seed)


def criterion_settings(
    job: StudyRecognition, name: str, criterion: CriterionRow, seed: int
) -> TrainHeadSettings:
    """How a strategy of the paper is trained with other labels."""
    features, head = strategy(name)
    crops = CropSettings.paper(*criterion)
    crops = replace(crops, size=job.crop_size, delta=job.delta, seed=seed)
    plain = TrainHeadSettings(features=features, head=head, crops=crops, rehearsals=0)
    return _settings(job, plain, seed)


def _settings(job: StudyRecognition, plain: TrainHeadSettings, seed: int) -> TrainHeadSettings:
    """Give the settings that all rows share."""
    steps = job.fine_tuned_steps if plain.features == "fine-tuned" else job.steps
    leaks = job.split == "random"
    return replace(
        plain,
        split="random" if leaks else "blocks",
        splitting=SplitSettings(fraction=job.held_out if leaks else 0.0, seed=seed),
        steps=steps,
        batch_size=job.batch,
        learning_rate=job.learning_rate,
        validate_every=steps,
        checkpoint_every=steps,
        seed=seed,
    )


def measure_classifier(
    job: StudyRecognition, study: OpenedStudy, settings: TrainHeadSettings
) -> Measuring:
    """Train a classifier and judge it, on other crops or on the other part of the field."""
    part = study.whole if settings.split == "random" else study.learned
    cache = None if settings.features == "fine-tuned" else job.cache
    end = yield from trained(part.movie, part.mask, study.tap, settings, study.device, cache)
    if settings.split == "random":
        if end.report is None:
            raise ValueError("Too few crops to hold any out; paint more, or hold out more.")
        return crop_metrics(balanced(end.report))
    tolerance = Tolerance(job.radius_px, job.frames)
    return (yield from judged(end.classifier, study.judged, settings.crops, tolerance, cache))


def view_settings(job: StudyRecognition, seed: int) -> PretrainSettings:
    """How the time arrow is learned for a row of the content view."""
    each = -(-job.view_pairs // VIEW_EPOCHS)
    return PretrainSettings(
        epochs=VIEW_EPOCHS,
        pairs_per_epoch=each,
        batch_size=min(VIEW_BATCH, each),
        learning_rate=VIEW_RATE,
        validation_pairs=min(VIEW_JUDGED_PAIRS, job.view_pairs),
        seed=seed,
        crops=ViewCropSettings(size=job.view_size, deltas=(job.delta,)),
    )


def measure_view(
    job: StudyRecognition, study: OpenedStudy, view: tuple[int, float], seed: int
) -> Measuring:
    """Train the time arrow further for one view, and judge it on the other part of the field."""
    parts, settings = (study.learned.movie, study.judged.movie), view_settings(job, seed)
    accuracy = 0.0
    for report in learn_view(*parts, settings, *view, study.tap):
        accuracy = accuracy if report.accuracy is None else report.accuracy
        yield Progress("learn the time arrow", report.step, report.steps)
    return {"accuracy": accuracy}
