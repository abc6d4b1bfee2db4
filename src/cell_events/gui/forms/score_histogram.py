"""How abnormal the cells are: a histogram, and a threshold that can be dragged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, QSignalBlocker, Qt, Signal
from qtpy.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cell_events.gui.forms.curves import is_dark
from cell_events.gui.forms.score_bars import ScoreBars, needs_logarithm
from cell_events.gui.forms.wrapped_label import WrappedLabel

SHARPNESS = 1000
"""The threshold can be typed to this part of the range of the scores."""


class ScoreHistogram(QWidget):
    """Bars of how many cells have which score; cells beyond the threshold are flagged.

    Signals `threshold_changed(value)` when the line was dropped, a number was typed, or the
    threshold of the rule was taken again. The plot is made with the first scores.
    """

    threshold_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scores: NDArray[np.float64] = np.empty(0)
        self.bars: ScoreBars | None = None
        self._words, self._of_rule, self._told = "score", float("nan"), float("nan")
        self.log_scores, self.log_counts = QCheckBox("log scores"), QCheckBox("log counts")
        self.number, self.flagged = QDoubleSpinBox(), WrappedLabel()
        self.back = QPushButton("Back to the rule")
        self._set_up()
        self._lay_out()
        self.hide()

    def show_scores(
        self,
        scores: NDArray[np.float64],
        threshold: float,
        words: str = "score",
        rule: str = "",
    ) -> None:
        """Show other scores; hides where there are none.

        Parameters
        ----------
        scores
            Of all cells; those that are not finite, of cells that were not assessed, are left out.
        threshold
            That of the rule, to which one can go back.
        words
            What the scores are, such as "forecast error (pg)".
        rule
            How the threshold was found, such as "mean + 1.96 sd".
        """
        self.scores = np.sort(scores[np.isfinite(scores)])
        self._words, self._of_rule, self._told = words, threshold, threshold
        self.back.setToolTip(f"Take the threshold that was found: {rule or f'{threshold:g}'}.")
        if len(self.scores) and self.bars is None:
            self._make_bars()
        is_positive = bool((self.scores[:1] > 0).any())
        with QSignalBlocker(self.log_scores):
            self.log_scores.setChecked(is_positive and needs_logarithm(self.scores))
        self.log_scores.setEnabled(is_positive)
        self._fit_number()
        self._draw()
        self._show_threshold(threshold)
        self.setVisible(bool(len(self.scores)))

    @property
    def threshold(self) -> float:
        """Cells with a larger score are flagged."""
        return self._told

    @threshold.setter
    def threshold(self, threshold: float) -> None:
        self._told = threshold
        self._show_threshold(threshold)

    def n_above(self, threshold: float) -> int:
        """How many cells a threshold flags."""
        return len(self.scores) - int(np.searchsorted(self.scores, threshold, side="right"))

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the colours of another theme."""
        changes = QEvent.Type.PaletteChange, QEvent.Type.StyleChange
        if event is not None and event.type() in changes and self.bars is not None:
            self.bars.show_threshold(self._told, is_dark(self))
        super().changeEvent(event)

    def _set_up(self) -> None:
        self.number.setKeyboardTracking(False)
        self.number.setToolTip("Cells with a larger score are flagged. The line can be dragged.")
        self.log_scores.setToolTip("Scores on a logarithmic axis; all of them must be positive.")
        self.log_counts.setToolTip("Numbers of cells on a logarithmic axis, to see the few.")
        self.back.hide()
        for box in (self.log_scores, self.log_counts):
            box.toggled.connect(self._draw)
        self.number.valueChanged.connect(self._take)
        self.back.clicked.connect(lambda: self._take(self._of_rule))

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        for row in (
            (QLabel("Threshold"), self.number, self.back),
            (self.flagged,),
            (self.log_scores, self.log_counts),
        ):
            line = QHBoxLayout()
            line.setSpacing(6)
            for widget in row:
                line.addWidget(widget)
            if self.flagged not in row:
                line.addStretch(1)
            self._column.addLayout(line)

    def _make_bars(self) -> None:
        self.bars = ScoreBars()
        self._column.insertWidget(0, self.bars.plot)
        self.bars.plot.setToolTip("Drag the line to flag more or fewer cells.")
        self.bars.line.setCursor(Qt.CursorShape.SplitHCursor)
        self.bars.line.sigPositionChanged.connect(self._on_move)
        self.bars.line.sigPositionChangeFinished.connect(self._on_drop)

    def _draw(self) -> None:
        """Draw all bars anew."""
        if self.bars is not None and len(self.scores):
            with QSignalBlocker(self.bars.line):
                self.bars.show_scores(
                    self.scores,
                    self.log_scores.isChecked(),
                    self.log_counts.isChecked(),
                    self._words,
                )
                self.bars.show_threshold(self._told, is_dark(self))

    def _fit_number(self) -> None:
        """Let the threshold be typed as finely as the scores differ."""
        if not len(self.scores):
            return
        low, high = float(self.scores[0]), float(max(self.scores[-1], self._of_rule))
        span = max(high - low, 1e-9)
        with QSignalBlocker(self.number):
            self.number.setDecimals(int(np.clip(np.ceil(np.log10(SHARPNESS / span)), 0, 9)))
            self.number.setRange(low - span, high + span)
            self.number.setSingleStep(span / 100)

    def _show_threshold(self, threshold: float) -> None:
        """Show a threshold that may still be under way."""
        with QSignalBlocker(self.number):
            self.number.setValue(threshold)
        if self.bars is not None and len(self.scores):
            with QSignalBlocker(self.bars.line):
                self.bars.show_threshold(threshold, is_dark(self))
        self.flagged.setText(told_flagged(self.n_above(threshold), len(self.scores)))
        self.back.setVisible(bool(np.isfinite(self._of_rule)) and threshold != self._of_rule)

    def _on_move(self) -> None:
        if self.bars is not None:
            self._show_threshold(self.bars.threshold)

    def _on_drop(self) -> None:
        if self.bars is not None:
            self._take(self.bars.threshold)

    def _take(self, threshold: float) -> None:
        """Take a threshold, and tell it if it is another one."""
        self._show_threshold(threshold)
        if threshold != self._told:
            self._told = threshold
            self.threshold_changed.emit(threshold)


def told_flagged(above: int, cells: int) -> str:
    """Say how many cells are flagged: "23 of 410 cells (5.6 %) above"."""
    share = 100 * above / cells if cells else 0.0
    return f"<b>{above:,}</b> of {cells:,} cells ({share:.1f} %) above".replace(" %", "&nbsp;%")
