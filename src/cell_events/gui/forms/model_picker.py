"""Shows which model file is in use, and lets the user take another."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

MODEL_SUFFIX = ".safetensors"
MODEL_FILES = f"Model files (*{MODEL_SUFFIX})"


class ModelPicker(QWidget):
    """The name of a model file and a button that opens another one.

    Parameters
    ----------
    none_yet
        What to show while there is no file.
    tip
        What the button does, in the user's words.
    without
        What is used while there is no file; if given, a second button goes back to it.
    """

    changed = Signal()

    def __init__(
        self, none_yet: str, tip: str, without: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._none_yet, self._without = none_yet, without
        self._path: Path | None = None
        self._name = QLabel()
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.load_button = QPushButton("Load…")
        self.load_button.setToolTip(tip)
        self.load_button.clicked.connect(self.ask)
        self.forget_button = QPushButton("✕")
        self.forget_button.setToolTip(f"Go back. {without}")
        self.forget_button.clicked.connect(self.forget)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self.forget_button)
        row.addWidget(self.load_button)
        self._show()

    @property
    def path(self) -> Path | None:
        """The model file; None if none was made or loaded."""
        return self._path

    @path.setter
    def path(self, path: Path | None) -> None:
        self._path = path
        self._show()
        self.changed.emit()

    def forget(self) -> None:
        """Use no file."""
        self.path = None

    def ask(self) -> None:
        """Let the user choose a file."""
        folder = str(self._path.parent) if self._path is not None else ""
        path, _ = QFileDialog.getOpenFileName(self, "Load a model", folder, MODEL_FILES)
        if path:
            self.path = Path(path)

    def _show(self) -> None:
        path = self._path
        self._name.setText(path.name if path is not None else self._none_yet)
        self._name.setToolTip(str(path) if path is not None else self._without)
        self.forget_button.setVisible(path is not None and bool(self._without))
