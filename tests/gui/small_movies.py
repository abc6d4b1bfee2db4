"""Small movies in files and layers, and a workbench that looks at them, for the tests."""

from __future__ import annotations

import numpy as np
import tifffile
from napari.layers._source import layer_source

from cell_events.gui.layers.layer_axes import placement

SHAPE = (6, 40, 50)


def pixels(seed=0, shape=SHAPE):
    return np.random.default_rng(seed).integers(0, 255, shape, dtype=np.uint8)


def written(path, seed=0, shape=SHAPE):
    """A movie in a file of its own folder, so that its project lies beside nothing else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, pixels(seed, shape), photometric="minisblack")
    return path


def opened(viewer, path, **options):
    """The layer that napari makes of such a file."""
    with layer_source(path=str(path)):
        return viewer.add_image(tifffile.imread(path), name=path.stem, **options)


def look_at(bench, layer, axes="TYX", plane=None):
    """What the dock does when a movie is chosen."""
    bench.look_at(layer, placement(layer, axes, plane))
    return bench.looked_at


def dab(layer, *place, value=1):
    """Touch a paint layer with the brush, and let go."""
    with layer.block_history():
        layer.paint(place, value)


def painted(project, movie_id="movie-1"):
    """All painted frames of a movie (T, Y, X)."""
    frames = project.paint(movie_id)
    return np.stack([frames.read(t) for t in range(project.movies[movie_id].shape[0])])
