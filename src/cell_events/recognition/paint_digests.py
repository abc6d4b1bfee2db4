"""Which frames of a painted mask hold something, and whether it has changed, without decoding."""

from __future__ import annotations

import hashlib
from itertools import product
from math import ceil
from pathlib import Path
from typing import Any

import zarr

from cell_events.recognition.paint import PaintedMask

UNTOUCHED = b""
"""Digest of a frame for which nothing is stored and nothing drawn."""


def frame_digests(mask: PaintedMask) -> list[bytes]:
    """Digest of each frame of a mask: what is stored, the discs, and whether it is done.

    Of a zarr file the stored chunks are taken as they are, and frames without any are
    `UNTOUCHED`; frames of other masks are read.
    """
    array = _zarr_of(mask.movie.path)
    digests = []
    for t in range(mask.shape[0]):
        stored = mask.movie.read(t).tobytes() if array is None else _stored_chunks(array, t)
        drawn = repr(tuple(mask.discs.get(t, ()))).encode() if t in mask.discs else b""
        digest = hashlib.blake2b(stored + drawn, digest_size=16).digest()
        digests.append(digest if stored or drawn else UNTOUCHED)
    return digests


def _zarr_of(path: Path | None) -> zarr.Array[Any] | None:
    """Zarr array (T, Y, X) in the folder `path`, if that is what lies there."""
    if path is None or not path.is_dir():
        return None
    try:
        array = zarr.open(str(path), mode="r")
    except (OSError, ValueError, LookupError):
        return None
    return array if isinstance(array, zarr.Array) and array.ndim == 3 else None


def _stored_chunks(array: zarr.Array[Any], t: int) -> bytes:
    """What is stored of frame `t`, still compressed; empty if nothing is."""
    sides = array.shards or array.chunks
    counts = (ceil(length / side) for length, side in zip(array.shape[1:], sides[1:], strict=True))
    folder = Path(str(array.store_path.store.root)) / array.store_path.path  # type: ignore[attr-defined]
    found = []
    for row, column in product(*map(range, counts)):
        key = array.metadata.encode_chunk_key((t // sides[0], row, column))
        try:
            found.append(f"{row},{column}:".encode() + (folder / key).read_bytes())
        except FileNotFoundError:
            continue
    return b"".join(found)
