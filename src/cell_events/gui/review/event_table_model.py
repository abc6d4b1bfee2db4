"""Qt's view of the list of events: rows that are filtered and sorted in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from qtpy.QtGui import QColor

from cell_events.gui.layers.colours import KIND_COLOURS, OTHER_COLOUR
from cell_events.gui.review.event_list import EventList
from cell_events.review.event_rows import RowFilter, sorted_rows

TIME = "time"
COLUMNS = ("status", "kind", "t", TIME, "y", "x", "score", "probability", "source")
HEADERS = dict(zip(COLUMNS, COLUMNS, strict=True)) | {"t": "frame", "y": "y (px)", "x": "x (px)"}
STATUS_TEXTS = {
    "proposed": "? proposed",
    "accepted": "\N{CHECK MARK} accepted",
    "rejected": "\N{BALLOT X} rejected",
    "added": "+ added",
}
DECIMALS = {"y": 1, "x": 1, "score": 2, "probability": 2}
WORDS = ("status", "kind", "source")
LONG_S = 600.0  # movies that last longer are told in minutes

Role = Qt.ItemDataRole


class EventTableModel(QAbstractTableModel):
    """The events that the filter lets through, in the order of one column.

    A changed event keeps its row as long as the filter lets it through, so that nothing jumps
    under the mouse; the next sort or filter puts it where it belongs.

    `filtered()` tells that other events are shown than before.
    """

    filtered = Signal()

    def __init__(self, events: EventList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events = events
        self._filter = RowFilter()
        self._sort_column, self._descending = "t", False
        self._frame_interval_s: float | None = None
        self._colours: dict[str, QColor] = {}
        self._shown: NDArray[np.intp] = np.empty(0, np.intp)
        self._ids: NDArray[np.object_] = np.empty(0, object)  # of the shown rows
        self._row_of: dict[str, int] = {}  # of the shown events, once somebody asks
        self._is_in_order = True  # nothing has changed since the last sort
        self._count = 0  # of all events when they were last filtered
        events.reset.connect(self.refresh)
        events.changed.connect(self._on_changed)
        self.refresh()

    @property
    def row_filter(self) -> RowFilter:
        """What events must be like to be shown."""
        return self._filter

    @row_filter.setter
    def row_filter(self, row_filter: RowFilter) -> None:
        if row_filter != self._filter:
            self._filter = row_filter
            self.refresh()

    @property
    def frame_interval_s(self) -> float | None:
        """Time between frames; without it the column of times is empty."""
        return self._frame_interval_s

    @frame_interval_s.setter
    def frame_interval_s(self, seconds: float | None) -> None:
        self._frame_interval_s = seconds
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self.refresh()

    def set_kinds(self, kinds: tuple[str, ...]) -> None:
        """Give the kinds the colours that they have in the viewer."""
        self._colours = {
            kind: QColor(KIND_COLOURS[i % len(KIND_COLOURS)]) for i, kind in enumerate(kinds)
        }
        self.refresh()

    def id_at(self, row: int) -> str | None:
        """Id of the event in a row; None beyond the last."""
        return str(self._ids[row]) if 0 <= row < len(self._ids) else None

    def row_of(self, event_id: str | None) -> int | None:
        """Row of an event; None if it is not shown."""
        rows = self.rows_of([] if event_id is None else [event_id])
        return int(rows[0]) if len(rows) else None

    def rows_of(self, ids: Sequence[str]) -> NDArray[np.intp]:
        """Rows of those of the events that are shown, from the top."""
        if ids and not self._row_of:
            self._row_of = {name: row for row, name in enumerate(self._ids)}
        rows = [self._row_of[name] for name in ids if name in self._row_of]
        return np.sort(np.array(rows, dtype=np.intp))

    def refresh(self) -> None:
        """Filter and sort anew."""
        columns = self._events.columns
        name = "t" if self._sort_column == TIME else self._sort_column
        shown = self._filter.mask(columns)
        self._is_in_order = True
        self._show(sorted_rows(columns, shown, name, descending=self._descending))

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Events that the filter lets through."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """One for each of `COLUMNS`."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: QModelIndex, role: int = Role.DisplayRole) -> Any:
        """Text, alignment and colour of a cell."""
        name = COLUMNS[index.column()]
        if role == Role.DisplayRole:
            return self._text(name, int(self._shown[index.row()]))
        if role == Role.TextAlignmentRole and name not in WORDS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Role.DecorationRole and name == "kind":
            kind = self._events.columns["kind"][self._shown[index.row()]]
            return self._colours.get(kind, QColor(OTHER_COLOUR))
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Names of the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Role.DisplayRole:
            return None
        name = COLUMNS[section]
        return f"time ({self._time_unit()[0]})" if name == TIME else HEADERS[name]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; equal ones by time."""
        wanted = COLUMNS[column], order == Qt.SortOrder.DescendingOrder
        if wanted != (self._sort_column, self._descending) or not self._is_in_order:
            self._sort_column, self._descending = wanted
            self.refresh()

    def _text(self, name: str, row: int) -> str:
        value = self._events.columns["t" if name == TIME else name][row]
        if name == TIME:
            if self._frame_interval_s is None:
                return ""
            return f"{value * self._frame_interval_s / self._time_unit()[1]:.1f}"
        if name == "status":
            return STATUS_TEXTS[value]
        if name in DECIMALS:
            return "" if np.isnan(value) else f"{value:.{DECIMALS[name]}f}"
        return str(value)

    def _time_unit(self) -> tuple[str, float]:
        """Unit in which times are told, and its seconds."""
        times = self._events.columns["t"]
        lasts_s = (self._frame_interval_s or 0) * (int(times.max()) if len(times) else 0)
        return ("min", 60.0) if lasts_s > LONG_S else ("s", 1.0)

    def _on_changed(self, ids: list[str]) -> None:
        """Show other values in place where the same events stay; else filter and sort anew."""
        self._is_in_order = False
        columns = self._events.columns
        is_gone = any(columns.row(name) is None for name in ids)
        matches = self._filter.mask(columns)
        if is_gone or len(matches) != self._count:
            self.refresh()
            return
        kept = self._shown[matches[self._shown]]
        if np.count_nonzero(matches) > len(kept):
            self.refresh()  # some match that did not before
        elif len(kept) < len(self._shown):
            self._show(kept)
        elif len(kept):
            last = self.index(len(kept) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _show(self, rows: NDArray[np.intp]) -> None:
        self.beginResetModel()
        self._shown, self._ids = rows, self._events.ids[rows]
        self._row_of = {}
        self._count = len(self._events)
        self.endResetModel()
        self.filtered.emit()
