"""Commands of the layer menus and of the command palette; the manifest names these functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari.layers import Image

from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.preferences import PLUGIN

if TYPE_CHECKING:
    import napari.viewer


def add_paint_layer(viewer: napari.viewer.Viewer) -> None:
    """Open the dock, and add an empty layer to paint on that fits the chosen movie.

    Nothing is returned: napari would add a layer that is returned a second time.

    Raises
    ------
    LayerError
        If no movie is chosen, and there is none or more than one.
    """
    movie = _chosen_movie(viewer)
    _, dock = viewer.window.add_plugin_dock_widget(PLUGIN, "Paint & detect")
    dock.form.movie.layer = movie
    dock.make_paint_layer()


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
