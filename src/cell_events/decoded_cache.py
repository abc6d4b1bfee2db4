"""Decoded pieces of compressed files, the latest kept up to a fixed number of bytes.

A frame is often read window by window, and drawn again and again in training. Without a cache each
window would decompress the same strips, tiles or chunks anew.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Any

from numpy.typing import NDArray

DECODED_CACHE_BYTES = 256 * 1024**2
"""What all open movies together may keep decoded in memory."""


class DecodedCache:
    """Least recently used pieces are dropped first; safe to share between threads."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.used_bytes = 0
        self._pieces: OrderedDict[tuple[int, Hashable], NDArray[Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._owners = itertools.count()
        self._gone: deque[int] = deque()  # finalisers may run at any moment, so they take no lock

    def register(self, owner: object) -> int:
        """Give `owner` a number for its keys; once it is gone, its pieces are the first to go."""
        number = next(self._owners)
        weakref.finalize(owner, self._gone.append, number)
        return number

    def get(self, owner: int, key: Hashable) -> NDArray[Any] | None:
        """Return a kept piece, or None."""
        with self._lock:
            piece = self._pieces.get((owner, key))
            if piece is not None:
                self._pieces.move_to_end((owner, key))
            return piece

    def put(self, owner: int, key: Hashable, piece: NDArray[Any]) -> None:
        """Keep a piece unless it alone exceeds the limit; drop the oldest to make room."""
        if piece.nbytes > self.max_bytes:
            return
        with self._lock:
            self._drop_the_gone()
            self._drop((owner, key))
            self._pieces[owner, key] = piece
            self.used_bytes += piece.nbytes
            while self.used_bytes > self.max_bytes:
                self._drop(next(iter(self._pieces)))

    def _drop_the_gone(self) -> None:
        gone = {self._gone.popleft() for _ in range(len(self._gone))}
        for key in [key for key in self._pieces if key[0] in gone] if gone else []:
            self._drop(key)

    def _drop(self, key: tuple[int, Hashable]) -> None:
        piece = self._pieces.pop(key, None)
        if piece is not None:
            self.used_bytes -= piece.nbytes


decoded_pieces = DecodedCache(DECODED_CACHE_BYTES)
"""The one cache that every open movie shares."""
