"""How a classifier tells crop pairs of a movie apart that it never learned from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from cell_events.engine.seeds import numpy_generator
from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crop_logits import CropLogits, crop_logits
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.report import RecognitionReport

MOST_OF_EACH = 256
"""Pairs of each label that are looked at."""


def held_out_report(
    classifier: EventClassifier,
    movie: Movie,
    mask: PaintedMask,
    crops: CropSettings,
    cache: Path | None = None,
) -> RecognitionReport:
    """Judge a classifier by as many crop pairs of each label of a painted movie.

    Labels are those of `crops`. Pairs are drawn at random, the same ones for the same seed.

    Raises
    ------
    PaintError
        If the mask shows no events, or nothing to tell them from.
    """
    table = labelled_crops(mask, crops)
    table = table.select(evenly_drawn_rows(table.label, crops.seed)).in_reading_order()
    *_, said = crop_logits(table, [movie], classifier, cache)
    if not isinstance(said, CropLogits):
        raise TypeError("The logits of the crops never came.")
    scores = softmax(said.logits, axis=1).astype(np.float32)
    frames = table.t + classifier.delta
    return RecognitionReport(classifier.classes, table.movie, frames, table.label, scores)


def evenly_drawn_rows(
    label: NDArray[np.int64], seed: int, most: int = MOST_OF_EACH
) -> NDArray[np.int64]:
    """Indices of equally many pairs of each label that occurs, in order."""
    random = numpy_generator(seed, 0, "held-out crops")
    labels, counts = np.unique(label, return_counts=True)
    each = min(most, int(counts.min()))
    rows = [random.permutation(np.flatnonzero(label == one))[:each] for one in labels]
    return np.sort(np.concatenate(rows))
