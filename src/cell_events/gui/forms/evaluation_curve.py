"""Precision over recall, with a band of how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent
from qtpy.QtWidgets import QLabel, QVBoxLayout, QWidget

from cell_events.gui.forms.curves import is_dark, new_plot

if TYPE_CHECKING:
    import pyqtgraph as pg

HEIGHT = 176
ON_DARK, ON_LIGHT = ("#5cc8ff", "#ffb000"), ("#0a6ebd", "#b35c00")
BAND_ALPHA = 50
TICKS = [(fifth / 5, f"{fifth / 5:.1f}") for fifth in range(6)]


class EvaluationCurve(QWidget):
    """One curve or two; the dot is where all events that count are.

    The plot is made when there is first something to show: the drawing library takes time to load.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: Mapping[str, Any] = {}
        self._plot: pg.PlotWidget | None = None
        self.legend = QLabel()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.legend)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show what scores.json says."""
        self.values = values
        if self._plot is None:
            self._plot = new_plot(HEIGHT)
            self._plot.setLabel("bottom", "recall")
            self._plot.setLabel("left", "precision")
            for side in ("left", "bottom"):
                self._plot.getAxis(side).setTicks([TICKS])
                self._plot.getAxis(side).setStyle(hideOverlappingLabels=False)
            self._plot.setXRange(0, 1, padding=0.02)
            self._plot.setYRange(0, 1, padding=0.03)
            self._column.addWidget(self._plot)
        self._draw()

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the colours of another theme."""
        changes = QEvent.Type.PaletteChange, QEvent.Type.StyleChange
        if event is not None and event.type() in changes:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        if self._plot is None:
            return
        dark = is_dark(self)
        ink, colours = ("#d0d0d0", ON_DARK) if dark else ("#303030", ON_LIGHT)
        self._plot.clear()
        self._plot.setBackground(None)
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setPen(ink)
            self._plot.getAxis(side).setTextPen(ink)
        words = []
        for (name, one), colour in zip(self._lists(), colours, strict=False):
            _draw_list(self._plot, one, colour)
            words.append(f'<span style="color:{colour}">\N{BLACK SQUARE}</span> {name}')
        self.legend.setText(" &nbsp; ".join(words))

    def _lists(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        names = self.values["names"]
        yield names[0], self.values
        if "against" in self.values:
            yield names[1], self.values["against"]


def _draw_list(plot: pg.PlotWidget, one: Mapping[str, Any], colour: str) -> None:
    """Draw the band, the curve as steps, and the point at the threshold."""
    import pyqtgraph as pg

    curve = one["curve"]
    if curve["is_ranking"]:
        _draw_band(plot, curve, colour)
        plot.plot(*_steps(curve), pen=pg.mkPen(colour, width=2))
    recall, precision = one["all"]["recall"], one["all"]["precision"]
    if recall is None or precision is None:  # there is no true event, or nothing was found
        return
    plot.plot(
        [recall], [precision], pen=None, symbol="o", symbolSize=9, symbolBrush=colour, symbolPen="k"
    )


def _draw_band(plot: pg.PlotWidget, curve: Mapping[str, Any], colour: str) -> None:
    import pyqtgraph as pg

    band = curve["band"]
    low, high = (
        np.array([np.nan if v is None else v for v in band[end]]) for end in ("low", "high")
    )
    recall = np.array(band["recall"])
    last = max((r for r in curve["recall"] if r is not None), default=0.0)
    known = np.isfinite(low) & np.isfinite(high) & (recall <= last)
    if not known.any():
        return
    ends = [pg.PlotDataItem(recall[known], end[known]) for end in (low, high)]
    fill = pg.mkColor(colour)
    fill.setAlpha(BAND_ALPHA)
    plot.addItem(pg.FillBetweenItem(*ends, brush=fill))


def _steps(curve: Mapping[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners of the steps: precision is that of the recall at the end of each."""
    recall = np.array([0.0 if r is None else r for r in curve["recall"]])
    precision = np.array(curve["precision"], np.float64)
    if not len(recall):
        return recall, precision
    return np.repeat(np.append(0.0, recall), 2)[1:-1], np.repeat(precision, 2)
