"""Scores on a grid of places, as zarr: one chunk a frame, so that each shows at once."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

GRID_KEY = "cell_events_grid"
HIGHEST = 255
"""Stored value of a score of 1."""


class GridHeatMap:
    """Zarr array (T, K, y, x) uint8 of scores; frames that are not predicted have no chunk.

    The attributes `step_px`, `offset_px` and `classes` tell where the middle of the place (y, x)
    lies in the movie, at ``offset_px + step_px * (y, x)``, and what the K maps show. The score of a
    pair is stored at its second frame. An older one at `path` is replaced.

    Raises
    ------
    ValueError
        If something else than such a heat map lies at `path`.
    """

    def __init__(
        self, path: Path, shape: tuple[int, int, int, int], classes: Sequence[str], step_px: int
    ) -> None:
        if path.exists():
            _check_ours(path)
            shutil.rmtree(path)
        self._array = zarr.create_array(
            str(path),
            shape=shape,
            chunks=(1, *shape[1:]),
            dtype="uint8",
            fill_value=0,
            chunk_key_encoding={"name": "default", "separator": "."},
            config={"write_empty_chunks": True},
        )
        offset_px = (step_px - 1) / 2
        self._array.attrs.update(
            {GRID_KEY: 1, "step_px": step_px, "offset_px": offset_px, "classes": list(classes)}
        )

    def write(self, frame: int, scores: NDArray[np.float32]) -> None:
        """Store the scores (K, y, x) of a frame, in one piece."""
        self._array[frame] = np.rint(scores * HIGHEST).astype(np.uint8)


def _check_ours(path: Path) -> None:
    """Raise ValueError unless a heat map on a grid lies at `path`."""
    try:
        attributes = dict(zarr.open_array(str(path), mode="r").attrs)
    except (OSError, ValueError, KeyError, TypeError):
        attributes = {}
    if GRID_KEY not in attributes:
        raise ValueError(
            f"{path} exists and is no heat map on a grid; choose another name or delete it."
        )
