"""Dense features of a movie: computed once, read by window."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.engine.device import Precision, mixed_precision, working_dtype
from cell_events.engine.model_file import network_digest
from cell_events.engine.tiles import Window, tile_around
from cell_events.movie import Movie
from cell_events.time_arrow.feature_store import TILE_PX, FeatureStore, TileKey
from cell_events.time_arrow.folding import folded
from cell_events.time_arrow.network import TimeArrowNetwork

SMALL_FRAME_PX = 1024 * 1024
KEPT_TILES = 8


class DenseFeatures:
    """Features z of one movie under one network, as float16, by window.

    A window has the same numbers however it is cut, since it is computed with the halo that the
    network's receptive field asks for.

    Parameters
    ----------
    cache
        Folder in which features are kept as zarr, under a name made of the movie's fingerprint
        and the network's digest. Without it, the last few frames are kept in memory if they are
        small (up to 1024 x 1024 pixels), and larger ones are computed window by window.
    precision
        ``float32`` repeats the network's own numbers; ``auto`` is faster where the hardware has
        bfloat16, at a relative error of about one percent.

    Attributes
    ----------
    shape
        (T, C, Y, X).
    """

    def __init__(
        self,
        movie: Movie,
        network: TimeArrowNetwork,
        device: torch.device | str = "cpu",
        cache: Path | None = None,
        precision: Precision = "auto",
    ) -> None:
        self.movie = movie
        self.shape = (movie.shape[0], network.channels, *movie.shape[1:])
        self.device = torch.device(device)
        self.halo, self.multiple = network.halo, network.multiple
        self._network = folded(network).to(self.device)
        self._dtype = working_dtype(self.device, precision)
        self._digest = network_digest(network)
        self._recent: OrderedDict[TileKey, NDArray[np.float16]] = OrderedDict()
        self._store = (
            None if cache is None else FeatureStore(cache / f"{self.name}.zarr", self.shape)
        )
        self._tile_px = max(movie.shape[1:]) if self._store is None else TILE_PX
        self._keeps_tiles = self._store is not None or np.prod(movie.shape[1:]) <= SMALL_FRAME_PX

    def read(
        self, t: int, rows: slice = slice(None), columns: slice = slice(None)
    ) -> NDArray[np.float16]:
        """Features (C, y, x) of a window of frame `t`."""
        window = (
            slice(*rows.indices(self.shape[2])[:2]),
            slice(*columns.indices(self.shape[3])[:2]),
        )
        if not self._keeps_tiles:
            return self.compute_window(t, window)
        sides = (part.stop - part.start for part in window)
        out = np.empty((self.shape[1], *sides), np.float16)
        for row in self._tiles_over(window[0]):
            for column in self._tiles_over(window[1]):
                tile = self._tile((t, row, column))
                from_rows, to_rows = self._overlap(window[0], row)
                from_columns, to_columns = self._overlap(window[1], column)
                out[:, to_rows, to_columns] = tile[:, from_rows, from_columns]
        return out

    def compute(self, frames: Iterable[int] | None = None) -> Iterator[tuple[int, int]]:
        """Fill the cache for `frames` (all by default), yielding (frames done, frames)."""
        wanted = list(range(self.shape[0]) if frames is None else frames)
        for count, t in enumerate(wanted, 1):
            for row in self._tiles_over(slice(0, self.shape[2])):
                for column in self._tiles_over(slice(0, self.shape[3])):
                    self._tile((t, row, column))
            yield count, len(wanted)

    def _tile(self, key: TileKey) -> NDArray[np.float16]:
        """One tile of one frame, from memory, from the cache, or from the network."""
        if key in self._recent:
            self._recent.move_to_end(key)
            return self._recent[key]
        tile = self._store.read(key) if self._store else None
        if tile is None:
            t, row, column = key
            tile = self.compute_window(t, (self._span(row), self._span(column)))
            if self._store:
                self._store.write(key, tile)
        self._recent[key] = tile
        if len(self._recent) > KEPT_TILES:
            self._recent.popitem(last=False)
        return tile

    @torch.inference_mode()
    def compute_window(self, t: int, core: Window) -> NDArray[np.float16]:
        """Features (C, y, x) of a window of frame `t`, by the network; nothing is remembered."""
        tile = tile_around(core, self.shape[2:], self.halo, self.multiple)
        image = torch.from_numpy(self.movie.read_normalised(t, *tile.window))
        with mixed_precision(self.device, self._dtype):
            z = self._network.features(image.to(self.device)[None, None])[0]
        return np.asarray(z[(slice(None), *tile.inner)].half().cpu().numpy())

    @property
    def name(self) -> str:
        """Name of what this movie shows under this network, in this number format."""
        kind = str(self._dtype).removeprefix("torch.")
        return f"{self.movie.fingerprint}-{self._digest}-{kind}"

    def _span(self, index: int) -> slice:
        """Pixels of the tile with this index along one axis."""
        return slice(index * self._tile_px, (index + 1) * self._tile_px)

    def _tiles_over(self, part: slice) -> range:
        """Indices along one axis of the tiles that a window touches."""
        return range(part.start // self._tile_px, -(-part.stop // self._tile_px))

    def _overlap(self, part: slice, index: int) -> tuple[slice, slice]:
        """Where window and tile overlap along one axis: within the tile, within the window."""
        span = self._span(index)
        start, stop = max(part.start, span.start), min(part.stop, span.stop)
        return (
            slice(start - span.start, stop - span.start),
            slice(start - part.start, stop - part.start),
        )
