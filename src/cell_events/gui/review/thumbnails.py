"""Five small pictures of an event: two frames before it, its own, and two after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QRectF, QSize, Qt, Signal
from qtpy.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from qtpy.QtWidgets import QSizePolicy, QWidget

from cell_events.events import Event
from cell_events.gui.review.event_crops import OFFSETS, Crop, crops_around
from cell_events.gui.review.latest_reader import LatestReader
from cell_events.movie import Movie

SIDE_PX = 64
GAP, LARGEST = 4, 96
MARK_COLOUR = "#ffd400"


@dataclass(frozen=True)
class Contrast:
    """Values that are shown black and white."""

    black: float
    white: float


class ThumbnailStrip(QWidget):
    """Shows crops of the movie around one event; a click on one signals `frame_clicked(t)`.

    Parameters
    ----------
    side_px
        Side of the crops in pixels of the movie.
    """

    frame_clicked = Signal(int)

    def __init__(self, side_px: int = SIDE_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side_px = side_px
        self._movie: Movie | None = None
        self._contrast = Contrast(0.0, 1.0)
        self._event: Event | None = None
        self.crops: list[Crop] = []
        self.mark_colour = MARK_COLOUR
        self._reader = LatestReader(self)
        self._reader.done.connect(self._take)
        self._reader.failed.connect(self._say_failure)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_movie(self, movie: Movie | None, contrast: tuple[float, float] = (0.0, 1.0)) -> None:
        """Take crops from this movie, shown with the contrast limits of its layer."""
        self._movie = movie
        self.set_contrast(contrast)
        self._read(self._event)

    def set_contrast(self, contrast: tuple[float, float]) -> None:
        """Show the crops with other contrast limits; nothing is read again."""
        self._contrast = Contrast(*contrast)
        self.update()

    def show_event(self, event: Event | None) -> None:
        """Show another event, or none; its crops come as soon as they are read."""
        before, self._event = self._event, event
        self.update()
        if before is not None and event is not None and _place(before) == _place(event):
            return
        self._read(event)

    def _read(self, event: Event | None) -> None:
        self.crops = []
        self.setToolTip("")
        self._reader.forget()
        if event is not None and self._movie is not None:
            movie, side = self._movie, self.side_px
            key = (_place(event), id(movie))
            self._reader.read(key, lambda: crops_around(movie, event, side))

    def shut_down(self) -> None:
        """End the thread that reads. Safe to call twice."""
        self._reader.shut_down()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Five pictures of about 60 pixels, and the numbers of their frames below."""
        return QSize(5 * 60 + 4 * GAP, 60 + self._text_height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as usual; narrower pictures are smaller."""
        return QSize(5 * 32 + 4 * GAP, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Draw frames, pictures and numbers."""
        del event
        painter = QPainter(self)
        for i, offset in enumerate(OFFSETS):
            self._paint_one(painter, i, offset)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Tell which frame was clicked."""
        if event is None or self._event is None:
            return
        for i, offset in enumerate(OFFSETS):
            if self._square(i).contains(event.position()) and self._is_frame(offset):
                self.frame_clicked.emit(self._event.t + offset)

    def _paint_one(self, painter: QPainter, i: int, offset: int) -> None:
        square = self._square(i)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        painter.fillRect(square, QColor(128, 128, 128, 40))
        crop = self.crops[i] if i < len(self.crops) else None
        if crop is not None:
            painter.drawImage(square, picture(crop, self._contrast))
        if offset == 0 and self._event is not None:
            painter.setPen(QPen(QColor(self.mark_colour), 2))
            painter.drawRect(square.adjusted(1, 1, -1, -1))
        if self._event is not None and self._is_frame(offset):
            painter.setPen(text)
            below = QRectF(square.left(), square.bottom(), square.width(), self._text_height())
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{self._event.t + offset}")

    def _is_frame(self, offset: int) -> bool:
        t = self._event.t + offset if self._event is not None else -1
        return t >= 0 and (self._movie is None or t < self._movie.n_frames)

    def _square(self, i: int) -> QRectF:
        """Where the i-th picture lies; all of them together are centred."""
        wide = (self.width() - 4 * GAP) / 5
        side = float(np.floor(min(wide, self.height() - self._text_height(), LARGEST)))
        left = (self.width() - 5 * side - 4 * GAP) / 2
        return QRectF(float(np.floor(left + i * (side + GAP))), 0.0, side, side)

    def _text_height(self) -> int:
        return self.fontMetrics().height() + 2

    def _take(self, key: object, crops: list[Crop]) -> None:
        del key
        self.crops = crops
        self.update()

    def _say_failure(self, key: object, sentence: str) -> None:
        del key
        self.setToolTip(f"These frames cannot be read: {sentence}")


def _place(event: Event) -> tuple[int, float, float]:
    return event.t, event.y, event.x


def picture(crop: NDArray[np.float32], contrast: Contrast) -> QImage:
    """Grey picture of a crop; pixels outside the movie are transparent."""
    span = max(contrast.white - contrast.black, 1e-12)
    grey = np.clip((np.nan_to_num(crop) - contrast.black) / span, 0, 1) * 255
    pixels = np.empty((*crop.shape, 4), np.uint8)
    pixels[..., :3] = grey[..., None].astype(np.uint8)
    pixels[..., 3] = np.where(np.isnan(crop), 0, 255)
    height, width = crop.shape
    image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return image.copy()  # the bytes do not outlive this function
