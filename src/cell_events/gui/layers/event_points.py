"""A Points layer and the list of events, kept the same in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from napari.components import ViewerModel
from napari.layers import Points
from numpy.typing import NDArray
from qtpy.QtCore import QObject, QTimer, Signal

from cell_events.events import Event
from cell_events.gui.layers.events_layer import (
    coordinates_of,
    event_at,
    mark_status,
    new_events_layer,
    show_events,
)
from cell_events.gui.layers.layer_axes import Placement, from_layer_coordinates
from cell_events.gui.layers.our_layers import EVENTS, mark, remove_ours
from cell_events.gui.layers.probability_colours import (
    BY_KIND,
    BY_PROBABILITY,
    colour_by_probability,
)
from cell_events.gui.review.event_list import EventList
from cell_events.review.decisions import accepted, is_added, rejected

MOVED_PX = 0.01
"""Points that moved less were moved by rounding."""

FINISHED = ("added", "removed", "changed")
"""What napari calls changes that are over; a drag is "changing" until the mouse is released."""


class EventPoints(QObject):
    """Shows the events of the list as rings; accepted ones are filled, rejected ones hidden.

    What a person does to points with napari's own tools becomes a wish to the list: a point added
    is an event added, one moved is an event elsewhere, one deleted is a rejected event. A click
    on a point selects its event. Signal `adopted(layer)` tells of each layer that is followed.
    """

    adopted = Signal(object)

    def __init__(
        self, viewer: ViewerModel, events: EventList, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._viewer, self._events = viewer, events
        self._placement: Placement | None = None
        self._kinds: tuple[str, ...] = ("division",)
        self._ids: list[str] = []  # of the layer's rows
        self._is_ours = False  # the change that the layer tells of
        self._new_kind = ""  # of points that are added; empty: the first kind
        self._colour_by = BY_KIND
        self.is_clicked = False  # while a click on the canvas selects an event
        self.layer: Points | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._read_layer)
        events.reset.connect(self._refill)
        events.changed.connect(self._on_changed)

    @property
    def colour_by(self) -> str:
        """What the colours of the points tell: `BY_KIND` or `BY_PROBABILITY`."""
        return self._colour_by

    @colour_by.setter
    def colour_by(self, what: str) -> None:
        if what != self._colour_by:
            self._colour_by = what
            self._refill()

    def show(self, placement: Placement, name: str, kinds: tuple[str, ...]) -> Points:
        """Show the events on a movie, in the layer that is there or in a new one."""
        layer = self.layer
        fits = self._placement is not None and self._placement.axes == placement.axes
        if layer is None or layer not in self._viewer.layers or not fits:
            layer = new_events_layer((), placement, kinds, name)
            mark(layer, EVENTS)
            active = self._viewer.layers.selection.active
            self._viewer.add_layer(layer)
            self._viewer.layers.selection.active = active or layer  # the brush stays in the hand
        self.adopt(layer, placement, kinds)
        return layer

    def adopt(self, layer: Points, placement: Placement, kinds: tuple[str, ...]) -> None:
        """Show the events in this layer from now on."""
        self.leave()
        self.layer, self._placement, self._kinds = layer, placement, kinds
        layer.events.data.connect(self._on_layer_data)
        layer.mouse_drag_callbacks.append(self._on_click)
        self._refill()
        self.adopted.emit(layer)

    def pick_up(self, kind: str) -> None:
        """Make the next clicks on the canvas add events of this kind."""
        self._new_kind = kind
        self._refill()
        if self.layer is not None:
            self._viewer.layers.selection.active = self.layer
            self.layer.mode = "add"

    def leave(self) -> None:
        """Follow no layer any more; it stays as it is."""
        self._later.stop()
        if self.layer is not None:
            self.layer.events.data.disconnect(self._on_layer_data)
            self.layer.mouse_drag_callbacks.remove(self._on_click)
        self.layer, self._ids = None, []

    def put_away(self) -> None:
        """Take the layer out of the viewer; what it shows is in the project."""
        self.leave()
        remove_ours(self._viewer, EVENTS)

    def _refill(self) -> None:
        """Give the layer all events of the list."""
        if self.layer is None or self._placement is None:
            return
        self._ids = [str(name) for name in self._events.ids]
        with self._our_change():
            events = [self._events.events[name] for name in self._ids]
            kinds = self._kinds
            show_events(self.layer, events, self._placement, kinds, self._ids, self._new_kind)
            self._colour(range(len(events)), events)

    def _on_changed(self, ids: list[str]) -> None:
        """Change single points in place; refill where events came or went."""
        row_of = {name: row for row, name in enumerate(self._ids)}
        if self.layer is None or any(i not in row_of or i not in self._events for i in ids):
            self._refill()
            return
        events = self._events.events
        rows = [row_of[name] for name in ids]
        changed = [events[name] for name in ids]
        with self._our_change():
            self._place(rows, changed)
            mark_status(self.layer, rows, changed, self._kinds)
            self._colour(rows, changed)

    def _colour(self, rows: Sequence[int], events: list[Event]) -> None:
        """Give points the colours of their probabilities, if that is wished."""
        if self.layer is not None and self._colour_by == BY_PROBABILITY:
            colour_by_probability(self.layer, list(rows), events)

    def _place(self, rows: list[int], events: list[Event]) -> None:
        """Move points whose events are elsewhere now."""
        if self.layer is None or self._placement is None:
            return
        places = coordinates_of(events, self._placement)
        if not np.allclose(self.layer.data[rows], places, atol=MOVED_PX):
            coordinates = self.layer.data.copy()
            coordinates[rows] = places
            self.layer.data = coordinates

    def _on_layer_data(self, event: Any) -> None:
        """Read the layer once napari is through with its change."""
        if not self._is_ours and str(event.action) in FINISHED:
            self._later.start(0)

    def _read_layer(self) -> None:
        """Wish for what a person did to the points; then show what came of it."""
        if self.layer is None or self._placement is None:
            return
        places = from_layer_coordinates(
            np.asarray(self.layer.data, dtype=float), self._placement.axes
        )
        names = [str(name) for name in self.layer.features["id"]]
        known = set(self._ids)
        seen: dict[str, int] = {}
        added = []
        for row, name in enumerate(names):
            if name in known and name not in seen:
                seen[name] = row
            else:
                added.append(row)
        self._wish_gone([name for name in self._ids if name not in seen])
        self._wish_moved(seen, places)
        for row in added:
            self._events.add(self._added(row, places[row]))
        self._refill()

    def _wish_gone(self, names: list[str]) -> None:
        """Wish added events away, and others rejected."""
        events = {name: self._events.get(name) for name in names}
        gone = {
            name: None if is_added(name, event) else rejected(event)
            for name, event in events.items()
            if event is not None
        }
        count = f"{len(gone)} events" if len(gone) > 1 else "event"
        self._events.want(f"delete {count}", gone)

    def _wish_moved(self, row_of: dict[str, int], places: NDArray[np.floating]) -> None:
        """Wish for the new places of points that were dragged."""
        moved = {}
        for name, row in row_of.items():
            event = self._events.get(name)
            t, y, x = places[row]
            if event and max(abs(event.y - y), abs(event.x - x), abs(event.t - t)) > MOVED_PX:
                moved[name] = accepted(name, replace(event, t=self._frame(t), y=y, x=x))
        count = f"{len(moved)} events" if len(moved) > 1 else "event"
        self._events.want(f"move {count}", moved)

    def _added(self, row: int, place: NDArray[np.floating]) -> Event:
        assert self.layer is not None  # noqa: S101 - for the type checker
        features = self.layer.features.iloc[row].to_dict()
        t, y, x = place
        event = event_at((self._frame(t), y, x), features)
        return replace(event, status="added", score=None, probability=None, source="", extra={})

    def _frame(self, t: float) -> int:
        last = self._placement.movie_shape[0] - 1 if self._placement else 0
        return min(max(round(t), 0), last)

    def _on_click(self, layer: Points, event: Any) -> None:
        """Select the event under the mouse."""
        row = layer.get_value(
            event.position,
            view_direction=event.view_direction,
            dims_displayed=event.dims_displayed,
            world=True,
        )
        if row is not None and row < len(self._ids):
            self.is_clicked = True
            self._events.select(self._ids[row])
            self.is_clicked = False

    @contextmanager
    def _our_change(self) -> Iterator[None]:
        self._is_ours = True
        try:
            yield
        finally:
            self._is_ours = False
