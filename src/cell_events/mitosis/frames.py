"""Frames as the networks of this method read them: scaled to [0, 1] and shrunk."""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cell_events.movie import Movie

PAPER_SHRINK = 4
KEPT_BYTES = 256 * 1024**2


class FrameSource(Protocol):
    """Maps of each frame of a movie, on a grid with a place for every `shrink` pixels."""

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(T, C, Y, X) on the grid."""
        ...

    @property
    def shrink(self) -> int:
        """Pixels of the movie for each place of the grid, along Y and X."""
        ...

    def read(self, t: int) -> NDArray[np.float32]:
        """(C, Y, X) of frame `t`; not to be written to."""
        ...


class ShrunkenFrames:
    """The grey values of a movie in [0, 1], means of `shrink` x `shrink` pixels (section III H).

    Values beyond the movie's intensity range are clipped. Sides that are no multiple of `shrink`
    are filled up with their last row or column. The latest frames are kept in memory.

    Parameters
    ----------
    shrink
        Side of a place of the grid in pixels; 4 in the paper. The place (y, x) is centred on
        pixel ``(shrink - 1) / 2 + shrink * (y, x)``.
    """

    def __init__(self, movie: Movie, shrink: int = PAPER_SHRINK) -> None:
        if shrink < 1 or shrink > min(movie.shape[1:]):
            raise ValueError(
                f"shrink must lie between 1 and the side of a frame, {min(movie.shape[1:])} px, "
                f"got {shrink}."
            )
        self.movie, self.shrink = movie, shrink
        rows, columns = (-(-side // shrink) for side in movie.shape[1:])
        self.shape = (movie.n_frames, 1, rows, columns)
        self._kept: OrderedDict[int, NDArray[np.float32]] = OrderedDict()

    def read(self, t: int) -> NDArray[np.float32]:
        """(1, Y, X) of frame `t`; not to be written to."""
        if t not in self._kept:
            self._kept[t] = self._shrunken(self.movie.read_normalised(t))
            self._kept[t].setflags(write=False)
        self._kept.move_to_end(t)
        while len(self._kept) > 1 and len(self._kept) * self._kept[t].nbytes > KEPT_BYTES:
            self._kept.popitem(last=False)
        return self._kept[t]

    def _shrunken(self, frame: NDArray[np.float32]) -> NDArray[np.float32]:
        rows, columns = self.shape[2:]
        side = self.shrink
        missing = [
            (0, n * side - have) for n, have in zip((rows, columns), frame.shape, strict=True)
        ]
        full = np.pad(frame.clip(0, 1), missing, mode="edge")
        means = full.reshape(rows, side, columns, side).mean(axis=(1, 3), dtype=np.float32)
        return np.asarray(means[None], np.float32)


def to_pixels(position: float, shrink: int) -> float:
    """Position on the grid, along Y or X, as a position in pixels of the movie."""
    return (shrink - 1) / 2 + shrink * position


def to_grid(position_px: float, shrink: int) -> float:
    """Position in pixels of the movie, along Y or X, as a position on the grid."""
    return (position_px - (shrink - 1) / 2) / shrink


def shrink_of(movie: Movie, shrink: int | None, resolution_um: float | None) -> int:
    """Give the factor that a user asks for: as a factor, or by the width of a grid place in um.

    Without either, that of the paper.

    Raises
    ------
    ValueError
        If both are given, or a resolution for a movie of unknown pixel size.
    """
    if shrink is not None and resolution_um is not None:
        raise ValueError("Give shrink or the resolution in micrometres, not both.")
    if resolution_um is None:
        return PAPER_SHRINK if shrink is None else shrink
    if movie.pixel_size_um is None:
        raise ValueError(
            f"The pixel size of {movie.name} is unknown, so a resolution of {resolution_um} um "
            "cannot be met; give the pixel size too, or the factor by which to shrink."
        )
    return max(1, round(resolution_um / movie.pixel_size_um))
