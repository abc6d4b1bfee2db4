"""How a classifier tells crop pairs of a movie apart that it never learned from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.engine.seeds import numpy_generator
from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crops import CropSettings, CropTable
from cell_events.recognition.gather import feature_reader, gather
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.report import RecognitionReport
from cell_events.time_arrow.features import DenseFeatures

MOST_OF_EACH = 256
"""Pairs of each label that are looked at."""

BATCH = 32


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
    scores = crop_scores(classifier, [movie], table, cache)
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


@torch.inference_mode()
def crop_scores(
    classifier: EventClassifier,
    movies: Sequence[Movie],
    table: CropTable,
    cache: Path | None = None,
) -> NDArray[np.float32]:
    """Softmax output (N, K + 1) for crop pairs in reading order."""
    device = next(classifier.parameters()).device
    classifier.eval()
    sources = [DenseFeatures(movie, classifier.tap, device, cache) for movie in movies]
    side = classifier.window
    shape = (len(table), 2, classifier.tap.channels, side, side)
    shown = torch.empty(shape, dtype=torch.float16)
    read = feature_reader(sources, classifier.size, classifier.margin)
    for _ in gather(table, shown, classifier.delta, read):
        pass
    parts = [_scores(classifier, batch.to(device).float()) for batch in shown.split(BATCH)]
    return np.concatenate(parts)


def _scores(classifier: EventClassifier, z: Tensor) -> NDArray[np.float32]:
    logits = classifier.head(z[:, 0], z[:, 1])[..., 0, 0]
    return np.asarray(logits.float().softmax(1).cpu().numpy(), np.float32)
