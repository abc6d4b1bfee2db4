"""The mass of one cell over time, beside what was expected of it and what others weigh."""

from __future__ import annotations

from typing import Any

from qtpy.QtCore import QEvent, Qt, Signal
from qtpy.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cell_events.dry_mass.cell_picture import CellPicture
from cell_events.dry_mass.population_band import PopulationBand
from cell_events.gui.forms.curves import is_dark
from cell_events.gui.forms.frame_times import FrameTimes
from cell_events.gui.forms.mass_curve_colours import key_of_colours
from cell_events.gui.forms.mass_curve_drawing import HEIGHT, MassCurveDrawing
from cell_events.gui.forms.wrapped_label import WrappedLabel

NOTHING = "The curve of a cell appears here."


class MassCurvePlot(QWidget):
    """Shows one cell; a click in the plot signals `frame_clicked(t)`.

    The plot is made with the first cell: the drawing library takes time to load.
    """

    frame_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: CellPicture | None = None
        self.drawing: MassCurveDrawing | None = None
        self._band: PopulationBand | None = None
        self._times = FrameTimes()
        self._frame: int | None = None
        self.key = WrappedLabel(NOTHING)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.key)

    def show_cell(self, picture: CellPicture | None) -> None:
        """Show another cell, or none."""
        self.picture = picture
        if picture is not None and self.drawing is None:
            self._make_plot()
        if self.drawing is not None:
            self.drawing.plot.setVisible(picture is not None)
        self._draw()

    def set_population(self, band: PopulationBand | None) -> None:
        """Draw what the cells of the movie weigh behind each curve."""
        self._band = band
        self._draw()

    def set_frame_interval(self, seconds: float | None) -> None:
        """Count time in hours or minutes; in frames where the interval is unknown."""
        self._times = FrameTimes(seconds)
        self._draw()

    def set_frame(self, t: int) -> None:
        """Mark the frame that the viewer shows."""
        self._frame = t
        if self.drawing is not None:
            self.drawing.show_frame(t)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the colours of another theme."""
        changes = QEvent.Type.PaletteChange, QEvent.Type.StyleChange
        if event is not None and event.type() in changes:
            self._draw()
        super().changeEvent(event)

    def _make_plot(self) -> None:
        self.drawing = MassCurveDrawing()
        plot = self.drawing.plot
        plot.setMinimumSize(120, HEIGHT)
        plot.setMaximumHeight(2 * HEIGHT)
        plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        plot.setCursor(Qt.CursorShape.PointingHandCursor)
        plot.setToolTip("Click to go to that frame.")
        self._column.addWidget(plot, 1)
        plot.scene().sigMouseClicked.connect(self._on_click)

    def _draw(self) -> None:
        if self.drawing is None or self.picture is None:
            self.key.setText(NOTHING)
            return
        dark = is_dark(self)
        self.drawing.show(self.picture, self._band, self._times, dark)
        if self._frame is not None:
            self.drawing.show_frame(self._frame)
        self.key.setText(key_of_colours(self.picture, self._band is not None, dark))

    def _on_click(self, click: Any) -> None:
        """Tell the frame of the cell that is nearest to the click."""
        if self.drawing is not None and self.picture is not None:
            curve = self.picture.curve
            frame = self.drawing.frame_at(click.scenePos())
            self.frame_clicked.emit(min(max(frame, curve.first), curve.last))
