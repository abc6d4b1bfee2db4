"""The row of filters above the table of events."""

from __future__ import annotations

from qtpy.QtCore import Signal
from qtpy.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from cell_events.events import STATUSES
from cell_events.review.event_rows import RowFilter

ANY_KIND, ANY_STATUS = "any kind", "any status"


class EventFilters(QWidget):
    """Signals `changed()` whenever `row_filter` is another one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.status = QComboBox(), QComboBox()
        self.least_score, self.frames, self.text = QDoubleSpinBox(), QLineEdit(), QLineEdit()
        self.clear = QPushButton("Show all")
        self.shown = QLabel()
        self._set_up()
        self._lay_out()
        for signal in (
            self.kind.currentIndexChanged,
            self.status.currentIndexChanged,
            self.least_score.valueChanged,
            self.frames.textChanged,
            self.text.textChanged,
        ):
            signal.connect(lambda *_: self.changed.emit())
        self.clear.clicked.connect(self.show_all)

    @property
    def row_filter(self) -> RowFilter:
        """What the row says; frames that are no numbers limit nothing."""
        first, last = frame_range(self.frames.text())
        return RowFilter(
            kind=self.kind.currentText() if self.kind.currentIndex() > 0 else None,
            status=self.status.currentText() if self.status.currentIndex() > 0 else None,
            least_score=self.least_score.value(),
            first_frame=first,
            last_frame=last,
            text=self.text.text().strip(),
        )

    def offer_kinds(self, kinds: tuple[str, ...]) -> None:
        """Offer these kinds; the chosen one stays if it is among them."""
        if [self.kind.itemText(i) for i in range(1, self.kind.count())] == list(kinds):
            return
        chosen = self.kind.currentText()
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItems([ANY_KIND, *kinds])
        self.kind.setCurrentIndex(max(self.kind.findText(chosen), 0))
        self.kind.blockSignals(False)
        if self.kind.currentText() != chosen:
            self.changed.emit()

    def show_all(self) -> None:
        """Filter nothing."""
        self.kind.setCurrentIndex(0)
        self.status.setCurrentIndex(0)
        self.least_score.setValue(0)
        self.frames.clear()
        self.text.clear()

    def say_shown(self, shown: int, total: int) -> None:
        """Tell how many events the filters let through."""
        all_shown = shown == total
        self.shown.setText(f"{total:,} events" if all_shown else f"{shown:,} of {total:,} shown")
        self.clear.setEnabled(self.row_filter != RowFilter())

    def _set_up(self) -> None:
        self.kind.addItem(ANY_KIND)
        self.status.addItems([ANY_STATUS, *STATUSES])
        self.least_score.setRange(0, 1)
        self.least_score.setSingleStep(0.05)
        self.least_score.setToolTip(
            "Only events that the model holds for at least this likely: their calibrated "
            "probability, or else their score."
        )
        self.frames.setPlaceholderText("all, or 10-25")
        self.frames.setToolTip("One frame, such as 12, or a range, such as 10-25, 10- or -25.")
        self.frames.setMaximumWidth(110)
        self.text.setPlaceholderText("words of kind or source")
        self.text.setClearButtonEnabled(True)
        self.clear.setToolTip("Take all filters away.")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.status)
        row.addWidget(self.kind)
        for label, field in (("score at least", self.least_score), ("frames", self.frames)):
            row.addWidget(QLabel(label))
            row.addWidget(field)
        row.addWidget(self.text, 1)
        row.addWidget(self.clear)
        row.addWidget(self.shown)


def frame_range(text: str) -> tuple[int | None, int | None]:
    """First and last frame of a text such as "12", "10-25", "10-" or "-25"."""
    first, dash, last = (part.strip() for part in text.partition("-"))
    if not dash:
        last = first
    return tuple(int(part) if part.isdecimal() else None for part in (first, last))  # type: ignore[return-value]
