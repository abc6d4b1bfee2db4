"""Squares of a movie around an event, in the frames before and after it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.movie import Movie

OFFSETS = (-2, -1, 0, 1, 2)

Crop = NDArray[np.float32] | None


def crops_around(movie: Movie, event: Event, side_px: int) -> list[Crop]:
    """Squares around an event in the frames of `OFFSETS`; None for frames outside the movie.

    Pixels outside the movie are NaN.
    """
    return [
        crop_at(movie, event.t + offset, (event.y, event.x), side_px)
        if 0 <= event.t + offset < movie.n_frames
        else None
        for offset in OFFSETS
    ]


def crop_at(movie: Movie, t: int, place: tuple[float, float], side_px: int) -> NDArray[np.float32]:
    """Square around a (y, x) place in one frame; pixels outside the movie are NaN."""
    _, height, width = movie.shape
    top, left = (round(centre) - side_px // 2 for centre in place)
    rows = slice(min(max(top, 0), height), min(max(top + side_px, 0), height))
    columns = slice(min(max(left, 0), width), min(max(left + side_px, 0), width))
    crop = np.full((side_px, side_px), np.nan, np.float32)
    if rows.start < rows.stop and columns.start < columns.stop:
        seen = movie.read(t, rows, columns)
        crop[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = seen
    return crop
