"""The score of each class at every place and time, as zarr, and the state of its writing."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

from cell_events.engine import atomic
from cell_events.engine.tiles import Tile
from cell_events.recognition.peaks import Peak

LARGEST_CHUNK_PX = 512
RUN_KEY = "cell_events_run"


class HeatMap:
    """Zarr array (T, K, Y, X) float16 of scores; peaks of finished tiles lie in a folder in it.

    The score of a pair is stored at its second frame; frames without a pair hold 0. A run that
    finds its own unfinished heat map goes on after the last finished tile.

    Parameters
    ----------
    run
        Whatever the scores depend on. A heat map of another run is replaced.

    Raises
    ------
    ValueError
        If something else than a heat map lies at `path`.
    """

    def __init__(
        self,
        path: Path,
        shape: tuple[int, int, int, int],
        classes: Sequence[str],
        tile_px: int,
        run: Sequence[object],
    ) -> None:
        self.path = path
        key = hashlib.blake2b(repr((shape, tile_px, *run)).encode(), digest_size=16).hexdigest()
        if path.exists() and self._run_at(path) != key:
            shutil.rmtree(path)
        side = min(tile_px, LARGEST_CHUNK_PX)
        self._array = zarr.open_array(
            str(path),
            mode="a",
            shape=shape,
            chunks=(1, shape[1], min(side, shape[2]), min(side, shape[3])),
            dtype="float16",
            fill_value=0,
        )
        self._array.attrs.update({RUN_KEY: key, "classes": list(classes)})

    def write(self, frame: int, tile: Tile, scores: NDArray[np.float32]) -> None:
        """Store the scores (K, y, x) of the core of a tile."""
        self._array[(frame, slice(None), *tile.core)] = scores.astype(np.float16)

    def peaks(self, tile: Tile) -> list[Peak] | None:
        """Return the peaks of a finished tile; None if it is not finished."""
        file = self._file(tile)
        if not file.exists():
            return None
        rows = json.loads(file.read_text("utf8"))
        return [replace(Peak(*row[:-1]), odds=tuple(row[-1])) for row in rows]

    def finish(self, tile: Tile, peaks: Sequence[Peak]) -> None:
        """Say that a tile is finished, and remember its peaks."""
        atomic.write_text(self._file(tile), json.dumps([astuple(peak) for peak in peaks]))

    def _file(self, tile: Tile) -> Path:
        rows, columns = tile.core
        return self.path / "finished_tiles" / f"{rows.start}-{columns.start}.json"

    @staticmethod
    def _run_at(path: Path) -> object:
        """Key of the run that wrote the heat map at `path`."""
        try:
            attributes = dict(zarr.open_array(str(path), mode="r").attrs)
        except (OSError, ValueError, KeyError, TypeError):
            attributes = {}
        if RUN_KEY not in attributes:
            raise ValueError(
                f"{path} exists and is no heat map of ours; choose another name or delete it."
            )
        return attributes[RUN_KEY]
