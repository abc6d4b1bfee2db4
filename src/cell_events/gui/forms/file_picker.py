"""Shows which file is chosen, and lets the user take another."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget


class FilePicker(QWidget):
    """The name of a file and a button that opens another one; `changed()` tells of it.

    Parameters
    ----------
    none_yet
        What to show while there is no file.
    tip
        What the button does, in the user's words.
    kinds
        Which files are offered, as Qt writes them.
    """

    changed = Signal()

    def __init__(self, none_yet: str, tip: str, kinds: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none_yet, self._title, self._kinds = none_yet, tip.rstrip("."), kinds
        self._path: Path | None = None
        self._name = QLabel(none_yet)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.open_button = QPushButton("Open…")
        self.open_button.setToolTip(tip)
        self.open_button.clicked.connect(self.ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self.open_button)

    @property
    def path(self) -> Path | None:
        """The file; None if none was chosen."""
        return self._path

    @path.setter
    def path(self, path: Path | None) -> None:
        self._path = path
        self._name.setText(path.name if path is not None else self._none_yet)
        self._name.setToolTip(str(path) if path is not None else "")
        self.changed.emit()

    def ask(self) -> None:
        """Let the user choose a file."""
        folder = str(self._path.parent) if self._path is not None else ""
        path, _ = QFileDialog.getOpenFileName(self, self._title, folder, self._kinds)
        if path:
            self.path = Path(path)
