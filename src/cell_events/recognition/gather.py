"""Reading what crop pairs show: features, or images with the context that features need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.movie import Movie
from cell_events.recognition.crops import CropTable
from cell_events.recognition.windows import FeatureSource, around, read_beyond

ReadCrop = Callable[[int, int, int, int], NDArray[Any]]
"""Reads what (movie, t, y, x) shows, (C, S, S)."""


@dataclass(frozen=True, slots=True)
class GatherReport:
    """How many crop pairs have been read."""

    done: int
    total: int


def gather(table: CropTable, crops: Tensor, delta: int, read: ReadCrop) -> Iterator[GatherReport]:
    """Fill `crops` (N, 2, C, S, S) with the pairs of `table`, one report for each first frame.

    `table` is in reading order, so that a source that keeps recent frames computes each once.
    """
    changes = np.flatnonzero(np.diff(table.t) | np.diff(table.movie)) + 1
    for rows in np.split(np.arange(len(table)), changes):
        for position, later in enumerate((0, delta)):
            for row in rows.tolist():
                movie, t = int(table.movie[row]), int(table.t[row]) + later
                shown = read(movie, t, int(table.y[row]), int(table.x[row]))
                crops[row, position] = torch.from_numpy(shown)
        yield GatherReport(int(rows[-1]) + 1, len(table))


def feature_reader(sources: Sequence[FeatureSource], size: int, margin: int) -> ReadCrop:
    """Read features of crops of `size` and `margin` more at each side."""

    def read(movie: int, t: int, y: int, x: int) -> NDArray[Any]:
        source = sources[movie]
        return read_beyond(
            lambda rows, columns: source.read(t, rows, columns),
            source.shape[2:],
            around(y, size, margin),
            around(x, size, margin),
        )

    return read


@dataclass(frozen=True, slots=True)
class ImageWindows:
    """Which window of the image yields the features of a crop.

    A network that pools sees its image on a grid, counted from the top left corner of the frame.
    Windows start on that grid, so that their features are those of the whole frame, as far as
    the context reaches.

    Attributes
    ----------
    window
        Side in pixels of the features that a crop needs.
    context
        Pixels of the image around these that are read, too.
    multiple
        Step of the grid in pixels.
    """

    window: int
    context: int
    multiple: int

    @property
    def side(self) -> int:
        """Side of the image window in pixels."""
        wanted = self.window + 2 * self.context + self.multiple - 1
        return -(-wanted // self.multiple) * self.multiple

    def start(self, centre: NDArray[np.int64]) -> NDArray[np.int64]:
        """First row (or column) of the image windows of crops with these centres."""
        return (centre - self.window // 2 - self.context) // self.multiple * self.multiple

    def offset(self, centre: NDArray[np.int64]) -> NDArray[np.int64]:
        """Row (or column) of the image window at which the features of the crop begin."""
        return centre - self.window // 2 - self.start(centre)

    def reader(self, movies: Sequence[Movie]) -> ReadCrop:
        """Read normalised image windows (1, side, side)."""

        def read(movie: int, t: int, y: int, x: int) -> NDArray[Any]:
            source = movies[movie]
            top, left = (int(self.start(np.array(centre))) for centre in (y, x))
            image = read_beyond(
                lambda rows, columns: source.read_normalised(t, rows, columns),
                source.shape[1:],
                slice(top, top + self.side),
                slice(left, left + self.side),
            )
            return image[None]

        return read
