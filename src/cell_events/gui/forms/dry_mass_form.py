"""What the dock 'Dry mass' shows: numbered steps from the movie to reviewed flags."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Image
from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget
from superqt import QElidingLabel

from cell_events.gui.forms.axes_chooser import AxesChooser
from cell_events.gui.forms.curves import TrainingCurves
from cell_events.gui.forms.dock_form import DockForm
from cell_events.gui.forms.flag_inputs import FlagInputs
from cell_events.gui.forms.form_rows import button, label_width, side_by_side, title
from cell_events.gui.forms.layer_chooser import LayerChooser
from cell_events.gui.forms.mass_expert import MassExpert
from cell_events.gui.forms.mass_inputs import MassInputs
from cell_events.gui.forms.model_picker import ModelPicker
from cell_events.gui.forms.score_histogram import ScoreHistogram
from cell_events.gui.forms.stretch_form import StretchForm
from cell_events.gui.layers.flag_colours import key_of_flag_colours
from cell_events.gui.review.cell_review import CellReview

NO_PROJECT = "none yet"
NO_MODEL = "none"
NO_NEED = "The combined score needs no model."
CURVE_HEIGHT = 242
"""So that a cell with its curve, its pictures and all keys fits the height of a laptop."""

BEGIN = "Choose a phase movie and say where its cells are; or take tracks measured elsewhere."


class DryMassForm(DockForm):
    """The widgets of the dock and their places; `DryMass` gives them life."""

    def __init__(self, viewer: ViewerModel) -> None:
        super().__init__()
        self.project_name = QElidingLabel(NO_PROJECT)
        self.project_name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.movie: LayerChooser[Image] = LayerChooser(viewer, Image, "open a movie first")
        self.axes, self.inputs, self.flagging = AxesChooser(), MassInputs(viewer), FlagInputs()
        self.histogram, self.review, self.expert = ScoreHistogram(), CellReview(), MassExpert()
        self.model = ModelPicker(NO_MODEL, "Take a forecaster from a file.", NO_NEED)
        self.stretches, self.curves = StretchForm(), TrainingCurves()
        self._make_labels()
        self._make_buttons()
        self.run_bar.say(BEGIN)
        self.review.form.curve.setMaximumHeight(CURVE_HEIGHT)
        self._lay_out()
        self.inputs.changed.connect(self.show_needed)
        self.show_needed()
        self._revealed: QWidget | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._scroll_to_revealed)

    @property
    def job_buttons(self) -> tuple[QPushButton, ...]:
        """What starts jobs."""
        stretches = self.stretches
        return self.measure, self.train, self.flag, stretches.train, stretches.detect

    def show_project(self, name: str, tip: str) -> None:
        """Say which project is open, and how it is with it."""
        self.project_name.setText(name or NO_PROJECT)
        self.project_name.setToolTip(tip)

    def tell_cells(self, sentence: str) -> None:
        """Say which cells are shown."""
        self.told_cells.setText(sentence)
        self.told_cells.setVisible(bool(sentence))

    def tell_flags(self, sentence: str) -> None:
        """Say what the flags are; with flags, their colours are named, too."""
        self.told_flags.setText(sentence)
        self.told_flags.setVisible(bool(sentence))
        self.colours.setVisible(bool(sentence))

    def reveal(self, widget: QWidget) -> None:
        """Scroll to a part of the form, once what is new in it has its place."""
        self._revealed = widget
        self._later.start(50)

    def _scroll_to_revealed(self) -> None:
        if self._revealed is not None:
            self.area.show_whole(self._revealed)

    def _make_labels(self) -> None:
        self.told_cells, self.told_flags = QLabel(), QLabel()
        self.colours = QLabel(key_of_flag_colours())
        for label in (self.told_cells, self.told_flags, self.colours):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            label.hide()

    def _make_buttons(self) -> None:
        self.open_project = button("Open…", "Open the folder of an earlier project.")
        self.measure = button(
            "Measure", "Measure the dry mass of every cell in every frame, and link it to tracks."
        )
        self.use_tracks = button("Use these tracks", "Take the masses as they were measured.")
        self.train = button(
            "Train",
            "Learn from the curves, without any labels, how mass goes on. Only the score 'paper' "
            "needs that; forecasts are drawn beside the curves.",
        )
        self.flag = button("Flag cells", "Score all cells, and flag those beyond the threshold.")
        self.save_flags = button(
            "Save flags…", "Write flags as they are now, with your threshold and your answers."
        )
        self.save_tracks = button("Save tracks…", "Write the table of tracks and measurements.")
        self.copy_command = button(
            "Copy as command", "Copy the command line that repeats the last run, to use elsewhere."
        )

    def show_needed(self) -> None:
        """Measure a movie, or take what was measured."""
        measured = self.inputs.values.are_measured
        self.measure.setVisible(measured)
        self.use_tracks.setVisible(not measured)

    def _lay_out(self) -> None:
        rows: tuple[tuple[QWidget | str | None, ...], ...] = (
            ("Project", self.project_name, self.open_project),
            (title("1  Measure"),),
            ("Movie", self.movie),
            (self.axes,),
            (self.inputs,),
            (self.measure,),
            (self.use_tracks,),
            (self.told_cells,),
            (title("2  Train or load (optional)"),),
            ("Model", self.model),
            (self.train,),
            (title("3  Flag"),),
            (self.flagging,),
            (self.flag,),
            (self.told_flags,),
            (self.colours,),
            (self.histogram,),
            (title("4  Review"),),
            (self.review,),
            (side_by_side(self.save_flags, self.save_tracks),),
            (title("5  Abnormal stretches (optional)"),),
            (self.stretches,),
            (self.copy_command,),
            (self.expert,),
        )
        grid = self.frame(rows, self.curves)
        grid.setColumnMinimumWidth(0, label_width(self))
