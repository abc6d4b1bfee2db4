"""The file that the worker reads for each Image layer, copied at most once."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from napari.layers import Image

from cell_events.gui.layers.layer_axes import Placement
from cell_events.gui.layers.movie_layer import (
    copy_movie,
    copy_source,
    file_source,
    movie_of_layer,
)
from cell_events.gui.running.job_runner import Step
from cell_events.jobs import MovieSource
from cell_events.project import glance


class MovieFiles:
    """Keeps the copies of layers that are in no file of their own, until it is closed."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._known: WeakKeyDictionary[Image, tuple[str, MovieSource]] = WeakKeyDictionary()
        self._n_copies = 0

    def source(self, layer: Image, placement: Placement) -> Generator[Step, None, MovieSource]:
        """Yield steps of the copy, if one is needed, and return what the worker is to open."""
        movie = movie_of_layer(layer, placement)
        content = f"{glance(movie)} {placement.pixel_size_um} {placement.frame_interval_s}"
        known_content, source = self._known.get(layer, ("", None))
        if source is not None and known_content == content:
            return source
        source = file_source(layer, placement, movie)
        if source is None:
            path = self._new_copy_path()
            for done, total in copy_movie(movie, path):
                yield "copying the layer for the worker", done, total
            source = copy_source(placement, path)
        self._known[layer] = (content, source)
        return source

    @property
    def feature_cache(self) -> Path:
        """Folder in which the worker keeps dense features while the viewer lives."""
        return self._temporary_folder() / "features"

    def is_copy(self, path: Path) -> bool:
        """Whether a file is a copy of ours, which ends with the viewer."""
        return self._folder is not None and Path(self._folder.name) in path.parents

    def close(self) -> None:
        """Delete the copies."""
        self._known.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _new_copy_path(self) -> Path:
        self._n_copies += 1
        return self._temporary_folder() / f"movie-{self._n_copies}.zarr"

    def _temporary_folder(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(
                prefix="cell-events-", ignore_cleanup_errors=True
            )
        return Path(self._folder.name)


def movies_of(job: Any) -> tuple[MovieSource, ...]:
    """Movies that a job reads, whether it takes several or one."""
    if hasattr(job, "movies"):
        return tuple(job.movies)
    movie = getattr(job, "movie", None)
    return (movie,) if isinstance(movie, MovieSource) else ()
