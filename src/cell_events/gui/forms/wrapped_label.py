"""Words that break into lines, and ask for as many as they need at the width they have."""

from __future__ import annotations

from qtpy.QtCore import QSize
from qtpy.QtGui import QResizeEvent
from qtpy.QtWidgets import QLabel, QSizePolicy, QWidget


class WrappedLabel(QLabel):
    """As wide as there is room for; a common label asks for the height of a narrow column."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Any width, and all lines."""
        return QSize(0, max(self.heightForWidth(self.width()), 0))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The same."""
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Ask for another height at another width."""
        super().resizeEvent(event)
        self.updateGeometry()
