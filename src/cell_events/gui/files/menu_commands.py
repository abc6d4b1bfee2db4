"""Commands of the layer menus and of the command palette; the manifest names these functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari.layers import Image

from cell_events.gui.forms.brush import pick_up_brush
from cell_events.gui.layers.layer_axes import LayerError, placement, possible_axes
from cell_events.gui.layers.paint_layer import new_paint_layer

if TYPE_CHECKING:
    import napari.viewer


def add_paint_layer(viewer: napari.viewer.Viewer) -> None:
    """Add an empty layer to paint events on, that fits the chosen movie, and pick up the brush.

    Raises
    ------
    LayerError
        If no movie is chosen, and there is none or more than one.
    """
    movie = _chosen_movie(viewer)
    where = placement(movie, possible_axes(movie)[0])
    layer = viewer.add_layer(new_paint_layer(where, f"paint on {movie.name}"))
    pick_up_brush(viewer, layer, 1)
    return layer


def _chosen_movie(viewer: napari.viewer.Viewer) -> Image:
    """The Image layer that is selected, or the only one."""
    selected = [layer for layer in viewer.layers.selection if isinstance(layer, Image)]
    images = [layer for layer in viewer.layers if isinstance(layer, Image)]
    for found in (selected, images):
        if len(found) == 1:
            return found[0]
    raise LayerError(
        "Choose the movie in the layer list first; "
        + (
            "there are several."
            if images
            else "there is none yet: open one, or drag its file into the window."
        )
    )
