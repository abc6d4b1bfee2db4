"""Loop the frames around an event until somebody wants to look for themselves."""

from __future__ import annotations

from qtpy.QtCore import QObject, QTimer, Signal

from cell_events.events import Event
from cell_events.gui.layers.layer_axes import Placement
from cell_events.gui.layers.navigator import Navigator

REACH = 3
INTERVAL_MS = 167


class ClipPlayer(QObject):
    """Shows t-3 ... t+3 again and again, six frames a second.

    It stops by itself when the frame is changed by anyone else. Signals `playing(yes or no)`.
    """

    playing = Signal(bool)

    def __init__(self, navigator: Navigator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._navigator = navigator
        self._placement: Placement | None = None
        self._frames: range = range(0)
        self._shown = 0  # the frame that was shown last
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.step)

    @property
    def is_playing(self) -> bool:
        """Whether frames are being looped."""
        return self._timer.isActive()

    def play(self, event: Event, placement: Placement) -> None:
        """Begin to loop around this event, at its frame."""
        last = placement.movie_shape[0] - 1
        self._placement = placement
        self._frames = range(max(event.t - REACH, 0), min(event.t + REACH, last) + 1)
        self._show(min(event.t, last))
        if not self.is_playing:
            self._navigator.viewer.dims.events.point.connect(self._on_moved)
            self._timer.start()
            self.playing.emit(True)

    def stop(self) -> None:
        """Stop at the frame that is shown. Safe to call at any time."""
        if self.is_playing:
            self._timer.stop()
            self._navigator.viewer.dims.events.point.disconnect(self._on_moved)
            self.playing.emit(False)

    def step(self) -> None:
        """Show the next frame; the first comes after the last."""
        if self._frames:
            self._show(self._shown + 1 if self._shown + 1 in self._frames else self._frames[0])

    def _show(self, t: int) -> None:
        if self._placement is not None:
            self._shown = t
            self._navigator.show_frame(t, self._placement)

    def _on_moved(self, event: object = None) -> None:
        """Stop if it was not us who moved."""
        del event
        if self._placement is not None and self._navigator.frame(self._placement) != self._shown:
            self.stop()
