"""Labelled crop pairs that a model has not learned from: what its scores are calibrated on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.held_out import HeldOut
from cell_events.engine.seeds import numpy_generator
from cell_events.movie import Movie
from cell_events.recognition.crops import NOTHING, CropSettings, CropTable
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.painted_frame import Grid, PaintedFrame
from cell_events.recognition.place_labels import NOT_USED, label_places
from cell_events.recognition.rehearsal import known_frames
from cell_events.recognition.splits import SplitSettings, boxes

STEP_PX = 8
"""Step of the grid of places by which it is counted how frequent events are."""

MOST_PLACES = 10_000
"""Places of all movies together at which the classifier is asked about nothing, at random."""


@dataclass(frozen=True)
class CalibrationCrops:
    """Crop pairs in held-out blocks.

    Attributes
    ----------
    table
        Pairs that are labelled as in training, in reading order.
    block
        Block of each pair, (N,), numbered through all movies.
    places
        Places of done frames where nothing happens, drawn evenly, as pairs; events are not drawn,
        since those of `table` cover them all. Empty without done frames.
    place_block
        Block of each of `places`.
    frequency
        Places of done frames by block and label, (blocks, K + 1).
    """

    table: CropTable
    block: NDArray[np.int64]
    places: CropTable
    place_block: NDArray[np.int64]
    frequency: NDArray[np.int64]


def all_blocks(movie: Movie, splitting: SplitSettings | None = None) -> HeldOut:
    """Divide a movie that a model has never seen into blocks as large as those of a split."""
    settings = splitting or SplitSettings()
    least = (settings.block_frames, settings.block_px, settings.block_px)
    number = tuple(max(1, side // small) for side, small in zip(movie.shape, least, strict=True))
    return HeldOut.evenly(movie, number, np.ones(number, bool))


def calibration_crops(
    masks: Sequence[PaintedMask],
    held_out: Sequence[HeldOut],
    crops: CropSettings,
    margin_px: int,
) -> CalibrationCrops:
    """Crop pairs of painted movies that lie in held-out blocks with all that is read for them.

    Parameters
    ----------
    held_out
        Blocks of each movie that the model has not learned from.
    margin_px
        Pixels around a crop that count as part of it.

    Raises
    ------
    PaintError
        If nothing is painted, or there is nothing to tell events from.
    """
    offsets = np.cumsum([0, *(blocks.held.size for blocks in held_out)])
    table = labelled_crops(masks, crops)
    table, block = _in_held_out(table, held_out, offsets, crops, margin_px)
    frequency = np.zeros((int(offsets[-1]), len(masks[0].classes) + 1), np.int64)
    places = [CropTable.joined([])]
    for index, mask in enumerate(masks):
        labelled = _places_of(mask, index, crops)
        labelled, where = _in_held_out(labelled, held_out, offsets, crops, margin_px)
        np.add.at(frequency, (where, labelled.label), 1)
        places.append(labelled.select(labelled.label == NOTHING))
    chosen = _some_of(CropTable.joined(places), crops.seed)
    chosen, place_block = _in_held_out(chosen, held_out, offsets, crops, margin_px)
    return CalibrationCrops(table, block, chosen, place_block, frequency)


def _in_held_out(
    table: CropTable,
    held_out: Sequence[HeldOut],
    offsets: NDArray[np.int64],
    crops: CropSettings,
    margin_px: int,
) -> tuple[CropTable, NDArray[np.int64]]:
    """Pairs in held-out blocks only, and the number of the block of each."""
    inside, block = np.zeros(len(table), bool), np.zeros(len(table), np.int64)
    for index, blocks in enumerate(held_out):
        rows = np.flatnonzero(table.movie == index)
        some = table.select(rows)
        inside[rows] = blocks.holds(*boxes(some, crops, margin_px))
        middle = np.stack([some.t, some.y, some.x], axis=1)
        block[rows] = offsets[index] + blocks.block_of(middle)
    return table.select(inside), block[inside]


def _places_of(mask: PaintedMask, index: int, crops: CropSettings) -> CropTable:
    """Labelled places of the done frames of one movie, on a grid."""
    random = numpy_generator(crops.seed, 0, f"places of movie {index}")
    found = [np.zeros((0, 4), np.int64)]
    for t in sorted(known_frames(mask, crops.delta)):
        first, second = (PaintedFrame.of(mask.read(s), True) for s in (t - crops.delta, t))
        axes = (np.arange(random.integers(STEP_PX), side, STEP_PX) for side in mask.shape[1:])
        grid = Grid(*(np.asarray(axis, np.int64) for axis in axes))
        labels, _ = label_places(first, second, grid, crops)
        rows, columns = np.nonzero(labels != NOT_USED)
        values = (grid.rows[rows], grid.columns[columns], labels[rows, columns])
        found.append(np.stack([np.full(len(rows), t - crops.delta), *values], axis=1))
    t, y, x, label = np.concatenate(found).T
    return CropTable(np.full(len(t), index), t, y, x, label)


def _some_of(table: CropTable, seed: int) -> CropTable:
    """At most `MOST_PLACES` of the places, at random, in reading order."""
    if len(table) > MOST_PLACES:
        random = numpy_generator(seed, 0, "places of nothing")
        rows = random.choice(len(table), MOST_PLACES, replace=False)
        table = table.select(rows)
    return table.in_reading_order()


def reviewed_only(masks: Sequence[PaintedMask]) -> list[PaintedMask]:
    """The masks without done frames: of unpainted places nothing is known any more."""
    return [replace(mask, done=frozenset()) for mask in masks]
