"""From an Image layer to a movie that the worker process can open: its file, or a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zarr
from napari.layers import Image

from cell_events.gui.layers.layer_axes import Placement, first_level
from cell_events.jobs import MovieSource
from cell_events.movie import Movie, MovieError, open_movie
from cell_events.project import glance

CHUNK_SIDE_PX = 1024


def movie_of_layer(layer: Image, placement: Placement) -> Movie:
    """Look at a layer as a `Movie`; nothing is read yet."""
    return open_movie(first_level(layer), **opening_of(placement))


def file_source(layer: Image, placement: Placement, movie: Movie) -> MovieSource | None:
    """Source of the file that the layer was opened from; None if it does not hold the same movie.

    The comparison reads a few windows of both (`glance`), so a layer that was cropped, split,
    filtered or converted since is recognised.
    """
    path = layer.source.path
    if not path or not Path(path).exists():
        return None
    try:
        on_disk = open_movie(Path(path), **opening_of(placement))
        if glance(on_disk) != glance(movie):
            return None
    except (MovieError, OSError):
        return None
    return MovieSource(path=Path(path), **opening_of(placement))


def copy_movie(movie: Movie, path: Path) -> Iterator[tuple[int, int]]:
    """Write a movie to a zarr array, one chunk at a time; yield chunks done and chunks in all."""
    n_frames, height, width = movie.shape
    chunk = (1, min(height, CHUNK_SIDE_PX), min(width, CHUNK_SIDE_PX))
    array = zarr.create_array(
        path,
        shape=movie.shape,
        chunks=chunk,
        dtype=movie.dtype,
        compressors=None,
        overwrite=True,
        config={"write_empty_chunks": True},  # `open_movie` takes an absent chunk for a lost one
    )
    windows = [
        (slice(top, top + chunk[1]), slice(left, left + chunk[2]))
        for top in range(0, height, chunk[1])
        for left in range(0, width, chunk[2])
    ]
    total = n_frames * len(windows)
    for t in range(n_frames):
        for i, (rows, columns) in enumerate(windows, start=1):
            array[t, rows, columns] = movie.read(t, rows, columns)
            yield t * len(windows) + i, total


def copy_source(placement: Placement, path: Path) -> MovieSource:
    """Source of the copy that `copy_movie` wrote."""
    return MovieSource(
        path=path,
        axes="TYX",
        pixel_size_um=placement.pixel_size_um,
        frame_interval_s=placement.frame_interval_s,
    )


def opening_of(placement: Placement) -> dict[str, Any]:
    """How `open_movie` is to read the layer's array, or the file that it came from."""
    return {
        "axes": placement.axes,
        "channel": placement.plane if "C" in placement.axes else None,
        "z": placement.plane if "Z" in placement.axes else None,
        "pixel_size_um": placement.pixel_size_um,
        "frame_interval_s": placement.frame_interval_s,
    }
