"""Draws stretches on a plot with the mouse: pressed, dragged along the axis, and let go."""

from __future__ import annotations

from typing import Any

from qtpy.QtCore import QObject, Qt, Signal

from cell_events.gui.forms.mass_curve_colours import brush, pen


class StretchBrush(QObject):
    """Signals `drawn(from, to)`, two places on the axis, while it has a colour.

    Without one, the mouse is left to the plot.
    """

    drawn = Signal(float, float)

    def __init__(self, plot: Any, parent: QObject | None = None) -> None:
        import pyqtgraph as pg

        super().__init__(parent)
        self.colour = ""
        self._view = plot.getViewBox()
        self._area = pg.LinearRegionItem(movable=False)
        self._area.setZValue(20)
        self._area.hide()
        plot.addItem(self._area, ignoreBounds=True)
        self._view.mouseDragEvent = self._on_drag  # the library asks items for it by name

    def _on_drag(self, drag: Any, axis: int | None = None) -> None:
        del axis
        if not self.colour or drag.button() != Qt.MouseButton.LeftButton:
            drag.ignore()
            return
        drag.accept()
        places = sorted(
            self._view.mapSceneToView(at).x() for at in (drag.buttonDownScenePos(), drag.scenePos())
        )
        if drag.isFinish():
            self._area.hide()
            self.drawn.emit(*places)
            return
        self._area.setRegion(places)
        self._area.setBrush(brush(self.colour, 90))
        for line in self._area.lines:
            line.setPen(pen(self.colour, 1))
        self._area.show()
