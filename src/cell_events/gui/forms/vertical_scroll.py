"""A scroll area that scrolls up and down only and is as wide as what it holds."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject, QPoint, QSize, Qt
from qtpy.QtWidgets import QFrame, QScrollArea, QWidget


class VerticalScroll(QScrollArea):
    """Cuts nothing off at the sides."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_whole(self, part: QWidget) -> None:
        """Scroll as little as may be to show a part from its top, and all of it if it fits."""
        bar, seen = self.verticalScrollBar(), self.viewport()
        if bar is not None and seen is not None:
            top = part.mapTo(self._content, QPoint(0, 0)).y()
            bottom = top + part.height() - seen.height()
            bar.setValue(min(max(bar.value(), bottom), top))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        """Ask for another width when the content needs one."""
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Width of the content and the scroll bar; any height."""
        bar = self.verticalScrollBar()
        bar_width = bar.sizeHint().width() if bar is not None else 0
        return QSize(self._content.minimumSizeHint().width() + bar_width, 100)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As narrow as may be, as high as the content likes to be."""
        return QSize(self.minimumSizeHint().width(), self._content.sizeHint().height())
