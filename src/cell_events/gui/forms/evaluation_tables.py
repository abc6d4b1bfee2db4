"""The confusion matrix and the list of errors; a click shows what is behind a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from cell_events.events import Event

HIT, MISSED, NOTHING_THERE = "hit", "missed", "nothing there"
COLUMNS = "frame", "what", "kind", "score"
SHADE = "#4477aa"
MOST_ROWS = 2000
"""More errors than this are not listed; the CSV has them all."""

_READ_ONLY = QAbstractItemView.EditTrigger.NoEditTriggers


class ConfusionTable(QTableWidget):
    """What events of each kind are called. Signals `cell_chosen(true kind, found kind)`."""

    cell_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(_READ_ONLY)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setToolTip(
            "Rows are what there is, columns what was found. Click on a number to list its events."
        )
        self._rows: Sequence[str] = ()
        self._columns: Sequence[str] = ()
        self.cellClicked.connect(self._on_click)

    def show_counts(self, values: Mapping[str, Any]) -> None:
        """Show what scores.json says of the confusion matrix."""
        self._rows, self._columns = values["rows"], values["columns"]
        self.setRowCount(len(self._rows))
        self.setColumnCount(len(self._columns))
        self.setVerticalHeaderLabels(list(self._rows))
        self.setHorizontalHeaderLabels([f"as {name}" for name in self._columns[:-1]] + [MISSED])
        for row, counts in enumerate(values["counts"]):
            total = sum(counts)
            for column, count in enumerate(counts):
                is_known = (row, column) != (len(self._rows) - 1, len(self._columns) - 1)
                share = count / total if total and row < len(self._rows) - 1 else 0.0
                self.setItem(row, column, _number(str(count) if is_known else "", share))
        self.resizeColumnsToContents()

    def _on_click(self, row: int, column: int) -> None:
        self.cell_chosen.emit(self._rows[row], self._columns[column])


class ErrorTable(QTableWidget):
    """Events of an evaluation, the first frame first. Signals `event_chosen(event)`."""

    event_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.events: list[Event] = []
        self.setHorizontalHeaderLabels(list(COLUMNS))
        self.setEditTriggers(_READ_ONLY)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setToolTip("Click on a row to go there.")
        if (numbers := self.verticalHeader()) is not None:
            numbers.hide()
        if (header := self.horizontalHeader()) is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setStretchLastSection(True)
        self.currentCellChanged.connect(self._on_row)

    def show_events(self, events: Sequence[Event]) -> None:
        """List these events."""
        self.blockSignals(True)
        self.events = list(events[:MOST_ROWS])
        self.clearContents()
        self.setCurrentCell(-1, -1)
        self.setRowCount(len(self.events))
        for row, event in enumerate(self.events):
            for column, text in enumerate((str(event.t), what(event), event.kind, _score(event))):
                self.setItem(row, column, QTableWidgetItem(text))
        self.blockSignals(False)

    def _on_row(self, row: int, *_: int) -> None:
        if 0 <= row < len(self.events):
            self.event_chosen.emit(self.events[row])


def cell_of(event: Event) -> tuple[str, str]:
    """Row and column of the confusion matrix in which an event of events.csv is counted."""
    outcome, kind = event.extra.get("outcome", ""), event.kind
    if outcome == MISSED:
        return kind, event.extra.get("called") or MISSED
    return event.extra.get("true_kind") or NOTHING_THERE, kind


def is_error(event: Event) -> bool:
    """Whether an event is to be listed as an error; one under a wrong kind is so once."""
    outcome = event.extra.get("outcome", "")
    return outcome != HIT and not (outcome == MISSED and event.extra.get("called"))


def what(event: Event) -> str:
    """What became of an event, such as "false alarm" or "hit, 2 late"."""
    outcome = event.extra.get("outcome", "")
    if outcome == HIT:
        late = int(float(event.extra.get("time_error_frames") or 0))
        return HIT if not late else f"{HIT}, {abs(late)} {'late' if late > 0 else 'early'}"
    is_renamed = event.extra.get("true_kind") and outcome != MISSED
    return f"is a {event.extra['true_kind']}" if is_renamed else outcome


def _score(event: Event) -> str:
    sure = event.score if event.probability is None else event.probability
    return "" if sure is None else f"{sure:.2f}"


def _number(text: str, share: float) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
    if share > 0:
        colour = QColor(SHADE)
        colour.setAlphaF(share)
        item.setBackground(colour)
    return item
