"""Movies of labels that a job writes and reads, as zarr."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cell_events.jobs.checks import JobError
from cell_events.sources import ZARR_METADATA
from cell_events.whole_files import replace_folder

if TYPE_CHECKING:
    from cell_events.movie import Movie

WriteFrame = Callable[[int, NDArray[Any]], None]


def check_labels_out(path: Path | None) -> None:
    """Raise `JobError` unless a zarr can be written to a path."""
    if path is None:
        return
    if path.suffix != ".zarr":
        raise JobError(f"{path} must end in .zarr, for labels are written as zarr.")
    if path.exists() and not any((path / name).exists() for name in ZARR_METADATA):
        raise JobError(f"{path} exists and is no zarr; choose another name.")


@contextmanager
def label_writer(path: Path, shape: tuple[int, int, int]) -> Iterator[WriteFrame]:
    """Give a function that stores a (Y, X) frame; the zarr takes its place at the end, or never."""
    import zarr

    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        stored = zarr.create_array(
            str(temporary),
            shape=shape,
            chunks=(1, *shape[1:]),
            dtype="uint32",
            dimension_names=("t", "y", "x"),
        )

        def write(t: int, frame: NDArray[Any]) -> None:
            stored[t] = frame.astype(np.uint32)

        yield write
        replace_folder(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def open_labels(path: Path) -> Movie:
    """Open labels, whose axes are T, Y and X whatever their file calls them."""
    from cell_events.movie import open_movie

    return open_movie(path, axes="TYX", missing_chunks="fill")
