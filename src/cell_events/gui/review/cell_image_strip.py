"""Small pictures of one cell from just before its most unusual stretch to just after."""

from __future__ import annotations

import numpy as np
from qtpy.QtCore import QRectF, QSize, Qt, Signal
from qtpy.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from qtpy.QtWidgets import QSizePolicy, QWidget

from cell_events.dry_mass.cell_places import USUAL_SIDE, CellPlaces
from cell_events.gui.review.cell_crops import CellCrop, CellInMovie, cell_in_movie, crops_of_cell
from cell_events.gui.review.latest_reader import LatestReader
from cell_events.gui.review.thumbnails import Contrast, picture
from cell_events.movie import Movie

COUNT = 6
GAP, LARGEST, BAR = 4, 96, 3
OUTLINE, STRETCH = QColor("#00d5ff"), QColor("#ffd400")


class CellImageStrip(QWidget):
    """Shows crops of a movie along one cell; a click on one signals `frame_clicked(t)`.

    A bar below marks frames of the stretch, a frame around it the picture that the viewer shows.

    Parameters
    ----------
    side_px
        Side of the crops in pixels of the movie; None: so that most of the cells fit.
    """

    frame_clicked = Signal(int)

    def __init__(self, side_px: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted_side_px = side_px
        self.side_px = side_px or USUAL_SIDE
        self.crops: list[CellCrop] = []
        self.cell: CellInMovie | None = None
        self._movie: Movie | None = None
        self._labels: Movie | None = None
        self._contrast = Contrast(0.0, 1.0)
        self._frame: int | None = None
        self._reader = LatestReader(self)
        self._reader.done.connect(self._take)
        self._reader.failed.connect(self._say_failure)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_movie(
        self,
        movie: Movie | None,
        contrast: tuple[float, float] = (0.0, 1.0),
        labels: Movie | None = None,
    ) -> None:
        """Take crops from this movie, and outlines from these labels of the same shape."""
        self._movie, self._labels = movie, labels
        self.set_contrast(contrast)
        self._read()

    def set_contrast(self, contrast: tuple[float, float]) -> None:
        """Show the crops with other contrast limits; nothing is read again."""
        self._contrast = Contrast(*contrast)
        self.update()

    def show_cell(
        self,
        places: CellPlaces | None,
        track_id: int | None,
        stretch: tuple[int, int] | None = None,
    ) -> None:
        """Show another cell, or none; its crops come as soon as they are read."""
        self.cell = None
        if places is not None and track_id is not None:
            self.cell = cell_in_movie(places, track_id, stretch, COUNT)
            self.side_px = self._wanted_side_px or places.side_px
        self._read()

    def set_frame(self, t: int) -> None:
        """Mark the frame that the viewer shows."""
        self._frame = t
        self.update()

    def shut_down(self) -> None:
        """End the thread that reads. Safe to call twice."""
        self._reader.shut_down()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Pictures of about 52 pixels, and the numbers of their frames below."""
        return QSize(COUNT * 52 + (COUNT - 1) * GAP, 52 + BAR + self._text_height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as usual; narrower pictures are smaller."""
        return QSize(COUNT * 32 + (COUNT - 1) * GAP, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Draw pictures and numbers."""
        del event
        painter = QPainter(self)
        for i, t in enumerate(self.cell.frames if self.cell else ()):
            self._paint_one(painter, i, t)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Tell which frame was clicked."""
        for i, t in enumerate(self.cell.frames if self.cell else ()):
            if event is not None and self._square(i).contains(event.position()):
                self.frame_clicked.emit(t)

    def _read(self) -> None:
        self.crops = []
        self.setToolTip("")
        self._reader.forget()
        self.update()
        if self.cell is not None and self._movie is not None:
            cell, movie, labels, side = self.cell, self._movie, self._labels, self.side_px
            key = (cell, id(movie), id(labels), side)
            self._reader.read(key, lambda: crops_of_cell(movie, labels, cell, side))

    def _paint_one(self, painter: QPainter, i: int, t: int) -> None:
        square = self._square(i)
        painter.fillRect(square, QColor(128, 128, 128, 40))
        if i < len(self.crops):
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(square, outlined(self.crops[i], self._contrast))
        if t == self._frame:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2))
            painter.drawRect(square.adjusted(1, 1, -1, -1))
        if self.cell and self.cell.stretch and self.cell.stretch[0] <= t <= self.cell.stretch[1]:
            painter.fillRect(
                QRectF(square.left(), square.bottom() + 1, square.width(), BAR - 1), STRETCH
            )
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        below = QRectF(square.left(), square.bottom() + BAR, square.width(), self._text_height())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{t}")

    def _square(self, i: int) -> QRectF:
        """Where the i-th picture lies; all of them together are centred."""
        count = len(self.cell.frames) if self.cell else COUNT
        wide = (self.width() - (COUNT - 1) * GAP) / COUNT
        high = self.height() - self._text_height() - BAR
        side = float(np.floor(min(wide, high, LARGEST)))
        left = (self.width() - count * side - (count - 1) * GAP) / 2
        return QRectF(float(np.floor(left + i * (side + GAP))), 0.0, side, side)

    def _text_height(self) -> int:
        return self.fontMetrics().height() + 2

    def _take(self, key: object, crops: list[CellCrop]) -> None:
        del key
        self.crops = crops
        self.update()

    def _say_failure(self, key: object, sentence: str) -> None:
        del key
        self.setToolTip(f"These frames cannot be read: {sentence}")


def outlined(crop: CellCrop, contrast: Contrast) -> QImage:
    """Grey picture of a crop with the outline of the cell."""
    image = picture(crop.pixels, contrast)
    for y, x in np.argwhere(crop.outline):
        image.setPixelColor(int(x), int(y), OUTLINE)
    return image
