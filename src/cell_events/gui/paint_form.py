"""What the dock 'Paint & detect' shows: four numbered steps from the movie to the events."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Image, Labels
from qtpy.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cell_events.gui.axes_chooser import AxesChooser
from cell_events.gui.brush import offer_brushes
from cell_events.gui.expert_settings import ExpertSettings
from cell_events.gui.layer_chooser import LayerChooser
from cell_events.gui.model_picker import ModelPicker
from cell_events.gui.run_bar import RunBar
from cell_events.gui.vertical_scroll import VerticalScroll
from cell_events.jobs.time_arrow_model import SHIPPED, model_at

COMES_ALONG = "A time-arrow model comes with the plugin: paint a few events, and train at once."
NOT_NEEDED = "Worth it if the model that comes with the plugin misses much: it saw other cells."


class PaintForm(QWidget):
    """The widgets of the dock and their places; `PaintAndDetect` gives them life."""

    def __init__(self, viewer: ViewerModel) -> None:
        super().__init__()
        self.movie: LayerChooser[Image] = LayerChooser(viewer, Image, "open a movie first")
        self.axes = AxesChooser()
        self.paint: LayerChooser[Labels] = LayerChooser(viewer, Labels, "none yet: press New")
        self.new_paint = _button("New", "Make an empty layer to paint on, that fits the movie.")
        self.brush = QComboBox()
        self.brush.setToolTip("What the brush paints: pick it, then paint over a few such cells.")
        self.done_frames = QLineEdit()
        self.done_frames.setPlaceholderText("for example 0-20, 25")
        self.done_frames.setToolTip(
            "Frames in which you painted every event. Everything unpainted in them then teaches "
            "what is no event."
        )
        shipped = model_at(SHIPPED) is not None
        self.learn_arrow = _button(
            f"Learn the time arrow{' (optional)' if shipped else ''}",
            "Let the network watch the movie forwards and backwards, without any paint. Once for "
            f"each kind of movie; takes minutes.{f' {NOT_NEEDED}' if shipped else ''}",
        )
        self.arrow = ModelPicker(
            "comes with the plugin" if shipped else "none yet: learn it first",
            "Take a time-arrow model from a file.",
            COMES_ALONG if shipped else "",
        )
        self.train = _button(
            "Train on the paint", "Learn from your paint what an event looks like."
        )
        self.model = ModelPicker("none yet: press Train", "Take an event model from a file.")
        self.detect = _button("Detect events", "Find every such event in the whole movie.")
        self.save_csv = _button("Save CSV…", "Write the events as they are now, with your changes.")
        self.copy_command = _button(
            "Copy as command", "Copy the command line that repeats the last run, to use elsewhere."
        )
        self.save_and_copy = _side_by_side(self.save_csv, self.copy_command)
        self.expert = ExpertSettings()
        self.run_bar = RunBar()
        self.run_bar.say(COMES_ALONG if shipped else "")
        self._lay_out()
        self.expert.kinds.editingFinished.connect(self.offer_brushes)
        self.offer_brushes()

    def offer_brushes(self) -> None:
        """Offer a brush for each kind of event that the expert settings name."""
        offer_brushes(self.brush, self.expert.values.kinds)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[QWidget | str | None, ...], ...] = (
            (_title("1  Movie"),),
            ("Layer", self.movie),
            (self.axes,),
            (_title("2  Paint a few events"),),
            ("Layer", self.paint, self.new_paint),
            ("Brush", self.brush),
            ("Done frames", self.done_frames),
            (_title("3  Train"),),
            ("Time arrow", self.arrow),
            (None, self.learn_arrow),
            (None, self.train),
            ("Model", self.model),
            (_title("4  Detect"),),
            (None, self.detect),
            (self.save_and_copy,),
            (self.expert,),
        )
        for i, row in enumerate(rows):
            _add_row(grid, i, row)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.addLayout(grid)
        column.addStretch(1)
        scroll = VerticalScroll(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(6, 6, 6, 6)
        outer.addWidget(scroll, 1)
        outer.addWidget(self.run_bar)


def _add_row(grid: QGridLayout, i: int, row: tuple[QWidget | str | None, ...]) -> None:
    """Place a title across the row, or a label, a field and a button; a lone field is wide."""
    if len(row) == 1 and isinstance(row[0], QWidget):
        grid.addWidget(row[0], i, 0, 1, 3)
        return
    label, field, *button = row
    if isinstance(label, str):
        grid.addWidget(QLabel(label), i, 0)
    if isinstance(field, QWidget):
        start = 0 if label is None else 1
        grid.addWidget(field, i, start, 1, (2 if button else 3) - start)
    if button and isinstance(button[0], QWidget):
        grid.addWidget(button[0], i, 2)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button


def _side_by_side(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget, 1)
    return row


def _title(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
