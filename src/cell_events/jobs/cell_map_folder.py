"""The folder that `mitosis map` writes, as it is read again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell_events.jobs.checks import JobError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell_events.movie import Movie

MAPS_JSON, MAPS_ZARR, MAPS_PNG = "maps.json", "maps.zarr", "maps.png"
CELL_MAP_MODEL = "cell_map.safetensors"
TOLD = ("chosen", "proposed", "shrink", "qualities", "digest")


@dataclass(frozen=True, slots=True)
class CellMaps:
    """A complete folder of cell maps; `values` are those of its maps.json."""

    folder: Path
    values: Mapping[str, Any]

    @property
    def shrink(self) -> int:
        """Pixels of the movie for each place of the grid, along each side."""
        return int(self.values["shrink"])

    @property
    def digest(self) -> str:
        """Digest of the network's weights."""
        return str(self.values["digest"])

    def result(self) -> dict[str, Any]:
        """What the job that made them has achieved."""
        told = {name: self.values[name] for name in TOLD}
        return {
            "folder": str(self.folder),
            "model": str(self.folder / CELL_MAP_MODEL),
            "maps": str(self.folder / MAPS_ZARR),
            "picture": str(self.folder / MAPS_PNG),
            **told,
        }

    def masks(self, choose: int | None = None) -> StoredMasks:
        """Masks of normal cells, as the map of this number shows them (see `index`)."""
        return StoredMasks(self.folder / MAPS_ZARR, self.index(choose))

    def index(self, choose: int | None = None) -> int:
        """Number of the map of normal cells: this one, or that chosen when they were made.

        Raises
        ------
        JobError
            If there is no such map, or if it shows nothing.
        """
        index = int(self.values["chosen"]) if choose is None else choose
        check_choice_of_map(index, self.values["qualities"], self.folder)
        return index


class StoredMasks:
    """One of the maps of a folder, (T, Y, X) on the grid, read frame by frame."""

    def __init__(self, path: Path, index: int) -> None:
        import zarr

        self._array = zarr.open_array(str(path), mode="r")
        self.index = index

    @property
    def shape(self) -> tuple[int, int, int]:
        """Frames, rows and columns."""
        frames, _, rows, columns = self._array.shape
        return frames, rows, columns

    def __getitem__(self, t: int) -> NDArray[np.bool_]:
        """(Y, X) of frame `t`."""
        import numpy as np

        return np.asarray(self._array[t, self.index], bool)


def read_cell_maps(folder: Path) -> CellMaps:
    """Open what `mitosis map` has written.

    Raises
    ------
    JobError
        If the folder holds no complete cell maps.
    """
    try:
        values = json.loads((folder / MAPS_JSON).read_text("utf-8"))
        maps = CellMaps(folder, {**values, "chosen": int(values["chosen"])})
        complete = maps.shrink >= 1 and bool(maps.digest) and (folder / MAPS_ZARR).is_dir()
    except FileNotFoundError:
        complete = False
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise JobError(
            f"{folder / MAPS_JSON} is damaged; make it anew with mitosis map."
        ) from error
    if not complete:
        raise JobError(
            f"{folder} holds no complete cell maps; give a folder that mitosis map has written."
        )
    return maps


def holds_cell_maps(folder: Path, made: Mapping[str, Any]) -> bool:
    """Whether a folder holds complete maps that were made of the same and in the same way."""
    try:
        return read_cell_maps(folder).values.items() >= made.items()
    except JobError:
        return False


def check_same_movie(values: Mapping[str, Any], movie: Movie, made: str) -> None:
    """Raise `JobError` unless what was made of a movie was made of this one."""
    if values["fingerprint"] != movie.fingerprint:
        raise JobError(
            f"The {made} was made of another movie, {values['movie']}, than {movie.name}; make one "
            "of this movie."
        )


def check_same_grid(values: Mapping[str, Any], shrink: int, made: str) -> None:
    """Raise `JobError` unless what was made on a grid was made on this one."""
    if values["shrink"] != shrink:
        raise JobError(
            f"The {made} was made with shrink {values['shrink']}, but {shrink} is asked for; leave "
            "shrink and resolution out, or make one of this shrink."
        )


def check_choice_of_map(
    index: int | None, qualities: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    """Raise `JobError` unless there is a map of this number that shows something."""
    if index is None or not 0 <= index < len(qualities):
        raise JobError(f"choose must be a map from 0 to {len(qualities) - 1}, got {index}.")
    if qualities[index]["dead"]:
        raise JobError(
            f"Map {index} cannot be one of cells ({qualities[index]['reason']}); choose another of "
            f"those in {folder / MAPS_PNG}."
        )
