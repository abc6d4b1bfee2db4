"""The examples of one training run: crop pairs in memory, and which of them are held out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.engine.held_out import HeldOut
from cell_events.engine.seeds import numpy_generator
from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crops import CropTable, balanced_subset
from cell_events.recognition.gather import (
    GatherReport,
    ImageWindows,
    ReadCrop,
    feature_reader,
    gather,
)
from cell_events.recognition.splits import Split, split_as_before, split_by_blocks, split_random
from cell_events.recognition.train_settings import TrainHeadSettings
from cell_events.time_arrow.features import DenseFeatures


@dataclass
class Examples:
    """Crop pairs of painted movies.

    Attributes
    ----------
    table
        The pairs, in reading order.
    crops
        What they show, (N, 2, C, S, S), after `gather`: features, or images if those are learned.
    split
        Rows of `table` to learn from and to validate on.
    images
        Where in the image windows the features lie; None if `crops` holds features.
    """

    table: CropTable
    crops: Tensor
    split: Split
    images: ImageWindows | None
    read: ReadCrop

    def gather(self, delta: int) -> Iterator[GatherReport]:
        """Read all pairs, one report for each frame."""
        yield from gather(self.table, self.crops, delta, self.read)

    def offsets(self, rows: Tensor) -> list[tuple[int, int]]:
        """Row and column at which the features of each pair begin in its image window."""
        if self.images is None:
            return [(0, 0)] * len(rows)
        chosen = self.table.select(rows.numpy())
        y, x = (self.images.offset(centre).tolist() for centre in (chosen.y, chosen.x))
        return list(zip(y, x, strict=True))


def plan_examples(
    table: CropTable,
    movies: Sequence[Movie],
    classifier: EventClassifier,
    settings: TrainHeadSettings,
    cache: Path | None = None,
    held_out: Sequence[HeldOut] = (),
) -> Examples:
    """Choose as many pairs as memory allows, split them, and make room for what they show.

    They are split by the blocks `held_out` if there are any, otherwise as the settings say.
    """
    images, read = None, None
    channels, side, dtype = classifier.tap.channels, classifier.window, torch.float16
    if settings.features == "fine-tuned":
        images = ImageWindows(side, settings.context_px, classifier.tap.multiple)
        channels, side, dtype = 1, images.side, torch.float32
        read = images.reader(movies)
    else:
        device = next(classifier.parameters()).device
        sources = [DenseFeatures(movie, classifier.tap, device, cache) for movie in movies]
        read = feature_reader(sources, classifier.size, classifier.margin)
        read, channels, side = reduced_reader(read, classifier)
    limit = int(settings.memory_gb * 1e9 / (2 * channels * side * side * dtype.itemsize))
    random = numpy_generator(settings.seed, 0, "crops in memory")
    table = balanced_subset(table, max(limit, 2), random).in_reading_order()
    margin = max(classifier.margin, settings.splitting.margin_px)
    if held_out:
        split = split_as_before(table, held_out, settings.crops, margin)
    else:
        split = _split(table, movies, margin, settings)
    used = np.sort(np.concatenate([split.train, split.validation]))
    train, validation = (np.searchsorted(used, part) for part in (split.train, split.validation))
    split = Split(train, validation, split.held_out)
    table = table.select(used)
    crops = torch.empty((len(table), 2, channels, side, side), dtype=dtype)
    return Examples(table, crops, split, images, read)


def reduced_reader(read: ReadCrop, classifier: EventClassifier) -> tuple[ReadCrop, int, int]:
    """Read what the head needs of a crop; the channels and the side of that."""
    device = next(classifier.parameters()).device
    head, side = classifier.head, classifier.window
    shape = head.reduced(torch.zeros(1, classifier.tap.channels, side, side, device=device)).shape
    if shape[-1] == side:
        return read, shape[1], side

    @torch.no_grad()
    def reduced(movie: int, t: int, y: int, x: int) -> NDArray[Any]:
        crop = torch.from_numpy(read(movie, t, y, x)).to(device)[None]
        return np.asarray(head.reduced(crop)[0].cpu().numpy())

    return reduced, shape[1], shape[-1]


def _split(
    table: CropTable, movies: Sequence[Movie], margin: int, settings: TrainHeadSettings
) -> Split:
    """Split the pairs as the settings say."""
    if settings.split == "random":
        return split_random(table, settings.splitting)
    splitting = replace(settings.splitting, margin_px=margin)
    return split_by_blocks(table, movies, settings.crops, splitting)
