"""What a network looked at, on its movie: a map read frame by frame, and its strongest regions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dask.array
import numpy as np
import zarr
from napari.components import ViewerModel
from napari.layers import Image, Layer, Points
from numpy.typing import NDArray

from cell_events.gui.forms.attention_pictures import COLORMAP, OPACITY
from cell_events.gui.layers.layer_axes import Placement, to_layer_coordinates
from cell_events.gui.layers.our_layers import ATTENTION, REGIONS, mark, remove_ours
from cell_events.trust.explained_events import ExplainedEvent
from cell_events.trust.top_regions import Region

RING_PX = 28
BESIDE = np.array([[0.0, -16.0, -12.0]])
"""From a ring to its number, in pixels of the movie."""


class AttentionLayers:
    """At most one map and one layer of regions; both lie where the movie does."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self.map: Image | None = None
        self.shows_event = False
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
        self._show_map(
            frames.reshape(placement.flat_shape()),
            (f"looked at in {movie.name}", highest),
            movie,
            placement.flat_transform(),
        )

    def show_event(self, event: ExplainedEvent, movie: Image, placement: Placement) -> None:
        """Show the maps of an event where its crop lies in the movie, and in its frames alone."""
        if movie not in self._viewer.layers:
            return
        first, last = event.frames[0], event.frames[-1]
        inside = event.maps[(slice(None), *event.inside)]
        maps = np.zeros((last - first + 1, *inside.shape[1:]), np.float32)
        maps[[t - first for t in event.frames]] = inside
        top, left = (
            part.start + start
            for part, start in zip(event.inside, (event.top, event.left), strict=True)
        )
        extra = placement.extra_axis
        self._show_map(
            maps if extra is None else np.expand_dims(maps, extra),
            (f"looked at for {event.kind} in {movie.name}", float(maps.max())),
            movie,
            moved(placement, np.array([[first, top, left]], float)),
        )
        self.shows_event = True

    def _show_map(
        self, maps: Any, named: tuple[str, float], movie: Image, transform: dict[str, Any]
    ) -> None:
        """Put an Image layer above the movie; `named` has its name and its brightest value."""
        self.shows_event = False
        name, highest = named
        layer = Image(
            maps,
            name=name,
            colormap=COLORMAP,
            blending="additive",
            contrast_limits=(0.0, max(highest, 1e-12)),
            opacity=OPACITY if self.map is None else self.map.opacity,
            visible=self.map is None or self.map.visible,
            **transform,
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
            text={
                "string": "{rank}",
                "color": "white",
                "size": 12,
                "anchor": "center",
                "translation": to_layer_coordinates(BESIDE, placement.axes)[0],
            },
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

    def forget_map(self) -> None:
        """Show no map."""
        remove_ours(self._viewer, ATTENTION)
        self.map, self.shows_event = None, False

    def forget(self) -> None:
        """Show neither map nor regions, as when another movie is chosen."""
        self.forget_map()
        remove_ours(self._viewer, REGIONS)
        self.regions = None

    def _put(self, layer: Layer, role: str, place: int) -> None:
        """Put a layer in place of the one before; the tool stays in the hand."""
        active = self._viewer.layers.selection.active
        remove_ours(self._viewer, role)
        self._viewer.layers.insert(min(place, len(self._viewer.layers)), layer)
        if active in self._viewer.layers:
            self._viewer.layers.selection.active = active


def moved(placement: Placement, place: NDArray[np.float64]) -> dict[str, Any]:
    """Transform of a layer whose first pixel lies at a place t, y, x (1, 3) of the movie."""
    transform = placement.flat_transform()
    coordinates = to_layer_coordinates(place, placement.axes)[0]
    layer = Points(np.empty((0, len(coordinates))), ndim=len(coordinates), **transform)
    origin = np.array(layer.data_to_world(np.zeros(len(coordinates))))
    shift = np.array(layer.data_to_world(coordinates)) - origin
    affine = np.linalg.inv(np.asarray(transform["affine"])[:-1, :-1])
    return {**transform, "translate": transform["translate"] + affine @ shift}
