"""Clicks on the canvas, at whatever layer is active: which place of a movie was meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from qtpy.QtCore import QObject, Signal

STILL_PX = 3
"""A mouse that moves farther while it is pressed moves the camera."""

LEFT = 1


class CanvasClicks(QObject):
    """Signals `clicked(position)`, in the world, while no tool is in the hand."""

    clicked = Signal(object)

    def __init__(self, viewer: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        viewer.mouse_drag_callbacks.append(self._on_press)

    def leave(self) -> None:
        """Follow the mouse no more. Safe to call twice."""
        if self._on_press in self._viewer.mouse_drag_callbacks:
            self._viewer.mouse_drag_callbacks.remove(self._on_press)

    def _on_press(self, viewer: Any, event: Any) -> Iterator[None]:
        active = viewer.layers.selection.active
        is_free = active is None or str(getattr(active, "mode", "pan_zoom")) == "pan_zoom"
        begun, position = np.array(event.pos, float), tuple(event.position)
        if not is_free or event.button != LEFT or event.modifiers:
            return
        yield
        moved = 0.0
        while event.type == "mouse_move":
            moved = max(moved, float(np.abs(np.array(event.pos, float) - begun).max()))
            yield
        if moved <= STILL_PX:
            self.clicked.emit(position)
