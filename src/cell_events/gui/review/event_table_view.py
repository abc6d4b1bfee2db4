"""The rows of the table of events: what is selected in them, kept through every change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QScrollBar, QTableView, QWidget

from cell_events.gui.review.event_table_model import COLUMNS, TIME, EventTableModel

WIDTHS = {"status": 100, "kind": 110, "t": 64, TIME: 84, "y": 72, "x": 72}
OTHER_WIDTH = 90
ROW_HEIGHT = 22
SELECTED_STYLE = "QTableView::item:selected { background-color: #3d68c4; color: white; }"
"""napari's own is a grey that one hardly sees; this blue is read well in both themes."""

Flag = QItemSelectionModel.SelectionFlag


class EventTableView(QTableView):
    """Signals `came_to(id)` when the user goes to a row, by mouse or arrow key."""

    came_to = Signal(str)

    def __init__(self, model: EventTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._kept: list[str] = []  # selected while the model is reset
        self.bar = QScrollBar(Qt.Orientation.Vertical)
        self._is_followed = True  # whether what becomes current was chosen by the user
        self._current: str | None = None
        self._first_row = 0
        self.setModel(model)
        self.choice = QItemSelectionModel(model, self)
        self.setSelectionModel(self.choice)
        self._set_up_rows()
        self._set_up_columns()
        model.modelAboutToBeReset.connect(self._keep_selection)
        model.modelReset.connect(self._restore_selection)

    @property
    def selected_ids(self) -> list[str]:
        """Ids of the selected rows, from the top."""
        selection = self.choice.selection()
        ranges = [selection[i] for i in range(len(selection))]
        rows = sorted({row for r in ranges for row in range(r.top(), r.bottom() + 1)})
        return [name for name in map(self._rows.id_at, rows) if name is not None]

    def show_event(self, event_id: str | None) -> None:
        """Scroll to an event and select its row; nothing is selected if it is not shown."""
        row = self._rows.row_of(event_id)
        with self._not_followed():
            if row is None:
                self.clearSelection()
                return
            index = self._rows.index(row, 0)
            if self.currentIndex().row() != row or not self.choice.isSelected(index):
                self.setCurrentIndex(index)
            if not self._is_whole(index):
                self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # noqa: N802
        """Tell where the user went."""
        super().currentChanged(current, previous)
        event_id = self._rows.id_at(current.row())
        if self._is_followed and event_id is not None and current.row() != previous.row():
            self.came_to.emit(event_id)

    def _set_up_rows(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setStyleSheet(SELECTED_STYLE)
        self.setVerticalScrollBar(self.bar)
        rows = QHeaderView(Qt.Orientation.Vertical)
        self.setVerticalHeader(rows)
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)

    def _set_up_columns(self) -> None:
        columns = QHeaderView(Qt.Orientation.Horizontal)
        self.setHorizontalHeader(columns)
        for section, name in enumerate(COLUMNS):
            columns.resizeSection(section, WIDTHS.get(name, OTHER_WIDTH))
        columns.setStretchLastSection(True)
        columns.setHighlightSections(False)
        columns.setSectionsClickable(True)
        columns.setSortIndicator(COLUMNS.index("t"), Qt.SortOrder.AscendingOrder)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        self.setColumnHidden(COLUMNS.index(TIME), self._rows.frame_interval_s is None)

    def _is_whole(self, index: QModelIndex) -> bool:
        """Whether nothing of the row is cut off above or below."""
        row, viewport = self.visualRect(index), self.viewport()
        return row.top() >= 0 and viewport is not None and row.bottom() < viewport.height()

    def _keep_selection(self) -> None:
        self._kept = self.selected_ids
        self._current = self._rows.id_at(self.currentIndex().row())
        self._first_row = self.bar.value()

    def _restore_selection(self) -> None:
        """Select the same events in their new rows; the keyboard goes on from where it was."""
        with self._not_followed():
            self.choice.select(self._selection(self._rows.rows_of(self._kept)), Flag.ClearAndSelect)
            current = self._rows.row_of(self._current)
            if current is not None:
                index = self._rows.index(current, 0)
                self.choice.setCurrentIndex(index, Flag.NoUpdate)
            self.bar.setValue(self._first_row)

    def _selection(self, rows: NDArray[np.intp]) -> QItemSelection:
        """Select whole rows, as few ranges as possible."""
        selection = QItemSelection()
        for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
            if len(run):
                first = self._rows.index(int(run[0]), 0)
                last = self._rows.index(int(run[-1]), len(COLUMNS) - 1)
                selection.select(first, last)
        return selection

    @contextmanager
    def _not_followed(self) -> Iterator[None]:
        """Take what becomes current for our own doing."""
        before, self._is_followed = self._is_followed, False
        try:
            yield
        finally:
            self._is_followed = before
