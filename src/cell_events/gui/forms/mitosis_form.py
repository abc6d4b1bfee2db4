"""What the dock 'Mitosis' shows: four numbered steps from the movie to its divisions."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Image
from qtpy.QtCore import QTimer
from qtpy.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)
from superqt import QElidingLabel

from cell_events.gui.forms.axes_chooser import AxesChooser
from cell_events.gui.forms.curves import TrainingCurves
from cell_events.gui.forms.dock_form import DockForm
from cell_events.gui.forms.form_rows import button, side_by_side, title
from cell_events.gui.forms.layer_chooser import LayerChooser
from cell_events.gui.forms.length_histogram import LengthHistogram
from cell_events.gui.forms.map_grid import MapGrid
from cell_events.gui.forms.mitosis_expert import MitosisExpert
from cell_events.gui.forms.model_picker import ModelPicker

NO_PROJECT = "none yet"
BEGIN = "Begin with 'Map the cells': it looks at the raw movie, without any annotation."
MOST_FRAMES = 999


class MitosisForm(DockForm):
    """The widgets of the dock and their places; `Mitosis` gives them life."""

    def __init__(self, viewer: ViewerModel) -> None:
        super().__init__()
        self._make_inputs(viewer)
        self._make_annotation()
        self._make_buttons()
        self.expert = MitosisExpert()
        self.curves = TrainingCurves()
        self.run_bar.say(BEGIN)
        self._lay_out()
        self._revealed: QWidget | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._scroll_to_revealed)

    @property
    def length(self) -> int | None:
        """K as the form says; None for what the plan finds."""
        return self.k.value() if self.k.value() > self.k.minimum() else None

    @property
    def job_buttons(self) -> tuple[QPushButton, ...]:
        """What starts jobs."""
        return self.map_cells, self.make_plan, self.train, self.detect

    def show_project(self, name: str, tip: str) -> None:
        """Say which project is open, and how it is with it."""
        self.project_name.setText(name or NO_PROJECT)
        self.project_name.setToolTip(tip)

    def reveal(self, widget: QWidget) -> None:
        """Scroll to a part of the form, once what is new in it has its place."""
        self._revealed = widget
        self._later.start(50)

    def _scroll_to_revealed(self) -> None:
        if self._revealed is not None:
            self.area.ensureWidgetVisible(self._revealed, 0, 50)

    def _make_inputs(self, viewer: ViewerModel) -> None:
        self.project_name = QElidingLabel(NO_PROJECT)
        self.project_name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.movie: LayerChooser[Image] = LayerChooser(viewer, Image, "open a movie first")
        self.axes = AxesChooser()
        self.maps = MapGrid()
        self.maps.hide()
        self.histogram = LengthHistogram()
        self.k = QSpinBox()
        self.k.setRange(1, MOST_FRAMES)
        self.k.setKeyboardTracking(False)  # a number counts when it is whole
        self.k.setSpecialValueText("from the plan")
        self.k.setToolTip(
            "How many frames the detector reads at once: about as many as a division lasts. The "
            "plan finds it; type another number if you know better."
        )

    def _make_annotation(self) -> None:
        self.advice = QLabel("No plan yet.")
        self.advice.setWordWrap(True)
        self.go_there = button("Go there", "Show the first of these frames.")
        self.go_there.setEnabled(False)
        self.frames = QLineEdit()
        self.frames.setPlaceholderText("for example 40-53")
        self.frames.setToolTip(
            "Consecutive frames in which you mark every division. Places without a mark teach what "
            "is no division."
        )
        self.add_divisions = button(
            "Add divisions",
            "Click where daughters begin to part, midway between them, in the first frame in which "
            "they are apart. Every point is kept in the project; Ctrl+Z takes it back.",
        )
        self.marked = QLabel()
        self.marked.setWordWrap(True)
        self.marked.hide()

    def _make_buttons(self) -> None:
        self.open_project = button("Open…", "Open the folder of an earlier project.")
        self.map_cells = button(
            "Map the cells",
            "Learn from the raw movie where normal cells are, in a minute or so. All maps that it "
            "finds are shown; you can choose another than the proposed one.",
        )
        self.make_plan = button(
            "Plan what to annotate",
            "Estimate from the cell map how long divisions last, how many frames to annotate, and "
            "which. Without a cell map, one is made first.",
        )
        self.train = button(
            "Train", "Learn divisions from the points in these frames; k is that of the plan."
        )
        self.model = ModelPicker("none yet: press Train", "Take a detector from a file.")
        self.detect = button("Detect divisions", "Find all divisions of the movie.")
        self.review = button(
            "Review events", "Go through what was found, with one key for each decision."
        )
        self.table = button("Table", "Show all events in a table: sort, filter, jump.")
        self.save_csv = button("Save CSV…", "Write the events as they are now, with your changes.")
        self.copy_command = button(
            "Copy as command", "Copy the command line that repeats the last run, to use elsewhere."
        )

    def _lay_out(self) -> None:
        rows: tuple[tuple[QWidget | str | None, ...], ...] = (
            ("Project", self.project_name, self.open_project),
            (title("1  Cell map"),),
            ("Movie", self.movie),
            (self.axes,),
            (self.map_cells,),
            (self.maps,),
            (title("2  Plan"),),
            (self.make_plan,),
            (self.histogram,),
            ("k (frames)", self.k),
            (None, self.advice, self.go_there),
            (title("3  Annotate and train"),),
            ("Frames", self.frames, self.add_divisions),
            (self.marked,),
            (self.train,),
            (title("4  Detect"),),
            ("Model", self.model),
            (self.detect,),
            (side_by_side(self.review, self.table),),
            (side_by_side(self.save_csv, self.copy_command),),
            (self.expert,),
        )
        self.frame(rows, self.curves)
