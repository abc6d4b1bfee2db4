"""What napari calls to save layers of ours; the manifest names these functions.

npe2 asks plugins before napari itself, and takes the first writer where no extension is typed.
Hence what is not ours is left to napari's own writers.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from napari.layers import Image, Labels, Layer

from cell_events.events import write_events
from cell_events.gui.files.mask_files import write_mask_tiff, write_mask_zarr
from cell_events.gui.layers.events_layer import events_of_layer
from cell_events.gui.layers.layer_axes import LayerError, Placement
from cell_events.gui.layers.paint_layer import check_paint
from cell_events.gui.layers.stored_layers import (
    LayerData,
    placement_of_movie,
    placement_of_paint,
    placement_of_points,
)


def write_events_csv(path: str, data: Any, attributes: dict[str, Any]) -> list[str]:
    """Save a Points layer as CSV of events, with the scale where the layer's units tell it.

    A layer of points without kinds of event becomes napari's own CSV of points.
    """
    points = Layer.create(data, attributes, "points")
    if "kind" not in points.features:
        from napari_builtins.io import napari_write_points

        written = napari_write_points(path, data, attributes)
        return [written] if written else []
    where = placement_of_points(points)
    events = events_of_layer(points, where)
    write_events(path, events, where.pixel_size_um, where.frame_interval_s)
    return [path]


def write_paint_tiff(path: str, layers: list[LayerData]) -> list[str]:
    """Save a Labels layer, alone or with its movie, as painted mask: a compressed TIFF."""
    return _write_paint(write_mask_tiff, path, layers)


def write_paint_zarr(path: str, layers: list[LayerData]) -> list[str]:
    """Save a Labels layer, alone or with its movie, as zarr that holds only what is painted."""
    return _write_paint(write_mask_zarr, path, layers)


def _write_paint(
    write: Callable[[Path, Labels, Placement], None], path: str, layers: list[LayerData]
) -> list[str]:
    """Write the paint alone; a movie that was chosen with it says what its axes are."""
    made = [Layer.create(*one) for one in layers]
    paint = next(layer for layer in made if isinstance(layer, Labels))
    where = placement_of_paint(paint)
    for movie in (layer for layer in made if isinstance(layer, Image)):
        if (known := placement_of_movie(movie)) is None:
            raise LayerError(f"'{movie.name}' is no movie; choose the paint alone to save it.")
        check_paint(paint, known)
        where = known
    write(Path(path), paint, where)
    return [path]
