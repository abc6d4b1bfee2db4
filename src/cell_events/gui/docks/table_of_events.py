"""The dock 'Table of events', on the workbench of its viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cell_events.gui.docks.event_pictures import EventPictures
from cell_events.gui.docks.workbench_dock import WorkbenchDock
from cell_events.gui.review.event_table import EventTable

if TYPE_CHECKING:
    import napari.viewer

PICTURES_WIDTH = 330


class TableOfEvents(WorkbenchDock):
    """Shows the events of the movie looked at, and pictures of the selected one."""

    def __init__(self, napari_viewer: napari.viewer.Viewer) -> None:
        super().__init__(napari_viewer)
        self.table = EventTable(self.bench.events, self.bench.kinds)
        self.pictures = EventPictures(self.bench)
        self.pictures.setFixedWidth(PICTURES_WIDTH)
        self._scroll = QTimer(self)
        self._scroll.setSingleShot(True)
        self._scroll.timeout.connect(self._show_selected)
        self.fill(self._side_by_side())
        self.bench.looked_at_changed.connect(self._look_at_movie)
        self._look_at_movie()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Scroll to the event that was selected before the table was there."""
        super().showEvent(event)
        self._scroll.start(0)

    def shut_down(self) -> None:
        """End the thread of the pictures, and leave. Safe to repeat."""
        self.pictures.shut_down()
        super().shut_down()

    def _side_by_side(self) -> QWidget:
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout()
        column.addStretch(1)
        column.addWidget(self.pictures)
        column.addStretch(1)
        row.addWidget(self.table, 1)
        row.addLayout(column)
        return content

    def _show_selected(self) -> None:
        self.table.view.show_event(self.bench.events.selected_id)

    def _look_at_movie(self) -> None:
        looked_at = self.bench.looked_at
        self.table.set_kinds(self.bench.kinds)
        self.table.set_frame_interval(looked_at.placement.frame_interval_s if looked_at else None)
