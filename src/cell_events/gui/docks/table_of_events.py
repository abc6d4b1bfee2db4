"""The dock 'Table of events', on the workbench of its viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell_events.gui.docks.workbench_dock import WorkbenchDock
from cell_events.gui.review.event_table import EventTable

if TYPE_CHECKING:
    import napari.viewer


class TableOfEvents(WorkbenchDock):
    """Shows the events of the movie looked at."""

    def __init__(self, napari_viewer: napari.viewer.Viewer) -> None:
        super().__init__(napari_viewer)
        self.table = EventTable(self.bench.events, self.bench.kinds)
        self.fill(self.table)
        self.bench.looked_at_changed.connect(self._look_at_movie)
        self._look_at_movie()

    def _look_at_movie(self) -> None:
        looked_at = self.bench.looked_at
        self.table.set_kinds(self.bench.kinds)
        self.table.set_frame_interval(looked_at.placement.frame_interval_s if looked_at else None)
