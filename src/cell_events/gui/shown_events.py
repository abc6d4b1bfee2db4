"""The Points layers that show events, and the movies that they belong to."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

from napari.components import ViewerModel
from napari.layers import Image, Points

from cell_events.events import Event
from cell_events.gui.events_layer import events_of_layer, new_events_layer, show_events
from cell_events.gui.layer_axes import LayerError, Placement


@dataclass(frozen=True)
class Shown:
    """One events layer; both layers may be renamed or deleted at any time."""

    movie: weakref.ref[Image]
    points: weakref.ref[Points]
    placement: Placement


class ShownEvents:
    """Shows each movie's events in one layer of their own, and reads them back."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._shown: list[Shown] = []

    def show(
        self, movie: Image, events: list[Event], placement: Placement, kinds: tuple[str, ...]
    ) -> Points:
        """Show a movie's events in place of its earlier ones, if their layer is still there."""
        known = self._find(movie)
        layer = known.points() if known is not None else None
        if known is not None and layer is not None and known.placement.axes == placement.axes:
            show_events(layer, events, placement, kinds)
        else:
            layer = new_events_layer(events, placement, kinds, f"events in {movie.name}")
            self._viewer.add_layer(layer)
        self._shown = [one for one in self._shown if one is not known]
        self._shown.append(Shown(weakref.ref(movie), weakref.ref(layer), placement))
        return layer

    def read(self, movie: Image | None) -> tuple[list[Event], Placement]:
        """Read the events as they are on screen, of this movie or else the latest ones.

        Raises
        ------
        LayerError
            If none are shown.
        """
        known = self._find(movie) or next(filter(self._is_there, reversed(self._shown)), None)
        layer = known.points() if known is not None else None
        if known is None or layer is None:
            raise LayerError("There are no events to save yet; press 'Detect events'.")
        return events_of_layer(layer, known.placement), known.placement

    def _find(self, movie: Image | None) -> Shown | None:
        return next(
            (one for one in self._shown if one.movie() is movie and self._is_there(one)), None
        )

    def _is_there(self, one: Shown) -> bool:
        return one.points() in self._viewer.layers
