"""What a classifier says of given crop pairs, before the softmax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crops import CropTable
from cell_events.recognition.examples import reduced_reader
from cell_events.recognition.gather import GatherReport, feature_reader, gather
from cell_events.time_arrow.features import DenseFeatures

AT_ONCE = 256
"""Crop pairs in memory at a time."""


@dataclass(frozen=True, eq=False)
class CropLogits:
    """Logits (N, K + 1) of N crop pairs, in the order of the table."""

    logits: NDArray[np.float64]


def crop_logits(
    table: CropTable,
    movies: Sequence[Movie],
    classifier: EventClassifier,
    cache: Path | None = None,
) -> Iterator[GatherReport | CropLogits]:
    """Ask a classifier about crop pairs; reports while they are read, at last the logits.

    The numbers are those of dense detection at the same places.

    Parameters
    ----------
    table
        Pairs in reading order, so that each frame's features are computed once.
    classifier
        On the device that is to be used.
    cache
        Folder that keeps dense features (see `DenseFeatures`).
    """
    classifier.eval()
    device = next(classifier.parameters()).device
    sources = [DenseFeatures(movie, classifier.tap, device, cache) for movie in movies]
    read = feature_reader(sources, classifier.size, classifier.margin)
    read, channels, side = reduced_reader(read, classifier)
    found = np.zeros((len(table), len(classifier.classes) + 1))
    for first in range(0, len(table), AT_ONCE):
        rows = np.arange(first, min(first + AT_ONCE, len(table)))
        crops = torch.empty((len(rows), 2, channels, side, side), dtype=torch.float16)
        for report in gather(table.select(rows), crops, classifier.delta, read):
            yield GatherReport(first + report.done, len(table))
        found[rows] = _logits(crops.to(device).float(), classifier)
    yield CropLogits(found)


@torch.inference_mode()
def _logits(z: torch.Tensor, classifier: EventClassifier) -> NDArray[np.float64]:
    """Logits of features (N, 2, C, S, S)."""
    logits = classifier.head(z[:, 0], z[:, 1])[..., 0, 0]
    return np.asarray(logits.double().cpu().numpy())
