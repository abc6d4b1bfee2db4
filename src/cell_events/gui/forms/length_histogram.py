"""How long predicted events last: a histogram, k, and the numbers of table I."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QEvent, Qt
from qtpy.QtWidgets import QLabel, QVBoxLayout, QWidget

from cell_events.gui.forms.curves import is_dark, new_plot

if TYPE_CHECKING:
    import pyqtgraph as pg

HEIGHT, HEADROOM = 128, 1.3
FEW = 5
ON_DARK, ON_LIGHT = "#5cc8ff", "#0a6ebd"
K_ON_DARK, K_ON_LIGHT = "#ffb000", "#b35c00"


class LengthHistogram(QWidget):
    """Bars of how many gaps in the cell map last so long; a line marks k, the frames read at once.

    The plot is made when there is first something to show: the drawing library takes time to load.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts: Mapping[int, int] = {}
        self.k: int | None = None
        self._plot: pg.PlotWidget | None = None
        self._bars: Any = None
        self._line: Any = None
        self.table = QLabel()
        self.table.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.table)
        self.hide()

    def show_lengths(self, lengths: Sequence[int], statistics: Mapping[str, Any]) -> None:
        """Show these lengths in frames, and their statistics; hides where there are none."""
        self.counts = Counter(lengths)
        self.table.setText(told_statistics(statistics) if statistics else "")
        if self.counts and self._plot is None:
            self._make_plot()
        self._draw()
        self.setVisible(bool(self.counts))

    def show_k(self, k: int | None) -> None:
        """Mark k."""
        self.k = k
        self._draw()

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the colours of another theme."""
        changes = QEvent.Type.PaletteChange, QEvent.Type.StyleChange
        if event is not None and event.type() in changes:
            self._draw()
        super().changeEvent(event)

    def _make_plot(self) -> None:
        import pyqtgraph as pg

        self._plot = new_plot(HEIGHT)
        self._plot.setLabel("bottom", "length in frames")
        self._plot.setLabel("left", "gaps")
        self._bars = pg.BarGraphItem(x=[], height=[], width=0.8)
        self._line = pg.InfiniteLine(
            angle=90, label="k = {value:.0f}", labelOpts={"position": 0.92}
        )
        self._plot.addItem(self._bars)
        self._plot.addItem(self._line)
        self._column.insertWidget(0, self._plot)

    def _draw(self) -> None:
        if self._plot is None:
            return
        import pyqtgraph as pg

        dark = is_dark(self)
        ink, k_ink = "#d0d0d0" if dark else "#303030", K_ON_DARK if dark else K_ON_LIGHT
        self._plot.setBackground(None)
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setPen(ink)
            self._plot.getAxis(side).setTextPen(ink)
        bar = ON_DARK if dark else ON_LIGHT
        self._bars.setOpts(
            x=list(self.counts), height=list(self.counts.values()), brush=bar, pen=pg.mkPen(None)
        )
        self._line.setVisible(self.k is not None)
        self._line.setPen(pg.mkPen(k_ink, width=2))
        self._line.label.setColor(k_ink)
        if self.k is not None:
            self._line.setValue(self.k)
        longest = max([*self.counts, self.k or 1])
        self._plot.setXRange(0, longest + 1, padding=0.02)
        most = max(self.counts.values(), default=1)
        self._plot.setYRange(0, HEADROOM * most, padding=0)
        whole = (1, 1) if most < FEW else ()  # no halves of gaps
        self._plot.getAxis("left").setTickSpacing(*whole)


def told_statistics(statistics: Mapping[str, Any]) -> str:
    """Table I: how many predicted events, their mean length, and the percentiles, as rich text."""
    shares = sorted((int(name), value) for name, value in statistics["percentiles"].items())
    names = "".join(f"<td align=right>&nbsp;&nbsp;{share}&nbsp;%</td>" for share, _ in shares)
    values = "".join(f"<td align=right>&nbsp;&nbsp;<b>{value:.0f}</b></td>" for _, value in shares)
    count, mean, sd = (statistics[name] for name in ("count", "mean", "sd"))
    return (
        f"<b>{count}</b> predicted, <b>{mean:.1f}</b> ± {sd:.1f} frames long"
        f"<table><tr><td>Share</td>{names}</tr><tr><td>last at most</td>{values}</tr></table>"
    )
