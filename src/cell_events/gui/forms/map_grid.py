"""All cell maps of one frame, side by side over the image, to choose from."""

from __future__ import annotations

from collections.abc import Sequence

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
    QPen,
    QResizeEvent,
    QShowEvent,
)
from qtpy.QtWidgets import QSizePolicy, QToolTip, QWidget

from cell_events.gui.forms.map_pictures import MapWords

COLUMNS, GAP, MARGIN = 3, 6, 4
LEAST_WIDTH = 96
"""Of a picture, in pixels of the screen."""

CHOSEN_COLOUR = "#ffb000"
WRAPPED = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
NOT_READ = QColor(128, 128, 128, 40)
KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -COLUMNS,
    Qt.Key.Key_Down: COLUMNS,
}


class MapGrid(QWidget):
    """Pictures in rows of three; a click, or the arrow keys, signal `chosen(index)`.

    The chosen map has a thick frame, the proposed one a dashed frame and the word. Dead maps
    cannot be chosen. Pictures come later, by `show_pictures`, and again for every frame.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[MapWords, ...] = ()
        self.pictures: list[QImage] = []
        self._aspect = 0.75
        self.choice: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Cell maps")

    def set_maps(self, words: Sequence[MapWords], choice: int | None) -> None:
        """Show these maps, without pictures at first, one of which is chosen."""
        self._words, self.pictures, self.choice = tuple(words), [], choice
        self._fit_height()
        self.update()

    def choose(self, index: int) -> None:
        """Choose another map, if it shows anything."""
        if 0 <= index < len(self._words) and not self._words[index].is_dead:
            self.choice = index
            self.update()
            self.chosen.emit(index)

    def show_pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """Show one picture (Y, X, 3) for each map."""
        self.pictures = [_image(picture) for picture in pictures]
        if self.pictures:
            first = self.pictures[0]
            self._aspect = min(first.height() / max(first.width(), 1), 1.5)
        self._fit_height()
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Three small pictures, and all rows of them."""
        return QSize(COLUMNS * LEAST_WIDTH + (COLUMNS - 1) * GAP, self.height())

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Leave room for the words in the font of the window."""
        super().showEvent(event)
        self._fit_height()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Make the pictures as wide as there is room."""
        super().resizeEvent(event)
        self._fit_height()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Draw pictures, frames and words."""
        del event
        painter = QPainter(self)
        for place, words in enumerate(self._words):
            self._paint_one(painter, place, words)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Choose the map under the mouse."""
        place = self._place_at(event.position().toPoint()) if event is not None else None
        if place is not None:
            self.choose(place)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Choose the neighbour that an arrow points to."""
        step = KEYS.get(Qt.Key(event.key())) if event is not None else None
        if step is None or self.choice is None:
            super().keyPressEvent(event)
            return
        place = self.choice + step
        while 0 <= place < len(self._words) and self._words[place].is_dead:
            place += 1 if step > 0 else -1
        self.choose(place)

    def event(self, event: QEvent | None) -> bool:
        """Say all of the words of a map where the mouse rests."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._place_at(event.pos())
            words = self._words[place] if place is not None else None
            tip = f"Map {words.index}: {words.reason}." if words else ""
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def _paint_one(self, painter: QPainter, place: int, words: MapWords) -> None:
        square = self._picture_at(place)
        painter.setOpacity(0.5 if words.is_dead else 1.0)
        painter.fillRect(square, NOT_READ)
        if place < len(self.pictures):
            painter.drawImage(square, self.pictures[place])
        painter.setOpacity(1.0)
        if pen := self._frame(place, words):
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(square.adjusted(1, 1, -2, -2))
        self._paint_words(painter, square, words)

    def _frame(self, place: int, words: MapWords) -> QPen | None:
        colour = QColor(CHOSEN_COLOUR)
        if place == self.choice:
            return QPen(colour, 4)
        return QPen(colour, 2, Qt.PenStyle.DashLine) if words.is_proposed else None

    def _paint_words(self, painter: QPainter, square: QRect, words: MapWords) -> None:
        ink = self.palette().color(self.foregroundRole())
        painter.setPen(ink)
        font, line = self.font(), self.fontMetrics().lineSpacing()
        font.setBold(True)
        painter.setFont(font)
        heading = QRect(square.left(), square.bottom() + 2, square.width(), line)
        painter.drawText(heading, Qt.AlignmentFlag.AlignLeft, words.heading)
        painter.setFont(self.font())
        beneath = heading.translated(0, line)
        beneath.setHeight(self._words_height() - line)
        painter.drawText(beneath, WRAPPED, words.reason)

    def _place_at(self, point: QPoint) -> int | None:
        tiles = enumerate(self._picture_at(place) for place in range(len(self._words)))
        words = self._words_height()
        return next(
            (place for place, tile in tiles if tile.adjusted(0, 0, 0, words).contains(point)), None
        )

    def _picture_at(self, place: int) -> QRect:
        row, column = divmod(place, COLUMNS)
        width, height = self._picture_size()
        down = row * (height + self._words_height() + 2 * MARGIN)
        return QRect(column * (width + GAP), down, width, height)

    def _words_height(self) -> int:
        """Room for the heading and the longest reason beneath a picture."""
        metrics, room = self.fontMetrics(), QRect(0, 0, self._picture_size()[0], 1000)
        heights = [metrics.boundingRect(room, WRAPPED, w.reason).height() for w in self._words]
        return int(metrics.lineSpacing() + max(heights, default=0))

    def _picture_size(self) -> tuple[int, int]:
        width = max((self.width() - (COLUMNS - 1) * GAP) // COLUMNS, 1)
        return width, round(width * self._aspect)

    def _fit_height(self) -> None:
        rows = -(-len(self._words) // COLUMNS)
        below = self._picture_at(rows * COLUMNS).top()
        if below != self.height():
            self.setFixedHeight(below)


def _image(picture: NDArray[np.uint8]) -> QImage:
    height, width = picture.shape[:2]
    pixels = np.ascontiguousarray(picture).tobytes()
    image = QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.copy()  # the bytes do not outlive this function
