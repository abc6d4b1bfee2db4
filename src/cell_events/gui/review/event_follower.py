"""Bring the viewer to whichever event is selected."""

from __future__ import annotations

from collections.abc import Callable

from napari.components import ViewerModel
from qtpy.QtCore import QObject

from cell_events.events import Event
from cell_events.gui.layers.clip_player import ClipPlayer
from cell_events.gui.layers.layer_axes import Placement
from cell_events.gui.layers.navigator import Navigator
from cell_events.gui.review.event_list import EventList


class EventFollower(QObject):
    """Moves time and camera to the selected event, and loops its frames if that is wished.

    Nothing moves before `place` says where the movie lies, nor after it is None again.
    """

    def __init__(
        self, viewer: ViewerModel, events: EventList, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.navigator = Navigator(viewer)
        self.player = ClipPlayer(self.navigator, self)
        self._events = events
        self._placement: Placement | None = None
        self._gone_to: Event | None = None  # as it was then
        self._is_looping = False
        self.stays: Callable[[], bool] = lambda: False
        """Whether the viewer stays where it is, as when the event was selected in it."""
        events.selected.connect(self._on_selected)
        events.changed.connect(self._on_changed)

    @property
    def placement(self) -> Placement | None:
        """Where the movie of the events lies."""
        return self._placement

    @placement.setter
    def placement(self, placement: Placement | None) -> None:
        self._placement = placement
        if placement is None:
            self.player.stop()

    @property
    def is_looping(self) -> bool:
        """Whether the frames around each selected event are looped."""
        return self._is_looping

    @is_looping.setter
    def is_looping(self, is_looping: bool) -> None:
        self._is_looping = is_looping
        self.go_to_selected()

    def go_to_selected(self) -> None:
        """Go to the selected event, even if it was left meanwhile."""
        event = self._events.get(self._events.selected_id)
        if event is None or self._placement is None or not self._is_looping:
            self.player.stop()
        if event is None or self._placement is None:
            return
        self._gone_to = event
        self.navigator.go_to(event, self._placement)
        if self._is_looping:
            self.player.play(event, self._placement)

    def show_frame(self, t: int) -> None:
        """Show one frame of the movie."""
        self.player.stop()
        if self._placement is not None:
            self.navigator.show_frame(t, self._placement)

    def _on_selected(self, event_id: str | None) -> None:
        del event_id
        self.player.stop()  # else the jump to the next event looks like the user's
        if self.stays():
            self._gone_to = self._events.get(self._events.selected_id)
        else:
            self.go_to_selected()

    def _on_changed(self, ids: list[str]) -> None:
        """Follow the selected event when its time is changed."""
        before, event = self._gone_to, self._events.get(self._events.selected_id)
        if event is None or self._placement is None or self._events.selected_id not in ids:
            return
        self._gone_to = event
        if before is not None and before.t != event.t:
            self.navigator.show_frame(event.t, self._placement)
            if self._is_looping:
                self.player.play(event, self._placement)
