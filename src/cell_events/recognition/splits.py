"""Splitting crop pairs into those to learn from and those to validate on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.seeds import numpy_generator
from cell_events.recognition.crops import CropSettings, CropTable
from cell_events.recognition.paint import PaintError

TRIES = 200
"""Random assignments of blocks of which the most even one is taken."""

Blocks = NDArray[np.int64]
"""For each crop pair, the numbers of the blocks that its corners lie in, (N, 8)."""


@dataclass(frozen=True, slots=True)
class SplitSettings:
    """How crop pairs are held out for validation.

    Attributes
    ----------
    fraction
        Share of the pairs of each class to validate on, as near as the blocks allow; 0 for none.
    block_px, block_frames
        Least size of a block of space and time; blocks fill the movie evenly. A dimension too
        short for two blocks is not divided.
    margin_px
        Pixels around a crop that count as part of it: those that a classifier head with valid
        convolutions reads in addition.
    """

    fraction: float = 0.2
    block_px: int = 96
    block_frames: int = 6
    margin_px: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.fraction < 1:
            raise ValueError(f"fraction must be at least 0 and below 1, got {self.fraction}.")
        if min(self.block_px, self.block_frames) < 1 or self.margin_px < 0:
            raise ValueError(
                "block_px and block_frames must be at least 1 and margin_px at least 0; got "
                f"{self.block_px}, {self.block_frames} and {self.margin_px}."
            )


@dataclass(frozen=True)
class Split:
    """Indices of the rows of a crop table that are learned from and validated on.

    Rows in neither set were dropped because they cross a border between the sets.
    """

    train: NDArray[np.int64]
    validation: NDArray[np.int64]


def split_by_blocks(
    table: CropTable,
    shapes: Sequence[tuple[int, int, int]],
    crops: CropSettings,
    settings: SplitSettings | None = None,
) -> Split:
    """Hold out blocks of space and time, so that no pixel of a crop is in both sets.

    Each movie, of shape (T, Y, X) in `shapes`, is divided into blocks; whole blocks go to one set
    or the other; crops that touch blocks of both are dropped. What still leaks is the context
    that a feature network sees beyond its crop: a few dozen pixels, faintly.

    Raises
    ------
    PaintError
        If no division leaves every class something to learn from, or validates on nothing.
    """
    settings = settings or SplitSettings()
    if settings.fraction == 0:
        return Split(np.arange(len(table)), np.zeros(0, np.int64))
    blocks, count = _touched_blocks(table, shapes, crops, settings)
    random = numpy_generator(settings.seed, 0, "split")
    best, best_score = None, -np.inf
    for _ in range(TRIES):
        held_out = random.random(count) < settings.fraction
        touches = held_out[blocks]
        split = Split(np.flatnonzero(~touches.any(1)), np.flatnonzero(touches.all(1)))
        score = _evenness(split, table.label, settings.fraction)
        if score > best_score:
            best, best_score = split, score
    if best is None:
        raise PaintError(
            "The painted movies are too small for blocks of "
            f"{settings.block_px} pixels and {settings.block_frames} frames to be held out; "
            "validate on nothing (0), choose smaller blocks or split at random."
        )
    return best


def split_random(table: CropTable, settings: SplitSettings | None = None) -> Split:
    """Hold out crop pairs at random, as Chen et al. 2024 do. It leaks.

    Crops overlap, so most pixels of a validation crop are learned from, too, and the metrics say
    little about places that are not painted. For comparison with the paper only.
    """
    settings = settings or SplitSettings()
    random = numpy_generator(settings.seed, 0, "split")
    train, validation = [], []
    for label in np.unique(table.label):
        rows = random.permutation(np.flatnonzero(table.label == label))
        held_out = round(settings.fraction * len(rows))
        validation.append(rows[:held_out])
        train.append(rows[held_out:])
    return Split(np.sort(np.concatenate(train)), np.sort(np.concatenate(validation)))


def _touched_blocks(
    table: CropTable,
    shapes: Sequence[tuple[int, int, int]],
    crops: CropSettings,
    settings: SplitSettings,
) -> tuple[Blocks, int]:
    """Blocks that the corners of each pair's box lie in, and how many blocks there are.

    A block is at least as large as a box, so a box touches no block but those of its corners.
    """
    box = crops.size + 2 * settings.margin_px
    least = (max(settings.block_frames, crops.delta + 1), *[max(settings.block_px, box)] * 2)
    blocks, count = np.zeros((len(table), 8), np.int64), 0
    for movie, shape in enumerate(shapes):
        rows = np.flatnonzero(table.movie == movie)
        number = np.array([max(1, side // small) for side, small in zip(shape, least, strict=True)])
        first = np.stack([table.t, table.y - box // 2, table.x - box // 2], axis=1)[rows]
        last = first + np.array([crops.delta, box - 1, box - 1])
        ends = [np.clip(end, 0, np.array(shape) - 1) * number // shape for end in (first, last)]
        for corner in range(8):
            place = [ends[corner >> axis & 1][:, axis] for axis in range(3)]
            blocks[rows, corner] = count + np.ravel_multi_index(tuple(place), tuple(number))
        count += int(number.prod())
    return blocks, count


def _evenness(split: Split, labels: NDArray[np.int64], fraction: float) -> float:
    """Higher for splits that keep more pairs and hold out the wanted share of each class.

    Minus infinity if a class has nothing to learn from, or nothing is validated on.
    """
    score = 0.0
    if not len(split.validation):
        return -np.inf
    for label in np.unique(labels):
        kept = (labels[split.train] == label).sum()
        held_out = (labels[split.validation] == label).sum()
        if not kept:
            return -np.inf
        total = (labels == label).sum()
        score -= abs(held_out / (kept + held_out) - fraction) + (1 - (kept + held_out) / total)
        score -= 1.0 * (held_out == 0)
    return float(score)
