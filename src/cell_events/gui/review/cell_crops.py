"""Squares of a movie around one cell, in some frames of its life, with its outline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cell_events.dry_mass.cell_places import CellPlaces
from cell_events.gui.review.event_crops import crop_at
from cell_events.movie import Movie

NEAR_PX = 4
"""A place between the arms of a bent cell is at most so far from the cell, in pixels."""


@dataclass(frozen=True, eq=False)
class CellCrop:
    """A (y, x) square of frame `t`, NaN outside the movie; pixels of the outline are True."""

    t: int
    pixels: NDArray[np.float32]
    outline: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CellInMovie:
    """Which cell is shown in which frames; the stretch is first and last frame of interest."""

    track_id: int
    frames: tuple[int, ...]
    places: tuple[tuple[float, float], ...]
    stretch: tuple[int, int] | None = None


def cell_in_movie(
    places: CellPlaces, track_id: int, stretch: tuple[int, int] | None, count: int
) -> CellInMovie:
    """Choose frames of a cell: from just before its stretch to just after, or all of its life.

    They are evenly spread and frames in which the cell is, each once, so they may be fewer.
    """
    there = places.frames(track_id)
    if not len(there):
        return CellInMovie(track_id, (), (), stretch)
    first, last = stretch or (int(there[0]), int(there[-1]))
    wanted = np.linspace(first, last, count, dtype=np.float64)
    if stretch is not None:
        step = max((last - first) / max(count - 3, 1), 1.0)
        wanted = first + step * np.arange(-1.0, count - 1)
    nearest = np.abs(there[:, None] - wanted).argmin(axis=0)
    frames = tuple(int(t) for t in np.unique(there[nearest]))
    return CellInMovie(track_id, frames, tuple(places.place(track_id, t) for t in frames), stretch)


def crops_of_cell(
    movie: Movie, labels: Movie | None, cell: CellInMovie, side_px: int
) -> list[CellCrop]:
    """Read the squares of a cell, window by window."""
    return [
        CellCrop(t, crop_at(movie, t, place, side_px), _outline(labels, t, place, side_px))
        for t, place in zip(cell.frames, cell.places, strict=True)
    ]


def _outline(
    labels: Movie | None, t: int, place: tuple[float, float], side_px: int
) -> NDArray[np.bool_]:
    """Edge of the label that lies under the middle of the square, or next to it."""
    nothing = np.zeros((side_px, side_px), bool)
    if labels is None or t >= labels.n_frames:
        return nothing
    found = np.nan_to_num(crop_at(labels, t, place, side_px))
    rows, columns = np.nonzero(found)
    if not len(rows):
        return nothing
    distance = np.hypot(rows - side_px // 2, columns - side_px // 2)
    nearest = int(distance.argmin())
    if distance[nearest] > NEAR_PX:
        return nothing
    mask = found == found[rows[nearest], columns[nearest]]
    outline: NDArray[np.bool_] = mask & ~ndimage.binary_erosion(mask, border_value=1)
    return outline
