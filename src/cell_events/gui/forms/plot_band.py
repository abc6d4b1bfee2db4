"""A line between two others in a plot, such as a median between quartiles."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray


class Band:
    """A line between two others, and the area between these."""

    def __init__(self, plot: Any) -> None:
        import pyqtgraph as pg

        self.low, self.high = pg.PlotCurveItem(), pg.PlotCurveItem()
        self.area, self.middle = pg.FillBetweenItem(self.low, self.high), pg.PlotCurveItem()
        self.area.setZValue(-10)
        plot.addItem(self.area)
        plot.addItem(self.middle)

    def show(self, x: NDArray[Any], lines: tuple[NDArray[Any], ...], pen: Any, brush: Any) -> None:
        """Draw the lowest, the middle and the highest line."""
        for curve, line in zip((self.low, self.middle, self.high), lines, strict=True):
            curve.setData(x, line)
        self.middle.setPen(pen)
        self.area.setBrush(brush)
        self.area.setVisible(True)
        self.middle.setVisible(True)

    def clear(self) -> None:
        """Show nothing."""
        self.area.setVisible(False)
        self.middle.setVisible(False)
