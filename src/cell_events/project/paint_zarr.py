"""Painted masks on disk: a sparse zarr (T, Y, X) whose chunks are replaced whole, one by one."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import ZstdCodec
from zarr.storage import MemoryStore

from cell_events.engine import atomic
from cell_events.project.chunks import CHUNK_SIDE_PX, ChunkKey, no_paint, window_of

UNREADABLE = (OSError, ValueError, LookupError, RuntimeError, TypeError)


class PaintZarr:
    """The chunks of one movie's paint; zarr encodes them, we make them durable."""

    def __init__(self, path: Path, shape: tuple[int, int, int]) -> None:
        self.path = path
        self._shape = shape
        self._opened: Any = None
        self._is_clean = False

    def holds(self, key: ChunkKey) -> bool:
        """Whether there is a file for a chunk."""
        return self._file(key).is_file()

    def read(self, key: ChunkKey) -> NDArray[np.uint8] | None:
        """A chunk (256, 256), padded with zeros at the movie's edge; None if it cannot be read."""
        if not self.holds(key):
            return None
        try:
            self._opened = self._opened or zarr.open_array(str(self.path), mode="r")
            window = np.asarray(self._opened[window_of(key, self._shape)], np.uint8)
        except UNREADABLE:
            return None
        chunk = no_paint()
        chunk[: window.shape[0], : window.shape[1]] = window
        return chunk

    def prepare(self, known: Container[ChunkKey]) -> None:
        """Make the array if it is not there; delete, once, chunks that no journal speaks of."""
        if not (self.path / "zarr.json").exists():
            stored: dict[str, Any] = {}
            self._in_memory(stored)
            atomic.write_bytes(self.path / "zarr.json", stored["zarr.json"].to_bytes())
        if self._is_clean:
            return
        self._is_clean = True
        for file in (self.path / "c").glob("*/*/*"):
            place = file.relative_to(self.path / "c").parts
            if all(part.isdecimal() for part in place) and tuple(map(int, place)) not in known:
                file.unlink(missing_ok=True)

    def write(self, key: ChunkKey, chunk: NDArray[np.uint8]) -> None:
        """Replace a chunk, whole and durably; one without paint is deleted.

        Raises
        ------
        OSError
            If the disk is full or cannot be written.
        """
        stored: dict[str, Any] = {}
        window = window_of(key, self._shape)
        height, width = (part.stop - part.start for part in window[1:])
        self._in_memory(stored)[window] = chunk[:height, :width]
        if _name(key) in stored:
            atomic.write_bytes(self._file(key), stored[_name(key)].to_bytes())
        else:
            self._file(key).unlink(missing_ok=True)

    def _in_memory(self, stored: dict[str, Any]) -> Any:
        return zarr.create_array(
            MemoryStore(stored),
            shape=self._shape,
            chunks=(1, CHUNK_SIDE_PX, CHUNK_SIDE_PX),
            dtype="uint8",
            fill_value=0,
            compressors=ZstdCodec(level=1, checksum=True),
            dimension_names=("t", "y", "x"),
        )

    def _file(self, key: ChunkKey) -> Path:
        return self.path / _name(key)


def _name(key: ChunkKey) -> str:
    """Where zarr's format 3 keeps a chunk."""
    return "c/" + "/".join(map(str, key))
