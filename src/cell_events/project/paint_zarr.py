"""Painted masks on disk: a sparse zarr (T, Y, X) whose chunks are replaced whole, one by one."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numcodecs.zstd import Zstd
from numpy.typing import NDArray
from zarr.codecs import ZstdCodec
from zarr.storage import MemoryStore

from cell_events.engine import atomic
from cell_events.project.chunks import CHUNK_SIDE_PX, ChunkKey

_ZSTD = Zstd(level=1, checksum=True)
"""Encodes a chunk as zarr does; the files are written here, so that each is whole and synced."""


class PaintZarr:
    """The chunks of one movie's paint; each file is replaced whole and synced."""

    def __init__(self, path: Path, shape: tuple[int, int, int]) -> None:
        self.path = path
        self._shape = shape
        self._is_clean = False

    def holds(self, key: ChunkKey) -> bool:
        """Whether there is a file for a chunk."""
        return self._file(key).is_file()

    def read(self, key: ChunkKey) -> NDArray[np.uint8] | None:
        """A chunk (256, 256), also at the movie's edge; None if there is none that can be read."""
        try:
            content = _ZSTD.decode(self._file(key).read_bytes())
            return np.frombuffer(content, np.uint8).reshape(CHUNK_SIDE_PX, CHUNK_SIDE_PX)
        except (OSError, ValueError, RuntimeError):
            return None

    def prepare(self, known: Container[ChunkKey]) -> None:
        """Make the array if it is not there; delete, once, chunks that no journal speaks of."""
        if not (self.path / "zarr.json").exists():
            atomic.write_bytes(self.path / "zarr.json", self._description())
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
        if chunk.any():
            atomic.write_bytes(self._file(key), _ZSTD.encode(np.ascontiguousarray(chunk)))
        else:
            self._file(key).unlink(missing_ok=True)

    def _description(self) -> bytes:
        """What zarr writes into the array's zarr.json."""
        stored: dict[str, Any] = {}
        zarr.create_array(
            MemoryStore(stored),
            shape=self._shape,
            chunks=(1, CHUNK_SIDE_PX, CHUNK_SIDE_PX),
            dtype="uint8",
            fill_value=0,
            compressors=ZstdCodec(level=_ZSTD.level, checksum=_ZSTD.checksum),
            dimension_names=("t", "y", "x"),
        )
        return bytes(stored["zarr.json"].to_bytes())

    def _file(self, key: ChunkKey) -> Path:
        return self.path.joinpath("c", *map(str, key))  # zarr's format 3
