"""What the pyramid head needs of a movie, on a grid of places: computed once, a frame at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.movie import Movie
from cell_events.recognition.grid_means import bands, means_at
from cell_events.recognition.grid_store import GridStore, RecentFrames
from cell_events.recognition.place_grid import STEP_PX, place_grid
from cell_events.recognition.readout import GaussianPyramid
from cell_events.time_arrow.features import SMALL_FRAME_PX, DenseFeatures
from cell_events.time_arrow.network import TimeArrowNetwork

BLOCK_PLACES = 256
"""Side of the blocks, in places, in which large frames are computed."""


class GridFeatures:
    """`PyramidHead.reduced` of the crop at every place of a grid; it does not depend on the head.

    Parameters
    ----------
    size
        Side of the crops in pixels.
    cache
        Folder that keeps the means as zarr, under a name made of the movie's fingerprint and the
        network's digest.
    recent
        Frames in memory, to be shared with other movies; some of its own by default.

    Attributes
    ----------
    grid
        The places.
    shape
        (T, D, y, x), where D is the number of scales times that of features.
    """

    def __init__(
        self,
        movie: Movie,
        tap: TimeArrowNetwork,
        size: int,
        device: torch.device | str = "cpu",
        cache: Path | None = None,
        recent: RecentFrames | None = None,
        step_px: int = STEP_PX,
    ) -> None:
        self.movie, self.size, self.step_px = movie, size, step_px
        self.grid = place_grid(movie.shape[1:], step_px)
        self.device = torch.device(device)
        self._pyramid = GaussianPyramid(size).to(self.device)
        channels = len(self._pyramid.scales) * tap.channels
        self.shape = (movie.n_frames, channels, *self.grid.shape)
        self._dense = DenseFeatures(movie, tap, device)
        self.name = f"{self._dense.name}-grid-{size}-{step_px}"
        self._recent = recent or RecentFrames()
        self._store = None if cache is None else GridStore(cache / f"{self.name}.zarr", self.shape)

    def read(self, t: int) -> NDArray[np.float16]:
        """Means (D, y, x) of frame `t`: from memory, from the cache, or from the network."""
        means = self._recent.get(self.name, t)
        if means is None:
            means = self._store.read(t) if self._store else None
            if means is None:
                means = self._compute(t)
                if self._store:
                    self._store.write(t, means)
            self._recent.put(self.name, t, means)
        return means

    def compute(self, frames: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Make sure that `frames` are kept, yielding (frames done, frames)."""
        wanted = list(frames)
        for count, t in enumerate(wanted, 1):
            if self._store is None or not self._store.has(t):
                self.read(t)
            yield count, len(wanted)

    def _compute(self, t: int) -> NDArray[np.float16]:
        """Means of one frame; large frames block by block, which bounds memory."""
        small = np.prod(self.movie.shape[1:]) <= SMALL_FRAME_PX
        side = max(self.grid.shape) if small else BLOCK_PLACES
        means = np.empty(self.shape[1:], np.float16)
        for top in range(0, self.shape[2], side):
            for left in range(0, self.shape[3], side):
                block = slice(top, top + side), slice(left, left + side)
                means[(slice(None), *block)] = self._block(t, block)
        return means

    @torch.inference_mode()
    def _block(self, t: int, block: tuple[slice, slice]) -> NDArray[np.float16]:
        """Means at a rectangle of places of frame `t`."""
        places = self.grid.rows[block[0]], self.grid.columns[block[1]]
        sides = self.movie.shape[1:]
        window = tuple(
            slice(max(0, int(some[0]) - self.size // 2), min(side, int(some[-1]) + self.size // 2))
            for some, side in zip(places, sides, strict=True)
        )
        z = torch.from_numpy(self._dense.compute_window(t, (window[0], window[1])))
        rows, columns = (
            bands(self._pyramid.weights, some - part.start, part.stop - part.start)
            for some, part in zip(places, window, strict=True)
        )
        means = means_at(z.to(self.device), self._pyramid, rows, columns)
        return np.asarray(means.half().cpu().numpy())
