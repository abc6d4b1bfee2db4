"""What labels must be before anything is measured with them; else one sentence says why not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.movie import Movie, MovieError

SPECK = 0.25
"""A place smaller than this part of the largest one is a speck of the same cell."""


def check_labels(movie: Movie, labels: Movie) -> None:
    """Refuse labels of another shape than the movie, or that are no whole numbers.

    Raises
    ------
    MovieError
        If they do not fit.
    """
    if labels.shape != movie.shape:
        raise MovieError(
            f"The labels {labels.name} have the shape {labels.shape}, and {movie.name} has "
            f"{movie.shape}; expected the same frames, rows and columns (T, Y, X)."
        )
    if labels.dtype.kind not in "iu":
        raise MovieError(
            f"The labels {labels.name} hold values of type {labels.dtype}, expected whole numbers; "
            "convert them to 16 or 32 bit integers, if they are labels and no probabilities."
        )


def check_frame_of_labels(frame: NDArray[Any], t: int, name: str) -> None:
    """Refuse a (Y, X) frame of labels with negative values.

    Raises
    ------
    MovieError
        If there are any.
    """
    if frame.dtype.kind == "i" and frame.size and frame.min() < 0:
        raise MovieError(
            f"Frame {t} of the labels {name} holds the value {frame.min()}, expected 0 for the "
            "background and positive whole numbers for cells; set negative values to 0."
        )


def refuse_mask(frame: NDArray[Any], name: str) -> None:
    """Refuse a (Y, X) frame in which all cells bear the one value of a mask.

    Raises
    ------
    MovieError
        If its only value, 1, 255 or the largest there is, lies in several places of about a size.
    """
    from scipy.ndimage import label

    values = np.unique(frame[frame > 0])
    if values.size != 1 or values[0] not in (1, 255, np.iinfo(frame.dtype).max):
        return
    sizes = np.bincount(label(frame > 0, np.ones((3, 3)))[0].ravel())[1:]
    places = int(np.count_nonzero(sizes >= SPECK * sizes.max()))
    if places > 1:
        raise MovieError(
            f"The labels {name} hold the value {values[0]} only, in {places} separate places of "
            "their first frame: a mask, not labels; give each cell a value of its own."
        )
