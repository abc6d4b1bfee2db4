"""Chooses some columns of a table, from a menu that stays open meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QCheckBox, QMenu, QPushButton, QSizePolicy, QWidget, QWidgetAction


class ColumnChooser(QPushButton):
    """A button that names what is chosen; at least one column always is.

    Signals `changed()` when somebody has chosen others.
    """

    changed = Signal()

    def __init__(self, tip: str, parent: QWidget | None = None) -> None:
        super().__init__("none yet", parent)
        self._boxes: dict[str, QCheckBox] = {}
        self._menu = QMenu(self)
        self._tip = tip
        self.setToolTip(tip)
        self.setMenu(self._menu)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setEnabled(False)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Columns that are chosen, in the order of the table."""
        return tuple(name for name, box in self._boxes.items() if box.isChecked())

    def offer(self, columns: Sequence[str], chosen: Sequence[str]) -> None:
        """Offer other columns; of those chosen, the ones that are there stay so."""
        self._menu.clear()
        self._boxes = {name: QCheckBox(name) for name in columns}
        for name, box in self._boxes.items():
            box.setContentsMargins(6, 2, 6, 2)
            box.setChecked(name in chosen)
            box.clicked.connect(self._on_click)
            action = QWidgetAction(self._menu)
            action.setDefaultWidget(box)
            self._menu.addAction(action)
        self.setEnabled(bool(self._boxes))
        self._show()

    def _on_click(self, checked: bool) -> None:
        box = self.sender()
        if not checked and not self.chosen and isinstance(box, QCheckBox):
            box.setChecked(True)  # the last one stays
            return
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        chosen = self.chosen
        named = ", ".join(chosen)
        self.setText(named if len(chosen) < 2 else f"{len(chosen)} columns")
        self.setToolTip(f"{self._tip} Chosen: {named}." if chosen else self._tip)
