"""Live curves of a training: losses, and accuracies in training and where held out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from qtpy.QtCore import QEvent, QTimer
from qtpy.QtGui import QPalette
from qtpy.QtWidgets import QLabel, QVBoxLayout, QWidget
from superqt import QCollapsible

from cell_events.gui.forms.curve_points import CurvePoints

if TYPE_CHECKING:
    import pyqtgraph as pg

REDRAW_MS = 250
LOSS_HEIGHT, ACCURACY_HEIGHT = 80, 102
BOTTOM_AXIS_HEIGHT = 32
LOSS_TICKS = [(math.log10(v), f"{v:g}") for v in (0.001, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100)]
"""Heights in pixels; the lower plot carries the words below the common axis."""


class Curve(NamedTuple):
    """A measurement, by its name in the reports, and how it is drawn on dark and on light."""

    words: str
    on_dark: str
    on_light: str
    marked: bool = False


LOSSES = {
    "total": Curve("loss", "#ffb000", "#b35c00"),
    "decorrelation": Curve("decorrelation", "#5cc8ff", "#0a6ebd"),
    "validation_loss": Curve("where held out", "#6ee787", "#12813a", marked=True),
}
ACCURACIES = {
    "accuracy": Curve("training", "#8f9aa6", "#707a85"),
    "validation_accuracy": Curve("validation", "#6ee787", "#12813a", marked=True),
    "validation_F1": Curve("F1 where held out", "#6ee787", "#12813a", marked=True),
}
CURVES = {**LOSSES, **ACCURACIES}
EXPECTED = "total", "accuracy", "validation_accuracy"
"""Curves that are named before the first measurement."""


class TrainingCurves(QWidget):
    """Folded at first; stays as it is after a run until the next begins with `clear`.

    `add_report` takes the progress reports of the worker's protocol; those of stages that
    measure none of the curves are left out. Rounds of a training follow each other on one axis.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points: dict[str, CurvePoints] = {}
        self._offset, self._last_step = 0, 0
        self._plots: _Plots | None = None
        self.fold = QCollapsible("Curves", expandedIcon="▾", collapsedIcon="▸")
        if (inside := self.fold.layout()) is not None:
            inside.setContentsMargins(0, 0, 0, 0)
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.fold.addWidget(self._content)
        self.fold.toggled.connect(self._on_toggled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.fold)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(REDRAW_MS)
        self._redraw.timeout.connect(self.draw)
        self.clear()

    def clear(self) -> None:
        """Begin a new run."""
        self.points = {name: CurvePoints() for name in CURVES}
        self._offset = self._last_step = 0
        self.draw()

    def add_report(self, report: dict[str, Any]) -> None:
        """Append what a report measured; drawn shortly after, if unfolded."""
        values = report.get("values") or {}
        measured = {name: values[name] for name in CURVES if name in values}
        if not measured:
            return
        step = report["done"] + self._offset
        if step < self._last_step:  # another round: its steps count on
            self._offset = self._last_step
            step = report["done"] + self._offset
        self._last_step = step
        for name, value in measured.items():
            self.points[name].add(step, value)
        if self.fold.isExpanded() and not self._redraw.isActive():
            self._redraw.start()

    def draw(self) -> None:
        """Show all points now."""
        if self._plots is not None:
            self._plots.show(self.points, is_dark(self))

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the colours of another theme."""
        changes = QEvent.Type.PaletteChange, QEvent.Type.StyleChange
        if event is not None and event.type() in changes and self._plots is not None:
            self._redraw.start()
        super().changeEvent(event)

    def _on_toggled(self, unfolded: bool) -> None:
        """Make the plots when they are first wanted: the drawing library takes time to load."""
        if unfolded and self._plots is None:
            self._plots = _Plots(self._column)
        if unfolded:
            self.draw()


class _Plots:
    """Two plots above each other over one axis of steps, each below the names of its curves."""

    def __init__(self, column: QVBoxLayout) -> None:
        self._names = QLabel(), QLabel()
        self._plots = new_plot(LOSS_HEIGHT), new_plot(ACCURACY_HEIGHT)
        for names, plot in zip(self._names, self._plots, strict=True):
            column.addWidget(names)
            column.addWidget(plot)
        losses, accuracies = self._plots
        for plot in self._plots:
            plot.getAxis("bottom").setHeight(BOTTOM_AXIS_HEIGHT)
            plot.setLabel("bottom", "step")
            plot.getAxis("left").enableAutoSIPrefix(False)
        losses.setLogMode(y=True)  # losses differ much in size
        losses.getAxis("left").setTicks([LOSS_TICKS])
        losses.setLabel("left", "loss")
        accuracies.setLabel("left", "accuracy")
        self._curves = {
            **{name: losses.plot() for name in LOSSES},
            **{name: accuracies.plot() for name in ACCURACIES},
        }

    def show(self, points: dict[str, CurvePoints], dark: bool) -> None:
        """Draw all points in the colours of a theme."""
        import pyqtgraph as pg

        ink = "#d0d0d0" if dark else "#303030"
        for plot in self._plots:
            plot.setBackground(None)
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(ink)
                plot.getAxis(side).setTextPen(ink)
        for name, item in self._curves.items():
            curve = CURVES[name]
            colour = curve.on_dark if dark else curve.on_light
            item.setData(points[name].x, points[name].y, pen=pg.mkPen(colour, width=1.5))
            if curve.marked:
                item.setSymbol("o")
                item.setSymbolSize(4)
                item.setSymbolBrush(colour)
                item.setSymbolPen(None)
        self._name_curves({name for name in CURVES if points[name].x} or set(EXPECTED), dark)
        last = max((points[name].x[-1] for name in CURVES if points[name].x), default=1)
        for plot in self._plots:
            plot.setXRange(0, last, padding=0.01)

    def _name_curves(self, shown: set[str], dark: bool) -> None:
        """Name the curves that there are; without accuracies, the losses stand alone."""
        for label, curves in zip(self._names, (LOSSES, ACCURACIES), strict=True):
            label.setText(_legend([curves[name] for name in curves if name in shown], dark))
        losses, accuracies = self._plots
        alone = shown.isdisjoint(ACCURACIES)
        for widget in (self._names[1], accuracies):
            widget.setVisible(not alone)
        losses.showAxis("bottom", alone)
        losses.setFixedHeight(ACCURACY_HEIGHT + 10 if alone else LOSS_HEIGHT)


def new_plot(height: int) -> pg.PlotWidget:
    """Empty plot without menu that leaves wheel and mouse to the dock."""
    import pyqtgraph as pg

    plot = pg.PlotWidget(enableMenu=False)
    unused = plot.getPlotItem().ctrlMenu  # made all the same; it shall go with the plot
    unused.setParent(plot, unused.windowFlags())
    plot.setFixedHeight(height)
    plot.setMouseEnabled(False, False)
    plot.hideButtons()
    plot.getAxis("left").setWidth(46)
    plot.getPlotItem().setContentsMargins(0, 6, 6, 4)  # numbers at the ends of the axes need room
    return plot


def _legend(curves: list[Curve], dark: bool) -> str:
    """Names of curves behind a line in their colour."""
    return " &nbsp; ".join(
        f'<span style="color:{curve.on_dark if dark else curve.on_light}">\N{BLACK SQUARE}</span> '
        f"{curve.words}"
        for curve in curves
    )


def is_dark(widget: QWidget) -> bool:
    """Whether text is lighter than what it stands on."""
    palette = widget.palette()
    text, ground = (
        palette.color(role).lightness()
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window)
    )
    return text > ground
