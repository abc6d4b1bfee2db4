"""The cache of decoded pieces: bounded, oldest out first, emptied with its owners."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from cell_events.decoded_cache import DecodedCache


class Owner:
    """Something that registers and goes away."""


def kilobyte() -> np.ndarray:
    return np.zeros(1000, np.uint8)


def test_the_least_recently_used_piece_goes_first() -> None:
    cache, owner = DecodedCache(3000), Owner()
    number = cache.register(owner)
    for key in "abc":
        cache.put(number, key, kilobyte())
    cache.get(number, "a")
    cache.put(number, "d", kilobyte())
    assert [cache.get(number, key) is not None for key in "abcd"] == [True, False, True, True]
    assert cache.used_bytes == 3000


def test_a_piece_larger_than_the_cache_is_not_kept() -> None:
    cache, owner = DecodedCache(999), Owner()
    number = cache.register(owner)
    cache.put(number, "a", kilobyte())
    assert cache.get(number, "a") is None
    assert cache.used_bytes == 0


def test_replacing_a_piece_counts_it_once() -> None:
    cache, owner = DecodedCache(3000), Owner()
    number = cache.register(owner)
    cache.put(number, "a", kilobyte())
    cache.put(number, "a", kilobyte())
    assert cache.used_bytes == 1000


def test_pieces_of_a_lost_owner_make_room() -> None:
    cache, gone, staying = DecodedCache(3000), Owner(), Owner()
    number = cache.register(gone)
    for key in "ab":
        cache.put(number, key, kilobyte())
    del gone
    gc.collect()
    cache.put(cache.register(staying), "c", kilobyte())
    assert cache.used_bytes == 1000


def test_threads_may_share_the_cache() -> None:
    cache, owner = DecodedCache(20_000), Owner()
    number = cache.register(owner)

    def use(key: int) -> None:
        cache.put(number, key % 50, kilobyte())
        cache.get(number, (key + 1) % 50)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(2000)))
    assert cache.used_bytes == 20_000
