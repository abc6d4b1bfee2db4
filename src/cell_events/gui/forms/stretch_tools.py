"""The tools that paint abnormal stretches on a curve, and erase them."""

from __future__ import annotations

from collections.abc import Iterable

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from cell_events.gui.layers.stretch_colours import PAINTED_KINDS

PAINT, ERASE = "paint", "erase"
ERASER_COLOUR = "#d0d0d0"


class StretchTools(QWidget):
    """A kind to choose or to type, and two buttons of which at most one is pressed.

    Signals `changed()` when another tool is in the hand, or another kind is chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.paint, self.erase = QComboBox(), QPushButton("Paint"), QPushButton("Erase")
        self.kind.setEditable(True)
        self.kind.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.kind.addItems(list(PAINTED_KINDS))
        self.kind.setMinimumContentsLength(8)
        self.kind.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.kind.setToolTip(
            "What is abnormal; type a name for a kind of your own. 'normal' says that you looked "
            "at this cell and there is nothing."
        )
        self.paint.setToolTip(
            "Drag along the curve to say which stretch is abnormal; a click means one frame. "
            "Press again to put the brush away."
        )
        self.erase.setToolTip(
            "Drag to erase what you painted there; a click takes the whole stretch away."
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.kind, 1)
        for tool in (self.paint, self.erase):
            tool.setCheckable(True)
            tool.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tool.clicked.connect(self._on_click)
            row.addWidget(tool)
        self.kind.currentTextChanged.connect(lambda _: self.changed.emit())
        self.kind.activated.connect(lambda _: self.setFocus())  # the keys of the review work again

    @property
    def tool(self) -> str:
        """`PAINT`, `ERASE`, or "" while none is in the hand."""
        return PAINT if self.paint.isChecked() else ERASE if self.erase.isChecked() else ""

    @property
    def chosen_kind(self) -> str:
        """Kind that is painted."""
        return self.kind.currentText().strip()

    def offer(self, kinds: Iterable[str]) -> None:
        """Offer further kinds."""
        for kind in kinds:
            if self.kind.findText(kind, Qt.MatchFlag.MatchExactly) < 0:
                self.kind.addItem(kind)

    def _on_click(self, checked: bool) -> None:
        pressed = self.sender()
        for tool in (self.paint, self.erase):
            tool.setChecked(checked and tool is pressed)
        self.setFocus()
        self.changed.emit()
