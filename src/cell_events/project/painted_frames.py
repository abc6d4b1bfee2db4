"""The painted frames of one movie: in memory where they change, on disk where they rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from cell_events.project.chunks import (
    ChunkKey,
    Chunks,
    Values,
    no_paint,
    parts_of,
    values_in,
    window_of,
)
from cell_events.project.edits import ProjectError
from cell_events.project.paint_zarr import PaintZarr

MAX_RESTING_CHUNKS = 1024
"""Chunks of 64 KiB that stay in memory although they are safe on disk."""


@dataclass(frozen=True, slots=True)
class ChangedChunks:
    """Chunks that are not on disk yet, and which of their versions they are."""

    chunks: Chunks
    versions: dict[ChunkKey, int]
    painted: dict[ChunkKey, Values | None] = field(repr=False)

    def values(self) -> dict[ChunkKey, Values]:
        """Painted values of every painted chunk of the movie."""
        known = {key: found for key, found in self.painted.items() if found is not None}
        return known | {key: values_in(self.chunks[key]) for key in self.painted.keys() - known}


class PaintedFrames:
    """Painted values (T, Y, X) of one movie: 0 unpainted, 1 ... 255 as painted.

    Parameters
    ----------
    shape
        (T, Y, X); None for a movie that the journal no longer describes.
    on_disk
        Where chunks that did not change lie; None if there are none.
    replay
        Makes the chunks from the journal, should a file be lost or damaged.
    """

    def __init__(
        self,
        shape: tuple[int, int, int] | None,
        on_disk: PaintZarr | None = None,
        replay: Callable[[], Mapping[ChunkKey, NDArray[np.uint8]]] = dict,
    ) -> None:
        self.shape = shape
        self.on_disk = on_disk
        self._replay = replay
        self._painted: dict[ChunkKey, Values | None] = {}
        self._in_memory: Chunks = {}
        self._versions: dict[ChunkKey, int] = {}  # of chunks that are not on disk as they are
        self._n_changes = 0
        self._guard = RLock()  # the journal's thread says what it saved

    def read(self, t: int) -> NDArray[np.uint8]:
        """Painted values (Y, X) of frame `t`, as an array of its own.

        Raises
        ------
        ProjectError
            If the movie has no such frame.
        """
        if self.shape is None or not 0 <= t < self.shape[0]:
            last = "unknown" if self.shape is None else self.shape[0] - 1
            raise ProjectError(f"There is no painted frame {t}; the last frame is {last}.")
        frame = np.zeros(self.shape[1:], np.uint8)
        with self._guard:
            for key in [key for key in self._painted if key[0] == t]:
                _, rows, columns = window_of(key, self.shape)
                window = frame[rows, columns]
                window[...] = self._chunk(key)[: window.shape[0], : window.shape[1]]
            self._make_room()
        return frame

    def painted_frames(self) -> list[int]:
        """Frames that bear any paint, in order."""
        return sorted({key[0] for key in self._painted})

    def values(self) -> set[int]:
        """Values that are painted somewhere, without 0."""
        with self._guard:
            for key, found in self._painted.items():
                if found is None:
                    self._painted[key] = values_in(self._in_memory[key])
        return {value for found in self._painted.values() for value in found or ()}

    def write(self, t: int, top: int, left: int, patch: NDArray[np.uint8]) -> None:
        """Put a patch into frame `t`; on disk it comes later."""
        height, width = patch.shape
        with self._guard:
            for key, inside, part in parts_of(t, top, left, (height, width)):
                chunk = self._chunk(key).copy()  # the one before may wait to be written
                chunk[inside] = patch[part]
                self._put(key, chunk)
            self._make_room()

    def painted_on_disk(self, painted: Mapping[ChunkKey, Values]) -> None:
        """Say which chunks lie on disk, and the values in them."""
        self._painted.update(painted)

    def changed(self) -> ChangedChunks:
        """What is not on disk yet."""
        with self._guard:
            chunks = {key: self._in_memory[key] for key in self._versions}
            return ChangedChunks(chunks, dict(self._versions), dict(self._painted))

    def all_chunks(self) -> Iterator[tuple[ChunkKey, NDArray[np.uint8]]]:
        """Every painted chunk."""
        for key in sorted(self._painted):
            yield key, self._chunk(key)

    def save(self, changed: ChangedChunks) -> Iterator[None]:
        """Write changed chunks to disk, one at a time; the journal must hold them already."""
        if self.on_disk is None:  # nobody knows the movie's shape
            return
        self.on_disk.prepare(changed.painted)
        for key, chunk in changed.chunks.items():
            self.on_disk.write(key, chunk)
            yield
        self._note_saved(changed)

    def mend(self) -> bool:
        """Take chunks whose files are lost from the journal; return whether there were any."""
        disk = self.on_disk
        resting = [key for key in self._painted if key not in self._in_memory]
        lost = [key for key in resting if disk is None or not disk.holds(key)]
        if lost:
            self._take_from_journal()
        return bool(lost)

    def _chunk(self, key: ChunkKey) -> NDArray[np.uint8]:
        """The chunk as it is in memory, or as it rests on disk."""
        if key not in self._in_memory and key in self._painted:
            found = self.on_disk.read(key) if self.on_disk is not None else None
            if found is None:
                self._take_from_journal()
            else:
                self._in_memory[key] = found
        chunk = self._in_memory.get(key)
        return no_paint() if chunk is None else chunk

    def _put(self, key: ChunkKey, chunk: NDArray[np.uint8]) -> None:
        """Keep a chunk that differs from what is on disk."""
        self._n_changes += 1
        self._in_memory[key], self._versions[key] = chunk, self._n_changes
        if chunk.any():
            self._painted[key] = None
        else:
            self._painted.pop(key, None)

    def _note_saved(self, changed: ChangedChunks) -> None:
        """These chunks are on disk; those that changed since are not."""
        with self._guard:
            for key, version in changed.versions.items():
                if self._versions.get(key) == version:
                    del self._versions[key]
                    if key in self._painted:
                        self._painted[key] = values_in(changed.chunks[key])

    def _take_from_journal(self) -> None:
        """Fill all chunks that are not in memory; what the journal lost too becomes unpainted."""
        found = self._replay()
        for key in [key for key in self._painted if key not in self._in_memory]:
            self._put(key, found.get(key, no_paint()))

    def _make_room(self) -> None:
        if len(self._in_memory) - len(self._versions) > MAX_RESTING_CHUNKS:
            self._in_memory = {key: self._in_memory[key] for key in self._versions}
