"""The dock 'Review events': the inbox, on the workbench of its viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari.layers import Points
from qtpy.QtCore import QTimer

from cell_events.gui.docks.opened_docks import explain_selected
from cell_events.gui.docks.workbench_dock import WorkbenchDock
from cell_events.gui.layers.movie_layer import movie_of_layer
from cell_events.gui.review import key_map
from cell_events.gui.review.inbox import Inbox

if TYPE_CHECKING:
    import napari.viewer

KEEP_AFTER_MS = 500


class ReviewEvents(WorkbenchDock):
    """Shows the events of the movie looked at, and keeps in the project how far one is."""

    def __init__(self, napari_viewer: napari.viewer.Viewer) -> None:
        super().__init__(napari_viewer)
        bench = self.bench
        self.inbox = Inbox(bench.events, bench.follower, bench.kinds)
        self.fill(self.inbox)
        self._is_restoring = self._is_over = False
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(KEEP_AFTER_MS)
        self._keep.timeout.connect(self._keep_state)
        self.inbox.undo_wanted.connect(bench.edits.undo)
        self.inbox.redo_wanted.connect(bench.edits.redo)
        self.inbox.why_wanted.connect(self._explain)
        self.inbox.state_changed.connect(self._on_state)
        bench.looked_at_changed.connect(self._look_at_movie)
        bench.points.adopted.connect(self._bind_keys)
        bench.events.selected.connect(self._pick_up_points)
        self._look_at_movie()
        if bench.points.layer is not None:
            self._bind_keys(bench.points.layer)

    def shut_down(self) -> None:
        """Keep how far one is, and end. Safe to repeat."""
        if self._is_over:
            return
        self._is_over = True
        if self._keep.isActive():
            self._keep_state()
        self.inbox.shut_down()
        if self.bench.points.layer is not None:
            key_map.unbind(self.bench.points.layer)
            self.bench.edits.bind(self.bench.points.layer)
        super().shut_down()

    def _explain(self) -> None:
        """Show what the network looked at for the selected event."""
        explain_selected(self.viewer)

    def _look_at_movie(self) -> None:
        """Take pictures from the movie looked at, and go on where its review was left."""
        looked_at, bench = self.bench.looked_at, self.bench
        self.inbox.set_kinds(bench.kinds)
        if looked_at is None:
            self.inbox.set_movie(None)
            return
        movie = movie_of_layer(looked_at.layer, looked_at.placement)
        low, high = looked_at.layer.contrast_limits
        self.inbox.set_movie(movie, (float(low), float(high)), looked_at.placement.frame_interval_s)
        state = bench.project.value(self._key) if bench.project else None
        self._is_restoring = True
        self.inbox.restore(state or {})
        self._is_restoring = False
        looked_at.layer.events.contrast_limits.connect(self._on_contrast)

    def _on_contrast(self, event: Any) -> None:
        """Show the pictures as the movie is shown."""
        looked_at = self.bench.looked_at
        if looked_at is not None and event.source is looked_at.layer:
            low, high = looked_at.layer.contrast_limits
            self.inbox.form.thumbnails.set_contrast((float(low), float(high)))

    @property
    def _key(self) -> str:
        """Under which the project keeps how far the review of a movie is."""
        return f"review/{self.bench.looked_at.movie_id if self.bench.looked_at else None}"

    def _on_state(self) -> None:
        if not self._is_restoring:
            self._keep.start()

    def _keep_state(self) -> None:
        self._keep.stop()
        project = self.bench.project
        if project is not None and not project.read_only:
            project.remember(self._key, self.inbox.state())

    def _bind_keys(self, layer: Points) -> None:
        key_map.bind(layer, self.inbox.handlers)

    def _pick_up_points(self, event_id: Any) -> None:
        """Let the keys reach the events, as long as nobody paints."""
        layer = self.bench.points.layer
        if event_id is not None and self.isVisible() and layer in self.viewer.layers:
            self.viewer.layers.selection.active = layer
