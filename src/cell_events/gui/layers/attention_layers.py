"""What a network looked at, on its movie: a map read frame by frame, and its strongest regions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import dask.array
import numpy as np
import zarr
from napari.components import ViewerModel
from napari.layers import Image, Layer, Points

from cell_events.gui.forms.attention_pictures import COLORMAP, OPACITY
from cell_events.gui.layers.layer_axes import Placement, to_layer_coordinates
from cell_events.gui.layers.our_layers import ATTENTION, REGIONS, mark, remove_ours
from cell_events.trust.top_regions import Region

RING_PX = 28


class AttentionLayers:
    """At most one map and one layer of regions; both lie where the movie does."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self.map: Image | None = None
        self.regions: Points | None = None

    def show_map(self, path: Path, highest: float, movie: Image, placement: Placement) -> None:
        """Show the map (T, Y, X) in a zarr; `highest` is its brightest value.

        Additive, so that the movie stays readable below. Opacity and visibility stay as somebody
        has set them.
        """
        if movie not in self._viewer.layers:
            return
        stored = zarr.open_array(str(path), mode="r")
        frames = dask.array.from_array(stored, chunks=(1, *stored.shape[1:]), name=False)
        layer = Image(
            frames.reshape(placement.flat_shape()),
            name=f"looked at in {movie.name}",
            colormap=COLORMAP,
            blending="additive",
            contrast_limits=(0.0, max(highest, 1e-12)),
            opacity=OPACITY if self.map is None else self.map.opacity,
            visible=self.map is None or self.map.visible,
            **placement.flat_transform(),
        )
        mark(layer, ATTENTION)
        self._put(layer, ATTENTION, self._viewer.layers.index(movie) + 1)
        self.map = layer

    def show_regions(
        self, regions: Sequence[Region], shift: int, movie: Image, placement: Placement
    ) -> None:
        """Show regions as numbered rings, in their frame and in so many (`shift`) before it."""
        rows = [(region, region.t - step) for region in regions for step in range(shift + 1)]
        places = np.array([(t, r.y, r.x) for r, t in rows], dtype=float).reshape(-1, 3)
        layer = Points(
            to_layer_coordinates(places, placement.axes),
            ndim=len(placement.axes),
            name=f"strongest regions in {movie.name}",
            features={
                "rank": [region.rank for region, _ in rows],
                "score": [region.score for region, _ in rows],
                "t": [region.t for region, _ in rows],
            },
            text={"string": "{rank}", "color": "white", "size": 10, "anchor": "upper_left"},
            face_color="transparent",
            border_color="white",
            border_width=0.06,
            size=RING_PX,
            **placement.flat_transform(),
        )
        mark(layer, REGIONS)
        layer.editable = False
        self._put(layer, REGIONS, len(self._viewer.layers))
        self.regions = layer

    def forget(self) -> None:
        """Show neither, as when another movie is chosen."""
        for role in (ATTENTION, REGIONS):
            remove_ours(self._viewer, role)
        self.map = self.regions = None

    def _put(self, layer: Layer, role: str, place: int) -> None:
        """Put a layer in place of the one before; the tool stays in the hand."""
        active = self._viewer.layers.selection.active
        remove_ours(self._viewer, role)
        self._viewer.layers.insert(min(place, len(self._viewer.layers)), layer)
        if active in self._viewer.layers:
            self._viewer.layers.selection.active = active
