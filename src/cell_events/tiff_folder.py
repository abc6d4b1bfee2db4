"""A folder of TIFF images, one for each frame, in the natural order of their names."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.decoded_cache import decoded_pieces
from cell_events.planes import PlaneArray
from cell_events.sources import TIFF_SUFFIXES, MovieError, Source
from cell_events.tiff_source import tiff_source


class TiffFolder(PlaneArray):
    """Frames that are files of their own; each is opened when first read."""

    def __init__(self, files: list[Path], frame: Source) -> None:
        super().__init__((len(files), *_height_and_width(frame)), frame.array.dtype)
        self._files = files
        self._owner = decoded_pieces.register(self)

    def plane(self, lead: tuple[int, ...], rows: slice, columns: slice) -> NDArray[Any]:
        """Read a window of one file."""
        frame = decoded_pieces.get(self._owner, lead)
        if frame is None:
            frame = self._read(self._files[lead[0]])
            decoded_pieces.put(self._owner, lead, frame)
        return frame[rows, columns]

    def _read(self, file: Path) -> NDArray[Any]:
        found = _single_frame(file)
        frame = found.array
        if _height_and_width(found) != self.shape[1:] or frame.dtype != self.dtype:
            raise MovieError(
                f"{file.name} has shape {_height_and_width(found)} and type {frame.dtype}, but "
                f"{self._files[0].name} has {self.shape[1:]} and {self.dtype}; keep only the "
                "frames of one movie in the folder."
            )
        return np.asarray(frame[tuple(slice(None) if axis in "YX" else 0 for axis in found.axes)])


def tiff_folder_source(folder: Path) -> Source:
    """Open a folder of single TIFF frames lazily; the first frame tells size, type and scale.

    Raises
    ------
    MovieError
        If the folder holds no TIFF file, or if the first holds more than one grey image.
    """
    files = sorted(
        (file for file in folder.iterdir() if file.name.lower().endswith(TIFF_SUFFIXES)),
        key=lambda file: natural_order(file.name),
    )
    if not files:
        raise MovieError(
            f"{folder.name} is neither a zarr folder nor does it hold TIFF frames; choose the zarr "
            "folder itself, a file, or a folder with one TIFF file for each frame."
        )
    frame = _single_frame(files[0])
    return replace(
        frame,
        array=TiffFolder(files, frame),
        axes="TYX",
        name=folder.absolute().name,
        path=folder,
        channels=(),
    )


def natural_order(name: str) -> list[tuple[int, str]]:
    """Return a sort key that puts frame2 before frame10."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def _height_and_width(frame: Source) -> tuple[int, int]:
    return frame.array.shape[frame.axes.index("Y")], frame.array.shape[frame.axes.index("X")]


def _single_frame(file: Path) -> Source:
    frame = tiff_source(file)
    if math.prod(frame.array.shape) != math.prod(_height_and_width(frame)):
        raise MovieError(
            f"{file.name} holds images of shape {frame.array.shape}, expected one grey image for "
            "each file of the folder; open the file itself, or store one frame in each."
        )
    return frame
