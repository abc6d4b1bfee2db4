"""Maps of a range of frames as zarr, and the state of their writing."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from cell_events.engine import atomic
from cell_events.engine.tiles import Window
from cell_events.movie import Movie
from cell_events.trust.top_regions import Region

LARGEST_CHUNK_PX = 512
RUN_KEY = "cell_events_explained"


class ExplainedFrames:
    """Zarr array (T, Y, X) float32, a chunk of one frame each; regions lie in a folder in it.

    Frames that are not explained have no chunks and read as 0. Scale and names of the axes lie in
    the attributes. A run that finds its own unfinished maps goes on after the last finished frame.

    Parameters
    ----------
    run
        Whatever the maps depend on. Maps of another run are replaced.
    about
        Further attributes: what is explained, in which layer.

    Raises
    ------
    ValueError
        If something else than such maps lies at `path`.
    """

    def __init__(
        self, path: Path, movie: Movie, run: Sequence[object], about: Mapping[str, Any]
    ) -> None:
        self.path = path
        parts = repr((movie.fingerprint, *run)).encode()
        key = hashlib.blake2b(parts, digest_size=16).hexdigest()
        if path.exists() and _run_at(path) != key:
            shutil.rmtree(path)
        sides = (min(LARGEST_CHUNK_PX, side) for side in movie.shape[1:])
        self._array = zarr.open_array(
            str(path),
            mode="a",
            shape=movie.shape,
            chunks=(1, *sides),
            dtype="float32",
            fill_value=0,
            dimension_names=("t", "y", "x"),
            config={"write_empty_chunks": True},
        )
        self._array.attrs.update({RUN_KEY: key, **scale_of(movie), **about})

    def write(self, t: int, window: Window, values: NDArray[np.float32]) -> None:
        """Store a window (y, x) of frame `t`."""
        self._array[(t, *window)] = values

    def frame(self, t: int) -> NDArray[np.float32]:
        """The map (Y, X) of frame `t`."""
        return np.asarray(self._array[t], np.float32)

    def regions(self, t: int) -> tuple[Region, ...] | None:
        """Give the regions of a finished frame; None if it is not finished."""
        file = self._file(t)
        if not file.exists():
            return None
        return tuple(Region(*values) for values in json.loads(file.read_text("utf8")))

    def finish(self, t: int, regions: Sequence[Region]) -> None:
        """Say that a frame is finished, and remember its regions."""
        atomic.write_text(self._file(t), json.dumps([astuple(region) for region in regions]))

    def _file(self, t: int) -> Path:
        return self.path / "finished_frames" / f"{t}.json"


def scale_of(movie: Movie) -> dict[str, float | None]:
    """Scale of a movie as attributes."""
    return {"pixel_size_um": movie.pixel_size_um, "frame_interval_s": movie.frame_interval_s}


def _run_at(path: Path) -> object:
    """Key of the run that wrote the maps at `path`."""
    try:
        attributes = dict(zarr.open_array(str(path), mode="r").attrs)
    except (OSError, ValueError, KeyError, TypeError):
        attributes = {}
    if RUN_KEY not in attributes:
        raise ValueError(
            f"{path} exists and holds no explained frames; choose another name or delete it."
        )
    return attributes[RUN_KEY]
