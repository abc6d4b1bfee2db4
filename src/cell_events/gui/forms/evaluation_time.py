"""Hits, misses and false alarms over time; a click goes to the frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QEvent, Signal
from qtpy.QtWidgets import QLabel, QVBoxLayout, QWidget

from cell_events.gui.forms.curves import is_dark, new_plot

if TYPE_CHECKING:
    import pyqtgraph as pg

HEIGHT = 176
COLOURS = {"hits": "#3fa65a", "missed": "#ee6677", "false alarms": "#b05cc0"}


class EvaluationTime(QWidget):
    """Bars: hits and misses upwards, false alarms downwards. Signals `frame_clicked(frame)`."""

    frame_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts: Mapping[str, Any] = {}
        self._plot: pg.PlotWidget | None = None
        words = (
            f'<span style="color:{colour}">\N{BLACK SQUARE}</span> {name}'
            for name, colour in COLOURS.items()
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(QLabel(" &nbsp; ".join(words)))

    def show_counts(self, counts: Mapping[str, Any]) -> None:
        """Show what scores.json says of the errors over time."""
        self.counts = counts
        if self._plot is None:
            self._plot = new_plot(HEIGHT)
            self._plot.setToolTip("Click on a bar to go to its frame.")
            self._plot.getAxis("left").tickStrings = unsigned
            self._plot.scene().sigMouseClicked.connect(self._on_click)
            self._column.addWidget(self._plot)
        self._draw()

    def frame_at(self, position: float) -> int:
        """First frame of the bin at a place of the axis."""
        width = int(self.counts["width"])
        last = len(self.counts["first_frames"]) - 1
        return min(max(round((position - (width - 1) / 2) / width), 0), last) * width

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the colours of another theme."""
        changes = QEvent.Type.PaletteChange, QEvent.Type.StyleChange
        if event is not None and event.type() in changes:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        if self._plot is None:
            return
        import pyqtgraph as pg

        ink = "#d0d0d0" if is_dark(self) else "#303030"
        counts, width = self.counts, int(self.counts["width"])
        self._plot.clear()
        self._plot.setBackground(None)
        self._plot.setLabel("bottom", "frame" if width == 1 else f"frame (bins of {width})")
        self._plot.setLabel("left", "events")
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setPen(ink)
            self._plot.getAxis(side).setTextPen(ink)
        at = [first + (width - 1) / 2 for first in counts["first_frames"]]
        alarms = [-count for count in counts["false_alarms"]]
        zeros = [0] * len(at)
        for name, bottom, height in (
            ("hits", zeros, counts["hits"]),
            ("missed", counts["hits"], counts["misses"]),
            ("false alarms", zeros, alarms),
        ):
            bars = pg.BarGraphItem(
                x=at,
                y0=bottom,
                height=height,
                width=0.85 * width,
                brush=COLOURS[name],
                pen=pg.mkPen(None),
            )
            self._plot.addItem(bars)
        self._plot.addItem(pg.InfiniteLine(0, angle=0, pen=ink))

    def _on_click(self, event: Any) -> None:
        if self._plot is not None and self.counts:
            place = self._plot.getPlotItem().vb.mapSceneToView(event.scenePos())
            self.frame_clicked.emit(self.frame_at(place.x()))


def unsigned(values: Sequence[float], scale: float, _: float) -> list[str]:
    """Give whole counts without sign: false alarms are drawn downwards, but are counts, too."""
    counts = [abs(value * scale) for value in values]
    return [f"{count:g}" if float(count).is_integer() else "" for count in counts]
