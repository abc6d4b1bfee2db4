"""Training pairs of context and events: cells with random parts in time taken out (III D)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cell_events.mitosis.cell_masks import CellMasks, stacked_masks
from cell_events.mitosis.linked_regions import Region, linked_regions

SHORTEST_REGION = 3
"""Frames of a region of which one frame can be taken out so that the cell is seen on both sides."""

MOST_STRETCHES = 16
"""Stretches of time that crops are cut from, so that a movie of any length is read quickly."""


LEAST_STAYING = 0.3
"""Share of the places of cells that are still cell one frame later. In nuclei_left, where cells
move by their width, it is 0.13 to 0.21, and nothing was learned; in psc02 it is 0.89."""


@dataclass(frozen=True)
class LinkedCrop:
    """A piece of the cell map.

    Attributes
    ----------
    labels
        (T, Y, X) of its regions, 0 where there is none.
    regions
        Those that last long enough to lose a part.
    doubtful
        (T, Y, X): where a real event may be (see `possible_events`).
    """

    labels: NDArray[np.int16]
    regions: tuple[Region, ...]
    doubtful: NDArray[np.bool_]


def linked_crops(
    y: CellMasks, count: int, longest: int, size: int, random: np.random.Generator
) -> list[LinkedCrop]:
    """About `count` crops around random cells.

    They have `size` x `size` places and twice `longest` frames, where the movie has as many. What
    is kept in memory depends on these numbers, not on the length of the movie.

    Raises
    ------
    ValueError
        If `y` holds no cell, or none that is seen in three frames in a row, or if cells move so far
        from frame to frame that overlap cannot tell which is which.
    """
    frames = min(2 * longest, y.shape[0])
    n_stretches = min(MOST_STRETCHES, y.shape[0] - frames + 1, count)
    starts = np.linspace(0, y.shape[0] - frames, n_stretches).round().astype(int)
    crops: list[LinkedCrop] = []
    now = staying = 0
    for index, start in enumerate(starts.tolist()):
        masks = stacked_masks(y, start, start + frames - 1)
        now += int(masks[1:].sum())
        staying += int((masks[1:] & masks[:-1]).sum())
        wanted = (index + 1) * count // n_stretches - index * count // n_stretches
        crops += _crops_of(masks, wanted, longest, size, random)
    usable = [crop for crop in crops if crop.regions]
    if not usable:
        raise ValueError(_nothing_to_learn(bool(crops)))
    if staying < LEAST_STAYING * now:
        raise ValueError(
            f"Only {staying / now:.0%} of the cell map stays where it is from one frame to the "
            "next, so cells cannot be followed by overlap; choose another map, correct the drift "
            "of the movie, or give the length yourself."
        )
    return usable


def _crops_of(
    masks: NDArray[np.bool_], count: int, longest: int, size: int, random: np.random.Generator
) -> Iterator[LinkedCrop]:
    """`count` crops of a stretch of time, around random places where there ever is a cell."""
    for middle in random.permutation(np.argwhere(masks.any(axis=0)))[:count]:
        rows, columns = (
            _around(int(m), min(size, side), side)
            for m, side in zip(middle, masks.shape[1:], strict=True)
        )
        yield _linked(masks[:, rows, columns], longest)


def removed_parts(
    crop: LinkedCrop, longest: int, share: float, random: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Context c and events e, both (T, Y, X): the crop without parts of its regions, and these.

    About a `share` of the regions lose a part, never their first or last frame, and at least one
    does. Its length is drawn evenly from 1 to `longest` frames; if the region is too short for
    that, from what it allows. So lengths are even wherever cells are followed for long, and short
    ones prevail in maps that flicker.
    """
    events = np.zeros(crop.labels.shape, bool)
    lengths = random.integers(1, longest + 1, len(crop.regions)).tolist()
    losing = random.random(len(crop.regions)) < share
    losing[random.integers(len(crop.regions))] = True
    for index in np.flatnonzero(losing).tolist():
        region, length = crop.regions[index], lengths[index]
        if length > region.length - 2:
            length = int(random.integers(1, region.length - 1))
        _remove(crop, region, length, events, random)
    return (crop.labels > 0) & ~events, events


def _remove(
    crop: LinkedCrop,
    region: Region,
    length: int,
    events: NDArray[np.bool_],
    random: np.random.Generator,
) -> None:
    """Mark `length` frames of a region, never its first or last one, as an event."""
    first = int(random.integers(region.first + 1, region.last - length + 1))
    part = slice(first, first + length)
    events[part] |= crop.labels[part] == region.label


def possible_events(
    labels: NDArray[np.integer], regions: Sequence[Region], longest: int
) -> NDArray[np.bool_]:
    """Places (T, Y, X) without a cell where one ended before and one begins afterwards.

    Both within `longest` frames, and within about half a radius of the cell. Real events lie there,
    which the training pairs call context. Where many cells divide they would teach the network
    that gaps are no events, so these places are left out of the loss (our addition).
    """
    ended, begun = np.zeros(labels.shape, bool), np.zeros(labels.shape, bool)
    for region in regions:
        if region.last < len(labels) - 1:
            mask = _widened(labels[region.last] == region.label)
            ended[region.last + 1 : region.last + 1 + longest] |= mask
        if region.first > 0:
            mask = _widened(labels[region.first] == region.label)
            begun[max(0, region.first - longest) : region.first] |= mask
    return np.asarray(ended & begun & (labels == 0))


def _widened(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mask of an object (Y, X) with about half its radius added."""
    radius = np.sqrt(np.count_nonzero(mask) / np.pi)
    return np.asarray(ndimage.binary_dilation(mask, iterations=max(1, round(radius / 2))))


def _linked(masks: NDArray[np.bool_], longest: int) -> LinkedCrop:
    labels, regions = linked_regions(masks)
    usable = tuple(region for region in regions if region.length >= SHORTEST_REGION)
    return LinkedCrop(labels.astype(np.int16), usable, possible_events(labels, regions, longest))


def _around(middle: int, size: int, side: int) -> slice:
    """`size` places around `middle`, moved inside a frame of `side` places."""
    start = min(max(0, middle - size // 2), side - size)
    return slice(start, start + size)


def _nothing_to_learn(any_cell: bool) -> str:
    if not any_cell:
        return "The cell map is empty in all frames; choose another map of the cells."
    return (
        f"No cell of the cell map can be followed through {SHORTEST_REGION} frames by overlap, so "
        "nothing can be learned about gaps; choose another map, or erode it less."
    )
