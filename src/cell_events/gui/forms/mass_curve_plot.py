"""The mass of one cell over time, beside what was expected of it and what others weigh."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qtpy.QtCore import QEvent, Qt, Signal
from qtpy.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cell_events.dry_mass.cell_picture import CellPicture
from cell_events.dry_mass.population_band import PopulationBand
from cell_events.gui.forms.curves import is_dark
from cell_events.gui.forms.frame_times import FrameTimes
from cell_events.gui.forms.mass_curve_colours import key_of_colours
from cell_events.gui.forms.mass_curve_drawing import HEIGHT, MassCurveDrawing
from cell_events.gui.forms.stretch_brush import StretchBrush
from cell_events.gui.forms.stretch_drawing import StretchDrawing, key_of_stretches
from cell_events.gui.forms.stretch_tools import ERASE, ERASER_COLOUR, PAINT, StretchTools
from cell_events.gui.forms.wrapped_label import WrappedLabel
from cell_events.gui.layers.stretch_colours import stretch_colour
from cell_events.series.labelled_series import Segment

NOTHING = "The curve of a cell appears here."


class MassCurvePlot(QWidget):
    """Shows one cell; a click in the plot signals `frame_clicked(t)`.

    While a tool is in the hand, a click or a drag signals `stretch_painted(kind, first, last)`,
    `stretch_erased(first, last)` or, for a click of the eraser, `stretch_removed(t)` instead.
    The plot is made with the first cell: the drawing library takes time to load.
    """

    frame_clicked = Signal(int)
    stretch_painted = Signal(str, int, int)
    stretch_erased = Signal(int, int)
    stretch_removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: CellPicture | None = None
        self.drawing: MassCurveDrawing | None = None
        self._band: PopulationBand | None = None
        self._times = FrameTimes()
        self._frame: int | None = None
        self.stretches: StretchDrawing | None = None
        self.brush: StretchBrush | None = None
        self._painted: Sequence[Segment] = ()
        self._found: Sequence[Segment] = ()
        self.tools = StretchTools()
        self.tools.hide()
        self.tools.changed.connect(self._take_tool)
        self.key = WrappedLabel(NOTHING)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.key)
        self._column.addWidget(self.tools)

    def show_cell(self, picture: CellPicture | None) -> None:
        """Show another cell, or none."""
        self.picture = picture
        if picture is not None and self.drawing is None:
            self._make_plot()
        if self.drawing is not None:
            self.drawing.plot.setVisible(picture is not None)
        self.tools.setVisible(picture is not None)
        self._draw()

    def set_stretches(self, painted: Sequence[Segment], found: Sequence[Segment]) -> None:
        """Show the abnormal stretches of the cell, in frames: painted ones and found ones."""
        self._painted, self._found = painted, found
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
        self._column.insertWidget(0, plot, 1)
        self.stretches, self.brush = StretchDrawing(plot), StretchBrush(plot, self)
        self.brush.drawn.connect(self._on_drawn)
        self._take_tool()
        plot.scene().sigMouseClicked.connect(self._on_click)

    def _draw(self) -> None:
        if self.drawing is None or self.picture is None:
            self.key.setText(NOTHING)
            return
        dark = is_dark(self)
        self.drawing.show(self.picture, self._band, self._times, dark)
        if self._frame is not None:
            self.drawing.show_frame(self._frame)
        if self.stretches is not None:
            self.stretches.show(self._painted, self._found, self.drawing.times)
        words = key_of_colours(self.picture, self._band is not None, dark)
        stretches = key_of_stretches(self._painted, self._found)
        self.key.setText(f"{words} &nbsp; {stretches}" if stretches else words)

    def _take_tool(self) -> None:
        """Draw with the tool in the hand; without one, clicks go to frames."""
        if self.drawing is None or self.brush is None:
            return
        tool, plot = self.tools.tool, self.drawing.plot
        colour = stretch_colour(self.tools.chosen_kind) if tool == PAINT else ERASER_COLOUR
        self.brush.colour = colour if tool else ""
        shape = Qt.CursorShape.CrossCursor if tool else Qt.CursorShape.PointingHandCursor
        plot.setCursor(shape)
        plot.setToolTip("" if tool else "Click to go to that frame.")

    def _on_click(self, click: Any) -> None:
        """Tell the frame of the cell that is nearest to the click."""
        if self.drawing is None or self.picture is None:
            return
        curve = self.picture.curve
        frame = self.drawing.frame_at(click.scenePos())
        frame = min(max(frame, curve.first), curve.last)
        if self.tools.tool == PAINT:
            self.stretch_painted.emit(self.tools.chosen_kind, frame, frame)
        elif self.tools.tool == ERASE:
            self.stretch_removed.emit(frame)
        else:
            self.frame_clicked.emit(frame)

    def _on_drawn(self, start: float, end: float) -> None:
        """Tell the frames of the cell that were drawn over; none beside its curve."""
        if self.drawing is None or self.picture is None:
            return
        curve, times = self.picture.curve, self.drawing.times
        first, last = max(times.frame(start), curve.first), min(times.frame(end), curve.last)
        if first > last:
            return
        if self.tools.tool == PAINT:
            self.stretch_painted.emit(self.tools.chosen_kind, first, last)
        elif self.tools.tool == ERASE:
            self.stretch_erased.emit(first, last)
