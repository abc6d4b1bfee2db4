"""What quick classifiers say of places that they have not learned from, by cross-validation.

The classifier of `quick_update` learns from all that is annotated, so that nothing is left to judge
it on. Here the field is cut into strips. For each strip a classifier learns in the same way from
the rest, and is asked about the strip. Platt 1999 advises cross-validation for the calibration of
a classifier that has learned from all examples.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.recognition.crop_logits import CropLogits
from cell_events.recognition.crops import NOTHING, CropTable
from cell_events.recognition.gather import GatherReport
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.paint import PaintedMask, PaintError
from cell_events.recognition.painted_pairs import (
    LabelledPair,
    PaintedPairs,
    pair_means,
    with_places,
)
from cell_events.recognition.place_labels import NOT_USED
from cell_events.recognition.quick_update import (
    QuickClassifier,
    QuickSettings,
    labelled_pairs,
    quick_learn,
)
from cell_events.recognition.strips import Strips, strips_of
from cell_events.time_arrow.network import TimeArrowNetwork

FOLDS = 4
"""Strips of each movie, and classifiers that learn."""


@dataclass(frozen=True, slots=True)
class StripReport:
    """How many strips have been asked about."""

    done: int
    total: int


Means = NDArray[np.float16]
"""Means (N, 2, D) of both frames of N pairs."""


def cross_validated(
    table: CropTable,
    movies: Sequence[PaintedPairs],
    masks: Sequence[PaintedMask],
    tap: TimeArrowNetwork,
    settings: QuickSettings,
) -> Iterator[GatherReport | StripReport | CropLogits]:
    """Ask about pairs; reports while features are read, then for each strip; at last the logits.

    Logits are those before the threshold was moved to 0.5. No classifier has learned from a crop
    that shares a pixel with one that it is asked about. Pairs are looked up at the nearest place of
    the grid.

    Parameters
    ----------
    table
        Pairs to ask about, in any order.
    masks
        What is learned from.
    tap
        Network of the features of `movies`.

    Raises
    ------
    PaintError
        If too little is left to learn from without one of the strips.
    """
    known = yield from labelled_pairs(movies, masks, settings.crops)
    features = [movie.features for movie in movies]
    means = yield from _means(table, features, settings.crops.delta)
    strips = [
        strips_of(table.select(_events_of(table, index)), mask.shape, FOLDS)
        for index, mask in enumerate(masks)
    ]
    fold, found = _folds(table, strips), np.zeros((len(table), len(masks[0].classes) + 1))
    for strip in range(FOLDS):
        rest = [
            {t: _without(pair, cut, strip, one, settings) for t, pair in pairs.items()}
            for pairs, cut, one in zip(known, strips, features, strict=True)
        ]
        learning = quick_learn(features, rest, masks[0].classes, tap, settings)
        learned = _last(learning, strips[0].told(strip))
        found[fold == strip] = _logits(learned, means[fold == strip])
        yield StripReport(strip + 1, FOLDS)
    yield CropLogits(found)


def _events_of(table: CropTable, movie: int) -> NDArray[np.bool_]:
    return np.asarray((table.movie == movie) & (table.label != NOTHING))


def _folds(table: CropTable, strips: Sequence[Strips]) -> NDArray[np.int64]:
    """Strip of its movie that each pair lies in."""
    fold = np.zeros(len(table), np.int64)
    for index, cut in enumerate(strips):
        rows = table.movie == index
        fold[rows] = cut.number_of(table.y[rows], table.x[rows])
    return fold


def _means(
    table: CropTable, features: Sequence[GridFeatures], delta: int
) -> Generator[GatherReport, None, Means]:
    """Read the means of pairs at the nearest places of the grid, a frame at a time."""
    means = np.zeros((len(table), 2, features[0].shape[1]), np.float16)
    times = np.unique(np.stack([table.movie, table.t], axis=1), axis=0).tolist()
    for count, (index, t) in enumerate(times, 1):
        rows, one = (table.movie == index) & (table.t == t), features[index]
        y, x = (
            np.clip(along // one.step_px, 0, side - 1)
            for along, side in zip((table.y[rows], table.x[rows]), one.grid.shape, strict=True)
        )
        means[rows] = pair_means(one, t, delta, np.stack([y, x], axis=1))
        yield GatherReport(count, len(times))
    return means


def _without(
    pair: LabelledPair, strips: Strips, strip: int, features: GridFeatures, settings: QuickSettings
) -> LabelledPair:
    """Leave out of a pair all crops that share a pixel with one in a strip."""
    grid, reach = features.grid, settings.crops.size + features.step_px
    y, x = np.meshgrid(grid.rows, grid.columns, indexing="ij")
    near = strips.near(strip, y, x, reach)
    labels, told = np.where(near, np.int16(NOT_USED), pair.labels), pair.told & ~near
    return with_places(replace(pair, labels=labels, told=told), features, settings.crops)


def _last(learning: Iterator[object], left_out: str) -> QuickClassifier:
    """Learn to the end.

    Raises
    ------
    PaintError
        If nothing can be learned.
    """
    try:
        *_, last = learning
    except PaintError as error:
        raise PaintError(
            f"To judge a model that has learned from everything, it is trained without {left_out} "
            "for comparison, but what is left does not suffice; annotate events and nothing in "
            "more parts of the field, or train a model that holds a part out."
        ) from error
    assert isinstance(last, QuickClassifier)  # noqa: S101 - that is how learning ends
    return last


@torch.inference_mode()
def _logits(learned: QuickClassifier, means: Means) -> NDArray[np.float64]:
    """Logits (N, K + 1) of pairs, without what moved the threshold."""
    classifier = learned.classifier
    device = next(classifier.parameters()).device
    z = torch.from_numpy(means).float().to(device)[..., None, None]
    logits = classifier.head(z[:, 0], z[:, 1])[..., 0, 0].double().cpu().numpy()
    return np.asarray(logits - np.array(learned.shift))
