"""Docks that other docks open: the inbox beside them, the table below the canvas."""

from __future__ import annotations

from typing import Any

from qtpy.QtWidgets import QWidget

from cell_events.gui.docks.table_of_events import TableOfEvents
from cell_events.gui.forms.main_window import main_window_of

PLUGIN, REVIEW, TABLE = "napari-cell-events", "Review events", "Table of events"
WHY = "Why here?"


def open_review(viewer: Any) -> None:
    """Open the inbox as a tab beside what is at the side of the window."""
    viewer.window.add_plugin_dock_widget(PLUGIN, REVIEW, tabify=True)


def explain_selected(viewer: Any) -> None:
    """Open the dock 'Why here?' as a tab beside what is there, and explain the selected event."""
    _, dock = viewer.window.add_plugin_dock_widget(PLUGIN, WHY, tabify=True)
    dock.explain()


def open_table(viewer: Any, dock: QWidget) -> TableOfEvents:
    """Open the table of events in the window of a dock, or show the one that is open."""
    table: TableOfEvents | None = main_window_of(dock).findChild(TableOfEvents)
    if table is None:
        table = TableOfEvents(viewer)
        viewer.window.add_dock_widget(table, name=TABLE, area="bottom")
    table.show()
    return table
