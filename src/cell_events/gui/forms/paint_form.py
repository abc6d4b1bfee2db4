"""What the dock 'Paint & detect' shows: three numbered steps from the movie to the events."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Image, Labels
from qtpy.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget
from superqt import QElidingLabel

from cell_events.gui.forms.axes_chooser import AxesChooser
from cell_events.gui.forms.brush import offer_brushes
from cell_events.gui.forms.curves import TrainingCurves
from cell_events.gui.forms.dock_form import DockForm
from cell_events.gui.forms.expert_settings import ExpertSettings
from cell_events.gui.forms.form_rows import button, side_by_side, title
from cell_events.gui.forms.layer_chooser import LayerChooser
from cell_events.gui.forms.thorough_form import COMES_ALONG, ThoroughForm
from cell_events.gui.forms.update_row import UpdateRow
from cell_events.jobs.time_arrow_model import SHIPPED, model_at

NO_PROJECT = "none yet: 'New' begins one"


class PaintForm(DockForm):
    """The widgets of the dock and their places; `PaintAndDetect` gives them life."""

    def __init__(self, viewer: ViewerModel) -> None:
        super().__init__()
        self._make_inputs(viewer)
        self._make_buttons()
        self.thorough = ThoroughForm()
        self.expert = ExpertSettings()
        self.curves = TrainingCurves()
        self.run_bar.say(COMES_ALONG if model_at(SHIPPED) else "")
        self._lay_out()
        self.expert.kinds.editingFinished.connect(self.offer_brushes)
        self.offer_brushes()

    def offer_brushes(self) -> None:
        """Offer a brush for each kind of event that the expert settings name."""
        offer_brushes(self.brush, self.expert.values.kinds)

    def show_project(self, name: str, tip: str) -> None:
        """Say which project is open, and how it is with it."""
        self.project_name.setText(name or NO_PROJECT)
        self.project_name.setToolTip(tip)

    def _make_inputs(self, viewer: ViewerModel) -> None:
        self.project_name = QElidingLabel(NO_PROJECT)
        self.project_name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.movie: LayerChooser[Image] = LayerChooser(viewer, Image, "open a movie first")
        self.axes = AxesChooser()
        self.paint: LayerChooser[Labels] = LayerChooser(
            viewer, Labels, "none yet: press New", by_itself=False
        )
        self.brush = QComboBox()
        self.brush.setToolTip("What the brush paints: pick it, then paint over a few such cells.")
        self.done_frames = QLineEdit()
        self.done_frames.setPlaceholderText("for example 0-20, 25")
        self.done_frames.setToolTip(
            "Frames in which you painted every event. Everything unpainted in them then teaches "
            "what is no event."
        )

    def _make_buttons(self) -> None:
        self.open_project = button("Open…", "Open the folder of an earlier project.")
        self.new_paint = button("New", "Make an empty layer to paint on, that fits the movie.")
        self.done_here = button("+ this", "Every event in the frame on screen is painted.")
        self.update_row = UpdateRow()
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
            (title("1  Movie"),),
            ("Layer", self.movie),
            (self.axes,),
            (title("2  Paint a few events"),),
            ("Layer", self.paint, self.new_paint),
            ("Brush", self.brush),
            ("Done frames", self.done_frames, self.done_here),
            (title("3  Look, and correct"),),
            (self.update_row,),
            (side_by_side(self.review, self.table),),
            (side_by_side(self.save_csv, self.copy_command),),
            (self.thorough,),
            (self.expert,),
        )
        self.frame(rows, self.curves)
