"""What the dock 'Why here?' shows: what a network looked at, for one event and for frames."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Image
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from cell_events.gui.forms.axes_chooser import AxesChooser
from cell_events.gui.forms.crop_pairs import CropPairs
from cell_events.gui.forms.dock_form import DockForm
from cell_events.gui.forms.form_rows import button, title
from cell_events.gui.forms.layer_chooser import LayerChooser
from cell_events.gui.forms.model_picker import ModelPicker
from cell_events.gui.forms.project_label import ProjectLabel
from cell_events.gui.forms.wrapped_label import WrappedLabel

BEGIN = "Shows which places of the movie spoke for an event, by Grad-CAM."
NO_EVENT = "No event is selected: click on its point, or on its row in the table."
THE_TIME_ARROW = "shipped time arrow"
USUAL = "the usual one"
MOST_REGIONS, USUAL_REGIONS = 99, 8

REVEAL_MS = 400
"""Until what is new in a form has its place."""


class WhyForm(DockForm):
    """The widgets of the dock and their places; `WhyHere` gives them life."""

    def __init__(self, viewer: ViewerModel) -> None:
        super().__init__()
        self.project = ProjectLabel()
        self.movie: LayerChooser[Image] = LayerChooser(viewer, Image, "open a movie first")
        self.axes = AxesChooser()
        self.model = ModelPicker(
            THE_TIME_ARROW,
            "Take a model from a file.",
            "Without a model of events, the time arrow is explained: where it sees time pass.",
        )
        self._make_choices()
        self._make_event()
        self._make_frames()
        self.run_bar.say(BEGIN)
        self._lay_out()
        self._revealed: QWidget | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._scroll_to_revealed)

    @property
    def job_buttons(self) -> tuple[QPushButton, ...]:
        """What starts jobs."""
        return self.explain, self.check, self.explain_frames

    def reveal(self, widget: QWidget) -> None:
        """Scroll to a part of the form, once what is new in it has its place."""
        self._revealed = widget
        self._later.start(REVEAL_MS)

    def _scroll_to_revealed(self) -> None:
        if self._revealed is not None:
            self.area.show_whole(self._revealed)

    def _make_choices(self) -> None:
        self.kind, self.layer = QComboBox(), QComboBox()
        self.kind.setToolTip("For which answer of the network places speak.")
        self.layer.setToolTip(
            "Where in the network one looks: early layers show fine structures, late ones what "
            "they mean."
        )
        for box in (self.kind, self.layer):
            box.addItem(USUAL, "")
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            box.setSizeAdjustPolicy(adjust)
            box.setMinimumContentsLength(6)

    def _make_event(self) -> None:
        self.event_words, self.told = WrappedLabel(NO_EVENT), WrappedLabel()
        self.pair, self.random_pair = CropPairs(), CropPairs()
        self.sanity = WrappedLabel()
        for label in (self.told, self.sanity):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.hide()
        self.explain = button("Why here?", "Show what spoke for this event.")
        self.check = button(
            "Sanity check",
            "Show the map of the same network with random weights beside it. If both look alike, "
            "the map shows the shape of the image, and nothing that was learned.",
        )

    def _make_frames(self) -> None:
        self.frames = QLineEdit()
        self.frames.setPlaceholderText("the one shown")
        self.frames.setToolTip("Frames to explain as a whole, such as 10-20 or 3,7.")
        self.top = QSpinBox()
        self.top.setRange(1, MOST_REGIONS)
        self.top.setValue(USUAL_REGIONS)
        self.top.setToolTip("How many regions of each frame are shown, the strongest first.")
        self.explain_frames = button(
            "Explain frames", "Show what speaks for the class in whole frames, and where most."
        )
        self.regions = CropPairs(columns=2)
        self.regions_words = WrappedLabel()
        self.regions_words.hide()
        self.open_project = button("Open…", "Open the folder of an earlier project.")
        self.copy_command = button(
            "Copy as command", "Copy the command line that repeats the last run, to use elsewhere."
        )

    def _lay_out(self) -> None:
        rows: tuple[tuple[QWidget | str | None, ...], ...] = (
            ("Project", self.project, self.open_project),
            ("Movie", self.movie),
            (self.axes,),
            ("Model", self.model),
            ("Class", self.kind),
            ("Layer", self.layer),
            (title("The selected event"),),
            (self.event_words,),
            (self.explain,),
            (self.pair,),
            (self.told,),
            (self.check,),
            (self.random_pair,),
            (self.sanity,),
            (title("Whole frames"),),
            ("Frames", self.frames),
            ("Regions", self.top),
            (self.explain_frames,),
            (self.regions_words,),
            (self.regions,),
            (self.copy_command,),
        )
        self.frame(rows)
        # Pictures are as high as they are wide; a bar that came and went would change both.
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
