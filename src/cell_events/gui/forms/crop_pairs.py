"""Pairs of crops, before and after, numbered and side by side, to click on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from qtpy.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from qtpy.QtWidgets import QSizePolicy, QToolTip, QWidget

from cell_events.gui.forms.attention_pictures import image_of

GAP, INNER_GAP, MARGIN = 8, 2, 2
CHOSEN_COLOUR = "#ffb000"
NO_PICTURE = QColor(128, 128, 128, 40)


@dataclass(frozen=True, eq=False)
class CropPair:
    """Two pictures (Y, X, 4), and what is written below them.

    Attributes
    ----------
    number
        Written into the corner; empty for none.
    words
        Below the pair.
    tip
        Told where the mouse rests.
    """

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    number: str = ""
    words: str = ""
    tip: str = ""


class CropPairs(QWidget):
    """Pairs in rows of `columns`; a click, or the arrow keys, signal `chosen(index)`."""

    chosen = Signal(int)

    def __init__(
        self, columns: int = 1, largest_px: int = 150, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._columns, self._largest = columns, largest_px
        self.pairs: tuple[CropPair, ...] = ()
        self._images: list[tuple[QImage, QImage]] = []
        self.choice: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_pairs(self, pairs: Sequence[CropPair]) -> None:
        """Show these pairs, none of them chosen; hides where there are none."""
        self.pairs, self.choice = tuple(pairs), None
        self._images = [(image_of(pair.before), image_of(pair.after)) for pair in self.pairs]
        self._fit_height()
        self.setVisible(bool(self.pairs))
        self.update()

    def choose(self, index: int) -> None:
        """Choose a pair, as a click on it does."""
        if 0 <= index < len(self.pairs):
            self.choice = index
            self.update()
            self.chosen.emit(index)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Small pictures, and all rows of them."""
        return QSize(self._columns * (2 * 32 + INNER_GAP) + (self._columns - 1) * GAP, 0)

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Leave room for the words in the font of the window."""
        super().showEvent(event)
        self._fit_height()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Make the pictures as wide as there is room."""
        super().resizeEvent(event)
        self._fit_height()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Draw pictures, numbers and words."""
        del event
        painter = QPainter(self)
        for place in range(len(self.pairs)):
            self._paint_one(painter, place)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Choose the pair under the mouse."""
        place = self._place_at(event.position().toPoint()) if event is not None else None
        if place is not None:
            self.choose(place)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Choose the neighbour that an arrow points to."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        step = steps.get(Qt.Key(event.key())) if event is not None else None
        if step is None:
            super().keyPressEvent(event)
        else:
            self.choose(0 if self.choice is None else self.choice + step)

    def event(self, event: QEvent | None) -> bool:
        """Tell about a pair where the mouse rests."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._place_at(event.pos())
            tip = self.pairs[place].tip if place is not None else ""
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def _paint_one(self, painter: QPainter, place: int) -> None:
        pair, box = self.pairs[place], self._box(place)
        side = self._side()
        for i, image in enumerate(self._images[place]):
            square = QRect(box.left() + i * (side + INNER_GAP), box.top(), side, side)
            painter.fillRect(square, NO_PICTURE)
            painter.drawImage(square, image)
        if pair.number:
            self._paint_number(painter, box.topLeft(), pair.number)
        if place == self.choice:
            painter.setPen(QPen(QColor(CHOSEN_COLOUR), 2))
            painter.drawRect(QRect(box.left(), box.top(), 2 * side + INNER_GAP, side))
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        below = QRect(box.left(), box.top() + side, box.width(), self._text_height())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, pair.words)

    def _paint_number(self, painter: QPainter, corner: QPoint, number: str) -> None:
        """Write a number on a dark patch, so that it is seen on any picture."""
        metrics = self.fontMetrics()
        patch = QRect(corner, QSize(metrics.horizontalAdvance(number) + 6, metrics.height()))
        painter.fillRect(patch, QColor(0, 0, 0, 170))
        painter.setPen(QColor("#ffffff"))
        painter.drawText(patch, Qt.AlignmentFlag.AlignCenter, number)

    def _side(self) -> int:
        """Side of a picture."""
        room = (self.width() - 2 * MARGIN - (self._columns - 1) * GAP) // self._columns
        return max(min((room - INNER_GAP) // 2, self._largest), 8)

    def _box(self, place: int) -> QRect:
        """Where a pair lies, with its words; all columns together are centred."""
        side = self._side()
        wide, high = 2 * side + INNER_GAP, side + self._text_height()
        row, column = divmod(place, self._columns)
        all_columns = self._columns * wide + (self._columns - 1) * GAP
        left = (self.width() - all_columns) // 2
        return QRect(left + column * (wide + GAP), MARGIN + row * (high + MARGIN), wide, high)

    def _place_at(self, point: QPoint) -> int | None:
        places = range(len(self.pairs))
        return next((place for place in places if self._box(place).contains(point)), None)

    def _text_height(self) -> int:
        has_words = any(pair.words for pair in self.pairs)
        return self.fontMetrics().height() + 2 if has_words else 0

    def _fit_height(self) -> None:
        if self.pairs:
            last = self._box(len(self.pairs) - 1)
            self.setFixedHeight(last.bottom() + MARGIN + 1)
