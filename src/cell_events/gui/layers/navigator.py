"""Go to an event: move the viewer in time, and the camera over it."""

from __future__ import annotations

from typing import Any

import numpy as np
from napari.components import ViewerModel
from napari.layers import Points
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.gui.layers.layer_axes import Placement, to_layer_coordinates

CELL_PX = 40
"""About the size of a dividing cell and what is around it, in pixels of the movie."""

TINY, COMFORTABLE = 24, 120
"""Pixels of the screen that a cell takes: with fewer than the first, the camera comes nearer."""


class Navigator:
    """Moves one viewer; the layer itself may be gone, its placement is enough."""

    def __init__(self, viewer: ViewerModel) -> None:
        self.viewer = viewer
        self._placed: tuple[Placement, Points] | None = None

    def go_to(self, event: Event, placement: Placement) -> None:
        """Show the event's frame, with the event in the middle.

        Every axis but time stays where it is, and so does the zoom unless the cell would be tiny.
        """
        self.show_frame(event.t, placement)
        place = self._world(event, placement)
        camera = self.viewer.scene.camera
        centre = list(camera.center)
        displayed = self.viewer.dims.displayed
        for k, axis in enumerate(displayed, start=len(centre) - len(displayed)):
            centre[k] = place.get(axis, centre[k])
        camera.center = tuple(centre)
        size = CELL_PX * self._pixel_size(event, placement)
        if size * camera.zoom < TINY:
            camera.zoom = COMFORTABLE / size

    def show_frame(self, t: int, placement: Placement) -> None:
        """Move only in time."""
        axis, place = self.time_axis(placement), self._time(t, placement)
        if not np.isclose(self.viewer.dims.point[axis], place):
            self.viewer.dims.set_point(axis, place)

    def frame(self, placement: Placement) -> int:
        """Frame of the movie that the viewer shows."""
        first, second = (self._time(t, placement) for t in (0, 1))
        return round((self.viewer.dims.point[self.time_axis(placement)] - first) / (second - first))

    def time_axis(self, placement: Placement) -> int:
        """The viewer's axis that is the movie's time; layers take the viewer's last axes."""
        return self.viewer.dims.ndim - len(placement.axes) + placement.axes.index("T")

    def _world(self, event: Event, placement: Placement) -> dict[int, float]:
        """World coordinate of an event on each of the viewer's axes that the movie's are."""
        offset = self.viewer.dims.ndim - len(placement.axes)
        place = self._to_world((event.t, event.y, event.x), placement)
        return {offset + placement.axes.index(a): place[placement.axes.index(a)] for a in "TYX"}

    def _time(self, t: int, placement: Placement) -> float:
        return float(self._to_world((t, 0, 0), placement)[placement.axes.index("T")])

    def _pixel_size(self, event: Event, placement: Placement) -> float:
        """Length of a pixel's side in the world."""
        here, there = (
            self._to_world((event.t, event.y + step, event.x), placement) for step in (0, 1)
        )
        return float(np.linalg.norm(there - here))

    def _to_world(self, place: tuple[float, float, float], placement: Placement) -> NDArray[Any]:
        coordinates = to_layer_coordinates(np.array([place], dtype=float), placement.axes)[0]
        return np.array(self._layer(placement).data_to_world(coordinates))

    def _layer(self, placement: Placement) -> Points:
        """An empty layer that lies where the movie does: napari knows best what transforms do."""
        if self._placed is None or self._placed[0] is not placement:
            ndim = len(placement.axes)
            layer = Points(np.empty((0, ndim)), ndim=ndim, **placement.transform)
            self._placed = placement, layer
        return self._placed[1]
