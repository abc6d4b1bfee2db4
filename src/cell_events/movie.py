"""Movies: (T, Y, X) arrays with their physical scale, read by window and never as a whole."""

from __future__ import annotations

import hashlib
import math
import operator
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.frames import Depth, frames_of
from cell_events.planes import CroppedArray, LazyArray, covering
from cell_events.sampling import HIGH_PERCENTILE, LOW_PERCENTILE, sampled_windows, spread_of
from cell_events.sources import MissingChunks, MovieError, open_source

__all__ = ["HIGH_PERCENTILE", "LOW_PERCENTILE", "Movie", "MovieError", "open_movie"]

ALL = slice(None)
RANGE_FRAMES = 16
FINGERPRINT_FRAMES = 32


@dataclass(frozen=True, eq=False)
class Movie:
    """A lazily read (T, Y, X) array with its physical scale.

    Parameters
    ----------
    array
        Read by window: anything with shape, dtype and numpy-style basic slicing.
    name
        How the movie is called in messages.
    path
        Where it was opened from; None for arrays.
    pixel_size_um, frame_interval_s
        Width of a square pixel in micrometres and time between frames in seconds; None if unknown.

    Raises
    ------
    MovieError
        If the array is not (T, Y, X), holds no pixel or no real numbers, or if a scale is not
        positive.
    """

    array: LazyArray = field(repr=False)
    name: str = "movie"
    path: Path | None = None
    pixel_size_um: float | None = None
    frame_interval_s: float | None = None
    parent: Movie | None = field(default=None, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        shape, dtype = tuple(self.array.shape), np.dtype(self.array.dtype)
        if len(shape) != 3:
            raise MovieError(f"{self.name} has shape {shape}, expected (T, Y, X).")
        if 0 in shape:
            raise MovieError(f"{self.name} is empty: its shape (T, Y, X) is {shape}.")
        if dtype.kind not in "biuf":
            raise MovieError(
                f"{self.name} holds values of type {dtype}, expected integers, floats or booleans; "
                "convert it first, for instance complex numbers to their magnitude or phase."
            )
        for unit, value in (("um", self.pixel_size_um), ("s", self.frame_interval_s)):
            if value is not None and not (math.isfinite(value) and value > 0):
                raise MovieError(
                    f"{self.name} cannot have a scale of {value} {unit}; give a positive number."
                )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of frames, rows and columns."""
        frames, rows, columns = self.array.shape
        return int(frames), int(rows), int(columns)

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return self.shape[0]

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the pixels that `read` returns: native byte order, booleans as uint8."""
        stored = np.dtype(self.array.dtype)
        return np.dtype(np.uint8) if stored.kind == "b" else stored.newbyteorder("=")

    def read(self, t: int, rows: slice = ALL, columns: slice = ALL) -> NDArray[Any]:
        """Read the (y, x) window of frame `t`, numbered from 0.

        Raises
        ------
        MovieError
            If there is no such frame, or if the window cannot be read or holds NaN or infinite
            values.
        """
        t = operator.index(t)
        if not 0 <= t < self.n_frames:
            raise MovieError(
                f"{self.name} has no frame {t}; its frames are 0 to {self.n_frames - 1}."
            )
        in_rows, in_columns = range(self.shape[1])[rows], range(self.shape[2])[columns]
        window = np.asarray(self.array[t, covering(in_rows), covering(in_columns)])
        window = window[:: in_rows.step, :: in_columns.step].astype(self.dtype, copy=False)
        bad = window.size - np.count_nonzero(np.isfinite(window)) if window.dtype.kind == "f" else 0
        if bad:
            raise MovieError(
                f"frame {t} of {self.name} holds NaN or infinite values ({bad} of the "
                f"{window.size} pixels read); replace them, for instance with the "
                "background's grey value."
            )
        return window

    @cached_property
    def intensity_range(self) -> tuple[float, float]:
        """1st and 99.8th percentile of at most 16 frames spread over the movie, subsampled.

        A crop has the range of its parent. Where the percentiles coincide, minimum and maximum are
        taken; a constant movie of value v has the range (v, v + 1). Always low < high.
        """
        if self.parent is not None:
            return self.parent.intensity_range
        return spread_of(np.concatenate([part.ravel() for part in self._sample(RANGE_FRAMES)]))

    def read_normalised(
        self, t: int, rows: slice = ALL, columns: slice = ALL
    ) -> NDArray[np.float32]:
        """Read a window as float32, with the intensity range mapped to 0 ... 1; not clipped."""
        low, high = self.intensity_range
        window = self.read(t, rows, columns)
        # float32 holds 16-bit integers exactly, but not a small signal on a large 64-bit offset.
        values: NDArray[Any] = window.astype("f4" if window.dtype.itemsize <= 2 else "f8")
        values -= low
        values /= high - low
        return values.astype(np.float32, copy=False)

    @cached_property
    def fingerprint(self) -> str:
        """Hexadecimal digest of shape, type, intensity range and sampled pixels.

        It does not depend on path, file format or process. At most 32 frames are looked at, and of
        large frames only some windows: movies that differ elsewhere only have the same fingerprint.
        """
        low, high = self.intensity_range
        digest = hashlib.sha256(f"{self.shape} {self.dtype.str[1:]} {low:.6g} {high:.6g}".encode())
        for window in self._sample(FINGERPRINT_FRAMES):
            digest.update(window.astype(self.dtype.newbyteorder("<"), order="C").tobytes())
        return digest.hexdigest()

    def crop(
        self,
        frames: slice | None = None,
        rows: slice | None = None,
        columns: slice | None = None,
    ) -> Movie:
        """Cut out a part lazily; scale and intensity range stay those of the whole movie.

        Only `frames` may have a step, which lengthens the frame interval.

        Raises
        ------
        MovieError
            If nothing would be left, or if a step is not allowed.
        """
        kept = [
            range(size)[part or ALL]
            for size, part in zip(self.shape, (frames, rows, columns), strict=True)
        ]
        if kept[0].step < 1 or kept[1].step != 1 or kept[2].step != 1:
            raise MovieError("crop frames forwards and rows and columns without a step.")
        interval = self.frame_interval_s and self.frame_interval_s * kept[0].step
        return replace(
            self,
            array=CroppedArray(self.array, *kept),
            frame_interval_s=interval,
            parent=self.parent or self,
        )

    def _sample(self, max_frames: int) -> Iterator[NDArray[Any]]:
        for t, rows, columns, step in sampled_windows(self.shape, max_frames):
            yield self.read(t, rows, columns)[::step, ::step]


def open_movie(
    source: object,
    *,
    axes: str | None = None,
    channel: int | str | None = None,
    z: Depth | str | None = None,
    pixel_size_um: float | None = None,
    frame_interval_s: float | None = None,
    missing_chunks: MissingChunks = "error",
) -> Movie:
    """Open a movie lazily; what its file says about axes and scale can be overridden.

    Parameters
    ----------
    source
        Path of a TIFF, OME-TIFF or ImageJ TIFF file, of a zarr (format 2 or 3) or OME-Zarr (0.4 or
        0.5; full resolution) folder, or of a folder of TIFF frames in natural order of their names;
        or a numpy, dask or zarr array; or a Movie. An array of three axes is T, Y, X; the axes of a
        file are never guessed.
    axes
        One letter for each stored axis in order: T time, C channel, Z depth, Y, X, S colour.
    channel
        Name or index of the channel to read.
    z
        Index of the plane to read, or "max" or "mean" for a projection, computed window by window.
    pixel_size_um, frame_interval_s
        Scale to use instead of what the file says.
    missing_chunks
        A chunk that is absent from a zarr array has been lost or holds the fill value only, and
        nothing tells which: "error" refuses to read it, "fill" reads the fill value.

    Raises
    ------
    MovieError
        If the movie cannot be opened, or only by guessing.
    """
    if missing_chunks not in ("error", "fill"):
        raise MovieError(f"missing_chunks={missing_chunks!r}: expected 'error' or 'fill'.")
    if isinstance(source, Movie):
        return _rescaled(source, (axes, channel, z), pixel_size_um, frame_interval_s)
    found = open_source(source, missing_chunks)
    return Movie(
        frames_of(found, axes, channel, z),
        name=found.name,
        path=found.path,
        pixel_size_um=found.square_pixel_um() if pixel_size_um is None else pixel_size_um,
        frame_interval_s=found.frame_interval_s if frame_interval_s is None else frame_interval_s,
    )


def _rescaled(
    movie: Movie, choices: tuple[object, ...], pixel_size_um: float | None, interval_s: float | None
) -> Movie:
    if any(choice is not None for choice in choices):
        raise MovieError(
            f"{movie.name} is an open Movie, whose axes, channel and z are chosen already; open "
            "its file or array instead."
        )
    return replace(
        movie,
        pixel_size_um=movie.pixel_size_um if pixel_size_um is None else pixel_size_um,
        frame_interval_s=movie.frame_interval_s if interval_s is None else interval_s,
    )
