"""Windows of a zarr array: absent chunks are noticed, and deep chunks are decoded once.

zarr reads an absent chunk as the fill value without a word.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.core.sync import sync  # zarr itself offers no other way to ask whether a chunk exists

from cell_events.decoded_cache import decoded_pieces
from cell_events.planes import picked, without_steps
from cell_events.sources import MissingChunks, MovieError

Place = tuple[int, ...]
"""Number of a chunk along each axis."""


class ZarrWindows:
    """A zarr array, read by window with basic slicing.

    Parameters
    ----------
    array
        An open zarr array of format 2 or 3, with or without shards.
    name
        How the movie is called in messages.
    missing_chunks
        "error" refuses to read an absent chunk, "fill" reads the fill value. A chunk absent
        inside a shard always reads as the fill value: the shard's own index says that it was never
        written.
    """

    def __init__(self, array: zarr.Array[Any], name: str, missing_chunks: MissingChunks) -> None:
        self.shape: tuple[int, ...] = tuple(array.shape)
        self.dtype: np.dtype[Any] = np.dtype(array.dtype)
        self._array, self._name, self._missing_chunks = array, name, missing_chunks
        self._present: set[Place] = set()
        self._owner = decoded_pieces.register(self)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    def __getitem__(self, index: Any) -> NDArray[Any]:
        picks = picked(index, self.shape)
        inner, steps = without_steps(picks)
        window = [slice(entry, entry + 1) if isinstance(entry, int) else entry for entry in inner]
        if self._missing_chunks == "error":
            self._refuse_missing(window)
        try:
            pixels = self._read(window)
        except (OSError, ValueError, RuntimeError) as error:
            raise MovieError(
                f"{self._name} cannot be read at {_described(window)} ({error}); copy it again."
            ) from error
        kept = tuple(0 if is_integer else slice(None) for _, is_integer in picks)
        return np.asarray(pixels[kept][steps])

    def _read(self, window: list[slice]) -> NDArray[Any]:
        """Read directly, or from kept chunks where these hold more planes than are asked for."""
        if not any(
            entry.stop - entry.start == 1 < min(chunk, size)
            for entry, chunk, size in zip(window, self._array.chunks, self.shape, strict=True)
        ):
            return np.asarray(self._array[tuple(window)])
        pixels = np.empty([entry.stop - entry.start for entry in window], self.dtype)
        for place in _touched(window, self._array.chunks):
            self._copy_chunk(place, window, pixels)
        return pixels

    def _copy_chunk(self, place: Place, window: list[slice], pixels: NDArray[Any]) -> None:
        """Copy what a chunk shares with the window."""
        starts = [number * size for number, size in zip(place, self._array.chunks, strict=True)]
        chunk = decoded_pieces.get(self._owner, place)
        if chunk is None:
            ends = [at + size for at, size in zip(starts, self._array.chunks, strict=True)]
            whole = tuple(slice(at, end) for at, end in zip(starts, ends, strict=True))
            chunk = np.asarray(self._array[whole])
            decoded_pieces.put(self._owner, place, chunk)
        source, target = [], []
        for entry, start, size in zip(window, starts, chunk.shape, strict=True):
            low, high = max(entry.start, start), min(entry.stop, start + size)
            source.append(slice(low - start, high - start))
            target.append(slice(low - entry.start, high - entry.start))
        pixels[tuple(target)] = chunk[tuple(source)]

    def _refuse_missing(self, window: list[slice]) -> None:
        stored = self._array.shards or self._array.chunks
        unseen = set(_touched(window, stored)) - self._present
        absent = sync(_absent(self._array, unseen)) if unseen else {}
        self._present |= unseen - set(absent)
        if absent:
            first = min(absent)
            raise MovieError(
                f"{self._name} lacks the chunk {absent[first]} at {_described(window)}: it was "
                f"lost, or holds only the fill value {self._array.fill_value}, which zarr need not "
                "store; copy the movie again, or pass missing_chunks='fill' to read the fill value."
            )


async def _absent(array: zarr.Array[Any], places: Iterable[Place]) -> dict[Place, str]:
    """Return the keys of those chunks that the store does not hold."""
    keys = {place: array.metadata.encode_chunk_key(place) for place in places}
    return {
        place: key for place, key in keys.items() if not await (array.store_path / key).exists()
    }


def _touched(window: Iterable[slice], chunks: Iterable[int]) -> Iterator[Place]:
    """Yield the chunks that a window reads from."""
    along = [
        range(entry.start // size, -(-entry.stop // size))
        for entry, size in zip(window, chunks, strict=True)
    ]
    return itertools.product(*along)


def _described(window: list[slice]) -> str:
    return f"[{', '.join(f'{entry.start}:{entry.stop}' for entry in window)}]"
