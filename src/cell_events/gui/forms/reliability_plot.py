"""Two reliability diagrams side by side: how often events with a probability are real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, Qt
from qtpy.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from cell_events.gui.forms.curves import BOTTOM_AXIS_HEIGHT, is_dark, new_plot

SHARES_HEIGHT, COUNTS_HEIGHT = 126, 96
NO_AXIS_WIDTH = 10
"""Heights and widths in pixels."""

STRETCHES = 160, 124
"""Of the two columns, so that the diagrams are about equally wide beside one left axis."""

FEW = 10

ON_DARK = "#d0d0d0", "#5cc8ff", "#8f9aa6", "#ffb000"
ON_LIGHT = "#303030", "#0a6ebd", "#707a85", "#b35c00"
"""Axes, shares, counts, and the diagonal."""


@dataclass(frozen=True, eq=False)
class ReliabilityBins:
    """Crops in bins of equal width by their probability.

    Attributes
    ----------
    edges
        (B + 1,) from 0 to 1.
    counts
        Crops in each bin.
    shares
        Share of them that shows an event; NaN in empty bins.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    shares: NDArray[np.float64]

    @property
    def middles(self) -> NDArray[np.float64]:
        """Probabilities in the middles of the bins."""
        return np.asarray((self.edges[:-1] + self.edges[1:]) / 2)


class ReliabilityPlots(QWidget):
    """Diagrams before and after the calibration; on the dashed line, probabilities are true.

    Below each, the number of crops in every bin. The plots are made with the first values.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: tuple[ReliabilityBins, ...] = ()
        self._diagrams: list[_Diagram] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self.hide()

    def show_bins(self, titles: Sequence[str], bins: Sequence[ReliabilityBins]) -> None:
        """Show one diagram for each title; hides where there are none."""
        self.shown = tuple(bins)
        while len(self._diagrams) < len(self.shown):
            self._diagrams.append(_Diagram(self._grid, len(self._diagrams)))
        for diagram, title in zip(self._diagrams, titles, strict=False):
            diagram.title.setText(title)
        self._draw()
        self.setVisible(bool(self.shown))

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the colours of another theme."""
        changes = QEvent.Type.PaletteChange, QEvent.Type.StyleChange
        if event is not None and event.type() in changes:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        highest = max((int(bins.counts.max()) for bins in self.shown), default=1)
        for diagram, bins in zip(self._diagrams, self.shown, strict=False):
            diagram.show(bins, highest, is_dark(self))


class _Diagram:
    """One column: a title, bars of shares with the diagonal, bars of counts."""

    def __init__(self, grid: QGridLayout, column: int) -> None:
        import pyqtgraph as pg

        self.title = QLabel()
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.plots = new_plot(SHARES_HEIGHT), new_plot(COUNTS_HEIGHT)
        self._bars = [pg.BarGraphItem(x=[], height=[], width=1) for _ in self.plots]
        self._diagonal = pg.PlotCurveItem([0, 1], [0, 1])
        for plot, bars in zip(self.plots, self._bars, strict=True):
            plot.addItem(bars)
            plot.setXRange(0, 1, padding=0.01)
            plot.getAxis("left").enableAutoSIPrefix(False)
        self.plots[0].addItem(self._diagonal)
        self._dress_axes(is_first=column == 0)
        grid.addWidget(self.title, 0, column)
        for row, plot in enumerate(self.plots, start=1):
            plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(plot, row, column)
        grid.setColumnStretch(column, STRETCHES[min(column, 1)])

    def show(self, bins: ReliabilityBins, highest: int, dark: bool) -> None:
        """Draw bins; counts of several diagrams have one axis up to the `highest`."""
        import pyqtgraph as pg

        ink, shares, counts, line = ON_DARK if dark else ON_LIGHT
        for plot in self.plots:
            plot.setBackground(None)
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(ink)
                plot.getAxis(side).setTextPen(ink)
        heights = np.nan_to_num(bins.shares), np.log10(1.0 + bins.counts)
        for bars, height, colour in zip(self._bars, heights, (shares, counts), strict=True):
            bars.setOpts(
                x=bins.middles,
                height=height,
                width=0.9 * (bins.edges[1] - bins.edges[0]),
                brush=colour,
                pen=pg.mkPen(None),
            )
        self._diagonal.setPen(pg.mkPen(line, width=2, style=Qt.PenStyle.DashLine))
        self.plots[0].setYRange(0, 1, padding=0.01)
        self._mark_counts(highest)

    def _mark_counts(self, highest: int) -> None:
        """Counts differ much in size, so their axis is logarithmic."""
        self.plots[1].setYRange(0, 1.06 * float(np.log10(1.0 + max(highest, 1))), padding=0)
        told = [10**k for k in range(0 if highest < FEW else 1, 9) if 10**k <= max(highest, 1)]
        told = told[:: 1 + len(told) // 4]
        ticks = [(float(np.log10(1 + number)), told_count(number)) for number in (0, *told)]
        self.plots[1].getAxis("left").setTicks([ticks])

    def _dress_axes(self, is_first: bool) -> None:
        """Words stand at the first diagram only; the second has the same axes."""
        shares, counts = self.plots
        ticks: list[Any] = [[(v, f"{v:g}") for v in (0, 0.5, 1)]]
        shares.getAxis("left").setTicks(ticks)
        for plot in self.plots:
            plot.getAxis("bottom").setTicks(ticks)
            plot.getAxis("bottom").setStyle(hideOverlappingLabels=False)
        shares.getAxis("bottom").setStyle(showValues=False)
        counts.getAxis("bottom").setHeight(BOTTOM_AXIS_HEIGHT)
        counts.setLabel("bottom", "probability")
        if is_first:
            shares.setLabel("left", "share real")
            counts.setLabel("left", "crops")
            return
        for plot in self.plots:
            plot.getAxis("left").setStyle(showValues=False)
            plot.getAxis("left").setWidth(NO_AXIS_WIDTH)


def told_count(number: int) -> str:
    """A round number in few letters: "100", "10k"."""
    return f"{number // 1000}k" if number >= 1000 else str(number)
