"""The Labels layer of the chosen cell map, read frame by frame as it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dask.array
import zarr
from napari.components import ViewerModel
from napari.layers import Image, Labels
from napari.utils import DirectLabelColormap

from cell_events.gui.layers.heat_layer import on_grid
from cell_events.gui.layers.layer_axes import Placement
from cell_events.gui.layers.our_layers import CELL_MAP, mark, remove_ours

COLOUR, OPACITY = "#00d5ff", 0.4


class CellMapLayer:
    """Shows one of the maps on its movie; there is at most one such layer."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self.layer: Labels | None = None

    def show(self, path: Path, index: int, movie: Image, placement: Placement) -> None:
        """Show map `index` of the maps (T, n, y, x) at `path`, in place of the one before.

        Whether it is visible stays as somebody has set it.
        """
        if movie not in self._viewer.layers:
            return
        maps = zarr.open_array(str(path), mode="r")
        attributes: Mapping[str, Any] = maps.attrs
        step, first = float(attributes["step_px"]), float(attributes.get("offset_px", 0))
        frames = dask.array.from_array(maps, chunks=(1, *maps.shape[1:]), name=False)[:, index]
        layer = Labels(
            frames.reshape((*placement.flat_shape()[:-2], *frames.shape[-2:])),
            name=f"cell map {index} of {movie.name}",
            colormap=DirectLabelColormap(color_dict={1: COLOUR, None: "transparent"}),
            opacity=OPACITY,
            **on_grid(placement, step, first),
        )
        layer.visible = self.layer is None or self.layer.visible
        layer.editable = False
        mark(layer, CELL_MAP)
        active = self._viewer.layers.selection.active
        self.forget()
        self._viewer.layers.insert(self._viewer.layers.index(movie) + 1, layer)
        self.layer = layer
        if active in self._viewer.layers:
            self._viewer.layers.selection.active = active  # the tool stays in the hand

    def forget(self) -> None:
        """Show no map, as when another movie is chosen."""
        remove_ours(self._viewer, CELL_MAP)
        self.layer = None
