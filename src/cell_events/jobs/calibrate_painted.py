"""What an event classifier says of painted crops that it has not learned from."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.header import ModelHeader
from cell_events.engine.held_out import HeldOut
from cell_events.jobs.annotations import open_masks
from cell_events.jobs.calibrate import Calibrate
from cell_events.jobs.calibrate_updated import NOTE, is_cross_validated, logits_of_others
from cell_events.jobs.calibrated_models import not_learned_from
from cell_events.jobs.calibrating import ASK, READ, Asked, fitted_by
from cell_events.jobs.reports import Progress
from cell_events.movie import Movie
from cell_events.recognition.calibration_crops import (
    CalibrationCrops,
    all_blocks,
    calibration_crops,
    reviewed_only,
)
from cell_events.recognition.classifier import EventClassifier, load_classifier
from cell_events.recognition.crop_logits import CropLogits, crop_logits
from cell_events.recognition.crops import CropSettings, CropTable
from cell_events.recognition.cross_validation import StripReport
from cell_events.recognition.gather import GatherReport
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.splits import SplitSettings
from cell_events.trust.calibration_steps import StepSettings
from cell_events.trust.evidence import Evidence
from cell_events.trust.labelled_logits import LabelledLogits


def ask_about_crops(
    job: Calibrate, header: ModelHeader, device: str
) -> Generator[Progress, None, Asked]:
    """Read labelled crops where the model has not learned, and its logits of them."""
    classifier, _ = load_classifier(job.model, device)
    movies = [source.open() for source in job.movies]
    crops = crops_of(job, classifier, header)
    masks = masks_of(job, movies, classifier.classes, crops)
    crossed = is_cross_validated(movies, job.model, header)
    held_out = [all_blocks(movie) if crossed else blocks_of(movie, job, header) for movie in movies]
    margin = max(classifier.margin, SplitSettings().margin_px)
    found = calibration_crops(masks, held_out, crops, margin)
    table = CropTable.joined([found.table, found.places])
    order = np.lexsort((table.x, table.y, table.t, table.movie))
    if crossed:
        learned = masks_of(replace(job, crops="all"), movies, classifier.classes, crops)
        asking = logits_of_others(job, header, classifier, table.select(order), learned, movies)
    else:
        asking = crop_logits(table.select(order), movies, classifier, job.cache)
    logits = np.zeros((len(table), len(classifier.classes) + 1))
    logits[order] = yield from _answers(asking, READ if crossed else ASK)
    settings = StepSettings(fitted_by(job), tuple(header.settings.get("shift", ())))
    evidence = _evidence(found, logits, classifier.classes)
    return Asked(evidence, settings, "crops", NOTE if crossed else "")


def _answers(
    asking: Iterator[GatherReport | StripReport | CropLogits], reading: str
) -> Generator[Progress, None, NDArray[np.float64]]:
    """Logits of all pairs, while progress is told."""
    for report in asking:
        if isinstance(report, CropLogits):
            return report.logits
        stage = reading if isinstance(report, GatherReport) else ASK
        yield Progress(stage, report.done, report.total)
    raise RuntimeError("Asking a model ended without an answer.")


def masks_of(
    job: Calibrate, movies: Sequence[Movie], classes: tuple[str, ...], crops: CropSettings
) -> list[PaintedMask]:
    """Paint and decisions of the movies; or the decisions alone."""
    masks = open_masks(_Annotated(job, classes), movies, crops)
    return reviewed_only(masks) if job.crops == "reviewed" else masks


class _Annotated:
    """The job, with the classes that the model knows."""

    def __init__(self, job: Calibrate, classes: tuple[str, ...]) -> None:
        self.paints = () if job.crops == "reviewed" else job.paints
        self.events, self.done, self.classes = job.events, job.done, classes


def crops_of(job: Calibrate, classifier: EventClassifier, header: ModelHeader) -> CropSettings:
    """Crops as the model was trained on."""
    return CropSettings(
        size=classifier.size,
        delta=classifier.delta,
        criterion=header.settings.get("criterion", "both"),
        min_painted_px=int(header.settings.get("min_painted_px", 0)),
        seed=job.seed,
    )


def blocks_of(movie: Movie, job: Calibrate, header: ModelHeader) -> HeldOut:
    """What the model has not learned from: some blocks, or all of a movie it has never seen."""
    return not_learned_from(movie, job.model, header) or all_blocks(movie)


def _evidence(
    found: CalibrationCrops, logits: NDArray[np.float64], classes: tuple[str, ...]
) -> Evidence:
    """Crops as drawn in training, and crops of events with places of nothing as in the movie."""
    count = len(found.table)
    crops = LabelledLogits(classes, logits[:count], found.table.label, found.block)
    if not len(found.places):
        return Evidence(crops)
    events = crops.label > 0
    places = replace(
        crops,
        logits=np.concatenate([crops.logits[events], logits[count:]]),
        label=np.concatenate([crops.label[events], found.places.label]),
        group=np.concatenate([crops.group[events], found.place_block]),
    )
    return Evidence(crops, places, found.frequency)
