"""A button that shows the key which does the same."""

from __future__ import annotations

from qtpy.QtCore import QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from qtpy.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

CAP_PADDING, MARGIN = 5, 6


class KeyButton(QPushButton):
    """A key cap at the left, words beside it.

    Parameters
    ----------
    cap
        What is printed on the key.
    words
        What the button does.
    dot
        Colour of a dot at the right, such as that of a kind of event.
    """

    def __init__(
        self, cap: str, words: str, dot: QColor | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(words, parent)
        self.cap, self._dot = cap, dot
        self.setAccessibleName(f"{words} ({cap})")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys go on to the widget around it
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide enough for the cap, the words and the dot."""
        width = self._words_left() + self.fontMetrics().horizontalAdvance(self.text()) + 2 * MARGIN
        return QSize(width + (14 if self._dot is not None else 0), self.fontMetrics().height() + 10)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Nothing is cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Draw the button, then the cap and the dot on it."""
        del event
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""  # the words are drawn here, as the theme's font comes after the button
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.ButtonText)
        colour.setAlphaF(1.0 if self.isEnabled() else 0.4)
        painter.setPen(QPen(colour, 1))
        height = self.fontMetrics().height() + 2
        cap = QRectF(MARGIN + 0.5, (self.height() - height) / 2, self._cap_width(), height)
        painter.drawRoundedRect(cap, 3, 3)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.cap)
        words = QRectF(self.rect()).adjusted(self._words_left(), 0, 0, 0)
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text()
        )
        self._paint_dot(painter)
        painter.end()

    def _paint_dot(self, painter: QPainter) -> None:
        if self._dot is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._dot)
            painter.drawEllipse(QRectF(self.width() - 16, self.height() / 2 - 4, 8, 8))

    def _cap_width(self) -> int:
        metrics = self.fontMetrics()
        return max(metrics.horizontalAdvance(self.cap) + 2 * CAP_PADDING, metrics.height() + 2)

    def _words_left(self) -> int:
        return MARGIN + self._cap_width() + MARGIN
