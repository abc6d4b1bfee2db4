"""Small pictures of the selected event, of the movie that the workbench looks at."""

from __future__ import annotations

from typing import Any

from qtpy.QtWidgets import QWidget

from cell_events.gui.layers.colours import colour_of_kind
from cell_events.gui.layers.movie_layer import movie_of_layer
from cell_events.gui.review.thumbnails import ThumbnailStrip
from cell_events.gui.workbench import Workbench


class EventPictures(ThumbnailStrip):
    """Follows the workbench: its movie, the contrast of the layer, the selected event."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.bench = bench
        bench.looked_at_changed.connect(self._look_at_movie)
        bench.events.selected.connect(self._show_selected)
        bench.events.changed.connect(self._show_selected)
        self.frame_clicked.connect(bench.follower.show_frame)
        self._look_at_movie()

    def _look_at_movie(self) -> None:
        looked_at = self.bench.looked_at
        if looked_at is None:
            self.set_movie(None)
            return
        self.set_movie(movie_of_layer(looked_at.layer, looked_at.placement), self._limits())
        looked_at.layer.events.contrast_limits.connect(self._on_contrast)
        self._show_selected()

    def _on_contrast(self, event: Any) -> None:
        looked_at = self.bench.looked_at
        if looked_at is not None and event.source is looked_at.layer:
            self.set_contrast(self._limits())

    def _limits(self) -> tuple[float, float]:
        low, high = self.bench.looked_at.layer.contrast_limits if self.bench.looked_at else (0, 1)
        return float(low), float(high)

    def _show_selected(self, _: object = None) -> None:
        event = self.bench.events.get(self.bench.events.selected_id)
        if event is not None:
            self.mark_colour = colour_of_kind(event.kind, self.bench.kinds)
        self.show_event(event)
