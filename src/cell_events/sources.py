"""Where pixels come from: files, folders and arrays, each opened as one lazy `Source`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cell_events.planes import LazyArray

MissingChunks = Literal["error", "fill"]

UNKNOWN_AXIS = "Q"
"""Stands for an axis whose meaning is not stored; tifffile uses the same letter."""

TIFF_SUFFIXES = (".tif", ".tiff", ".btf", ".tf8", ".lsm", ".stk")
ZARR_METADATA = ("zarr.json", ".zarray", ".zgroup")


class MovieError(ValueError):
    """What is wrong with a movie, in one sentence that says what to do."""


@dataclass(frozen=True, eq=False)
class Source:
    """Pixels as they are stored, before time, channel and depth are told apart.

    Parameters
    ----------
    array
        Lazily read, with one axis for each letter of `axes`.
    axes
        Letters in stored order: T time, C channel, Z depth, Y, X, S colour sample; any other letter
        means that the file does not say.
    channels
        Names along C, empty if not stored.
    pixel_yx_um
        Height and width of a pixel in micrometres, None if not stored.
    """

    array: LazyArray
    axes: str
    name: str
    path: Path | None = None
    channels: tuple[str, ...] = ()
    pixel_yx_um: tuple[float | None, float | None] = (None, None)
    frame_interval_s: float | None = None

    def square_pixel_um(self) -> float | None:
        """Return the width of a pixel in micrometres; None if not stored.

        Raises
        ------
        MovieError
            If height and width differ by more than 1 %.
        """
        height, width = self.pixel_yx_um
        if height is None or width is None:
            return height or width
        if abs(height - width) > 0.01 * width:
            raise MovieError(
                f"{self.name} has pixels {height:g} um high and {width:g} um wide, expected square "
                "ones; resample it, or state the size to use with pixel_size_um."
            )
        return width


def open_source(source: object, missing_chunks: MissingChunks = "error") -> Source:
    """Open a path or an array lazily.

    Raises
    ------
    MovieError
        If there is nothing at the path, or it is of no kind that can be read.
    """
    if isinstance(source, str | os.PathLike):
        return _open_path(Path(source).expanduser(), missing_chunks)
    if type(source).__module__.partition(".")[0] == "zarr":
        from cell_events.zarr_source import zarr_source

        return zarr_source(source, "zarr array", None, missing_chunks)
    return array_source(source)


def array_source(array: Any) -> Source:
    """Take a numpy, dask or similar array: 2 axes are Y, X and 3 axes are T, Y, X.

    Raises
    ------
    MovieError
        If it is no array, or if its last axis looks like colour.
    """
    name = f"{type(array).__module__.partition('.')[0]} array"
    if not all(hasattr(array, part) for part in ("shape", "dtype", "__getitem__")):
        raise MovieError(
            f"found a {type(array).__name__}, expected a path, a Movie or an array with shape, "
            "dtype and slicing, such as numpy, dask or zarr."
        )
    return Source(array, conventional_axes(array), name)


def conventional_axes(array: LazyArray) -> str:
    """Name the axes of an array that says nothing about them, by Q where nothing tells."""
    colour = len(array.shape) > 2 and array.shape[-1] in (3, 4) and array.dtype == "uint8"
    if colour and len(array.shape) in (3, 4):
        return "Q" * (len(array.shape) - 3) + "YXS"
    return {2: "YX", 3: "TYX"}.get(len(array.shape), UNKNOWN_AXIS * len(array.shape))


def _open_path(path: Path, missing_chunks: MissingChunks) -> Source:
    if not path.exists():
        raise MovieError(f"there is no file or folder {path}; check the path.")
    if path.is_file() and path.name.lower().endswith(TIFF_SUFFIXES):
        from cell_events.tiff_source import tiff_source

        return tiff_source(path)
    if path.is_dir() and any((path / name).exists() for name in ZARR_METADATA):
        from cell_events.zarr_source import zarr_source

        return zarr_source(path, path.absolute().name, path, missing_chunks)
    if path.is_dir():
        from cell_events.tiff_folder import tiff_folder_source

        return tiff_folder_source(path)
    raise MovieError(
        f"{path.name} is of no kind that can be read; expected TIFF ({', '.join(TIFF_SUFFIXES)}), "
        "a zarr or OME-Zarr folder, or a folder of TIFF frames."
    )
