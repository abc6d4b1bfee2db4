"""Splitting crop pairs into those to learn from and those to validate on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.held_out import HeldOut
from cell_events.engine.seeds import numpy_generator
from cell_events.movie import Movie
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

    Rows in neither set were dropped because they cross a border between the sets. `held_out` are
    the blocks of each movie that are validated on; empty if nothing is, or the split is random.
    """

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    held_out: tuple[HeldOut, ...] = ()


def split_by_blocks(
    table: CropTable,
    movies: Sequence[Movie],
    crops: CropSettings,
    settings: SplitSettings | None = None,
) -> Split:
    """Hold out blocks of space and time, so that no pixel of a crop is in both sets.

    Each movie is divided into blocks; whole blocks go to one set or the other; crops that touch
    blocks of both are dropped. What still leaks is the context that a feature network sees beyond
    its crop: a few dozen pixels, faintly.

    Raises
    ------
    PaintError
        If no division leaves every class something to learn from, or validates on nothing.
    """
    settings = settings or SplitSettings()
    if settings.fraction == 0:
        return Split(np.arange(len(table)), np.zeros(0, np.int64))
    numbers = [_blocks_along_axes(movie, crops, settings) for movie in movies]
    blocks = _touched_blocks(table, movies, numbers, crops, settings)
    random = numpy_generator(settings.seed, 0, "split")
    best, best_score = None, -np.inf
    for _ in range(TRIES):
        held_out = random.random(int(np.prod(numbers, axis=1).sum())) < settings.fraction
        touches = held_out[blocks]
        split = Split(np.flatnonzero(~touches.any(1)), np.flatnonzero(touches.all(1)))
        score = _evenness(split, table.label, settings.fraction)
        if score > best_score:
            best, best_score = replace(split, held_out=_named(held_out, movies, numbers)), score
    if best is None:
        raise PaintError(
            "The painted movies are too small for blocks of "
            f"{settings.block_px} pixels and {settings.block_frames} frames to be held out; "
            "validate on nothing (0), choose smaller blocks or split at random."
        )
    return best


def split_as_before(
    table: CropTable, held_out: Sequence[HeldOut], crops: CropSettings, margin_px: int
) -> Split:
    """Split further crops of the same movies by blocks that were held out before."""
    sure, touched = np.zeros(len(table), bool), np.zeros(len(table), bool)
    for index, blocks in enumerate(held_out):
        rows = np.flatnonzero(table.movie == index)
        first, last = boxes(table.select(rows), crops, margin_px)
        sure[rows], touched[rows] = blocks.holds(first, last), blocks.touches(first, last)
    return Split(np.flatnonzero(~touched), np.flatnonzero(sure), tuple(held_out))


def boxes(
    table: CropTable, crops: CropSettings, margin_px: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last (t, y, x) of what a classifier reads for each pair, (N, 3) each."""
    side = crops.size + 2 * margin_px
    first = np.stack([table.t, table.y - side // 2, table.x - side // 2], axis=1)
    return first, first + np.array([crops.delta, side - 1, side - 1])


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


def _blocks_along_axes(
    movie: Movie, crops: CropSettings, settings: SplitSettings
) -> tuple[int, ...]:
    """Number of blocks along T, Y and X. A block is at least as large as what a pair reads."""
    box = crops.size + 2 * settings.margin_px
    least = (max(settings.block_frames, crops.delta + 1), *[max(settings.block_px, box)] * 2)
    return tuple(max(1, side // small) for side, small in zip(movie.shape, least, strict=True))


def _touched_blocks(
    table: CropTable,
    movies: Sequence[Movie],
    numbers: Sequence[tuple[int, ...]],
    crops: CropSettings,
    settings: SplitSettings,
) -> Blocks:
    """Blocks that the corners of each pair's box lie in, counted through all movies.

    A block is at least as large as a box, so a box touches no block but those of its corners.
    """
    blocks, count = np.zeros((len(table), 8), np.int64), 0
    for index, (movie, number) in enumerate(zip(movies, numbers, strict=True)):
        rows = np.flatnonzero(table.movie == index)
        ends = boxes(table.select(rows), crops, settings.margin_px)
        each = HeldOut.evenly(movie, number, np.zeros(number, bool))
        for corner in range(8):
            place = np.stack([ends[corner >> axis & 1][:, axis] for axis in range(3)], axis=1)
            blocks[rows, corner] = count + each.block_of(place)
        count += int(np.prod(number))
    return blocks


def _named(
    held_out: NDArray[np.bool_], movies: Sequence[Movie], numbers: Sequence[tuple[int, ...]]
) -> tuple[HeldOut, ...]:
    """The blocks of all movies, as those of each."""
    ends = np.cumsum([np.prod(number) for number in numbers])
    parts = np.split(held_out, ends[:-1])
    return tuple(
        HeldOut.evenly(movie, number, part)
        for movie, number, part in zip(movies, numbers, parts, strict=True)
    )


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
