"""From a Labels layer to a file that the worker can open: its own, or a copy in the project."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from weakref import WeakKeyDictionary

import dask.array
import numpy as np
from dask.delayed import delayed
from napari.layers import Labels

from cell_events.gui.layers.layer_axes import LayerError, Placement, placement
from cell_events.gui.layers.movie_layer import copy_movie, movie_of_layer
from cell_events.gui.layers.stored_layers import placement_of_paint
from cell_events.gui.running.job_runner import Step
from cell_events.jobs.label_movie import open_labels
from cell_events.movie import Movie, MovieError


class LabelFiles:
    """Knows the copies that it made; a layer that was edited since is copied again.

    Labels are compared pixel by pixel with what is in a file, because a person may correct them
    anywhere.
    """

    def __init__(self) -> None:
        self._copies: WeakKeyDictionary[Labels, Path] = WeakKeyDictionary()

    def file(
        self, layer: Labels, movie: Placement, new_path: Callable[[], Path]
    ) -> Generator[Step, None, Path]:
        """Yield steps of the comparison and of the copy, and return what the worker is to open.

        Parameters
        ----------
        movie
            Where the movie of these labels lies.
        new_path
            Gives a path for a copy.

        Raises
        ------
        LayerError
            If the labels have no time axis, or another size than the movie.
        """
        labels = movie_of_layer(layer, _where(layer, movie))
        _check_shape(layer, labels, movie)
        for path in self._candidates(layer):
            if (yield from _holds(path, labels)):
                return path
        path = new_path()
        for done, total in copy_movie(labels, path):
            yield "copying the labels for the worker", done, total
        self._copies[layer] = path
        return path

    def reopened(self, path: Path, movie: Placement) -> Labels:
        """Make a layer of labels that were measured before; it is in this file.

        Raises
        ------
        MovieError
            If they cannot be read.
        """
        labels = open_labels(path)
        layer = Labels(lazy_labels(labels, movie), name=path.stem, **movie.flat_transform())
        self._copies[layer] = path
        return layer

    def _candidates(self, layer: Labels) -> list[Path]:
        """Files that may hold these labels."""
        source, copy = layer.source.path, self._copies.get(layer)
        paths = [copy, Path(source) if source else None]
        return [path for path in paths if path is not None and path.exists()]


def lazy_labels(labels: Movie, where: Placement) -> dask.array.Array:
    """Frames that are read when they are looked at, with the axes of the movie."""
    frame, shape = delayed(labels.read, pure=False), labels.shape[1:]
    frames = [
        dask.array.from_delayed(frame(t), shape, dtype=labels.dtype) for t in range(labels.n_frames)
    ]
    return dask.array.stack(frames).reshape(where.flat_shape())


def _where(layer: Labels, movie: Placement) -> Placement:
    """Axes of the labels; where they have several planes, that of the movie is meant."""
    where = placement_of_paint(layer)
    if where.extra_axis is None:
        return where
    flat = where.shape[where.extra_axis] == 1
    return placement(layer, where.axes, 0 if flat else movie.plane)


def _check_shape(layer: Labels, labels: Movie, movie: Placement) -> None:
    if labels.shape != movie.movie_shape:
        found, expected = (" x ".join(map(str, s)) for s in (labels.shape, movie.movie_shape))
        raise LayerError(
            f"The labels '{layer.name}' are {found} (frames x rows x columns), and the movie is "
            f"{expected}; choose labels that were made from this movie."
        )


def _holds(path: Path, labels: Movie) -> Generator[Step, None, bool]:
    """Whether a file, opened as a job opens it, holds exactly these labels."""
    try:
        there = open_labels(path)
        if there.shape != labels.shape:
            return False
        for t in range(labels.n_frames):
            if not np.array_equal(there.read(t), labels.read(t)):
                return False
            yield "comparing the labels with their file", t + 1, labels.n_frames
    except (MovieError, OSError):
        return False
    return True
