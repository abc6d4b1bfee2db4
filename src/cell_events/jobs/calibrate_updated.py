"""What models that learned like one of `update`, which holds nothing out, say of painted crops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from cell_events.engine.header import ModelHeader
from cell_events.jobs.calibrate import Calibrate
from cell_events.jobs.calibrated_models import has_learned_from
from cell_events.jobs.checks import JobError
from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crop_logits import CropLogits
from cell_events.recognition.crops import CropSettings, CropTable
from cell_events.recognition.cross_validation import FOLDS, StripReport, cross_validated
from cell_events.recognition.gather import GatherReport
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.painted_pairs import PaintedPairs
from cell_events.recognition.quick_update import QuickSettings

NOTE = (
    f"This model has learned from everything that is annotated. So {FOLDS} models like it were "
    f"trained, each without one of {FOLDS} strips of the field, and asked about that strip "
    "(cross-validation)."
)


def is_cross_validated(movies: Sequence[Movie], model: Path, header: ModelHeader) -> bool:
    """Whether a model of `update` has learned from the movies.

    Raises
    ------
    JobError
        If it has learned from some of them only.
    """
    if header.settings.get("verb") != "update":
        return False
    learned = [has_learned_from(movie, header) for movie in movies]
    if any(learned) and not all(learned):
        other = movies[learned.index(False)].name
        raise JobError(
            f"{model.name} has learned from {movies[learned.index(True)].name} but not from "
            f"{other}; press Update (or run update) once more with all of them, or calibrate on "
            "movies of one sort: those that it has learned from, or others."
        )
    return any(learned)


def logits_of_others(
    job: Calibrate,
    header: ModelHeader,
    classifier: EventClassifier,
    table: CropTable,
    masks: Sequence[PaintedMask],
    movies: Sequence[Movie],
) -> Iterator[GatherReport | StripReport | CropLogits]:
    """Train like `update` without each strip, and ask about it; with the model's own threshold.

    Parameters
    ----------
    masks
        All that is painted and decided.
    """
    device = next(classifier.parameters()).device
    features = [
        GridFeatures(movie, classifier.tap, classifier.size, device, job.cache) for movie in movies
    ]
    shift = tuple(header.settings.get("shift", ()))
    settings = quick_settings_of(classifier, header)
    pairs = [PaintedPairs(each) for each in features]
    for report in cross_validated(table, pairs, masks, classifier.tap, settings):
        if isinstance(report, CropLogits) and shift:
            yield CropLogits(report.logits + np.array(shift))
        else:
            yield report


def quick_settings_of(classifier: EventClassifier, header: ModelHeader) -> QuickSettings:
    """How the model was trained."""
    seed = int(header.settings.get("seed", 0))
    crops = CropSettings(size=classifier.size, delta=classifier.delta, seed=seed)
    return QuickSettings(crops, steps=int(header.settings.get("steps", 200)), seed=seed)
