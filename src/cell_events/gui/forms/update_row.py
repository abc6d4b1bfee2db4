"""The buttons of the loop: update, live, go back."""

from __future__ import annotations

from qtpy.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from cell_events.gui.forms.form_rows import button


class UpdateRow(QWidget):
    """Widgets only; `PaintAndDetect` gives them life."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.once = button(
            "Update once",
            "Learn from all paint and all decisions, and look again: the frame on screen first.",
        )
        self.live = QCheckBox("Live")
        self.live.setToolTip("Update by itself after every stroke and every decision.")
        self.revert = button("Revert", "Go back to the update before the last one.")
        self.revert.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.once, 2)
        row.addWidget(self.live)
        row.addWidget(self.revert, 1)
