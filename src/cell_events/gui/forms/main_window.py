"""The window at the top of a widget's parents, docked or floating."""

from __future__ import annotations

from qtpy.QtWidgets import QWidget


def main_window_of(widget: QWidget) -> QWidget:
    """Give the window that a widget ends with; a floating dock belongs to the viewer's window."""
    window = widget
    while (parent := window.parentWidget()) is not None:
        window = parent
    return window
