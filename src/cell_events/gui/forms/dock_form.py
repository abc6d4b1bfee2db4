"""The frame of every form that runs jobs: rows that scroll, and below them what runs."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cell_events.gui.forms.form_rows import Row, grid_of
from cell_events.gui.forms.run_bar import RunBar
from cell_events.gui.forms.vertical_scroll import VerticalScroll


class DockForm(QWidget):
    """Rows of widgets in a scroll area, and a run bar that is always in sight.

    A form makes its widgets, then calls `frame`.
    """

    area: VerticalScroll

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run_bar = RunBar()

    def frame(self, rows: Sequence[Row], *below: QWidget) -> QGridLayout:
        """Lay out the rows, the run bar, and what comes below it; return the grid of the rows."""
        content, grid = QWidget(), grid_of(rows)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.addLayout(grid)
        column.addStretch(1)
        self.area = VerticalScroll(content)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(6, 6, 6, 6)
        self._outer.addWidget(self.area, 1)
        for widget in (self.run_bar, *below):
            self._outer.addWidget(widget)
        return grid

    def add_below(self, widget: QWidget) -> None:
        """Show a widget between the rows and the run bar."""
        self._outer.insertWidget(self._outer.indexOf(self.run_bar), widget)
