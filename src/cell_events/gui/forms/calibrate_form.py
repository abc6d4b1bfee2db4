"""What the dock 'Calibrate' shows: a model, what to compare it with, and how far to believe it."""

from __future__ import annotations

from collections.abc import Sequence

from napari.components import ViewerModel
from napari.layers import Image
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from cell_events.gui.forms.axes_chooser import AxesChooser
from cell_events.gui.forms.dock_form import DockForm
from cell_events.gui.forms.form_rows import button, grid_of, side_by_side, title
from cell_events.gui.forms.layer_chooser import LayerChooser
from cell_events.gui.forms.model_picker import ModelPicker
from cell_events.gui.forms.project_label import ProjectLabel
from cell_events.gui.forms.reliability_plot import ReliabilityPlots
from cell_events.gui.forms.wrapped_label import WrappedLabel
from cell_events.gui.layers.probability_colours import (
    BY_KIND,
    BY_PROBABILITY,
    key_of_probabilities,
)

BEGIN = (
    "Compares the scores of a model with your annotations that it did not learn from, so that a "
    "probability of 80 % means that 8 of 10 are real."
)
CROPS = (
    ("all painted and decided", "all", "Everything that you painted or decided on."),
    (
        "decided in the inbox",
        "reviewed",
        "Only events that you accepted, rejected or added, without the paint.",
    ),
    (
        "detections in done frames",
        "detections",
        "What the model finds there, compared with your paint and decisions; it needs 10 right and "
        "10 wrong ones where the model did not learn.",
    ),
)
FITS = (
    (
        "likelihood",
        "likelihood",
        "The usual way: as probable as can be is what was seen.",
    ),
    (
        "calibration error",
        "calibration error",
        "The least difference between probabilities and shares; it needs more crops.",
    ),
)
COLOURS = (
    ("kind", BY_KIND, "One colour for each kind of event."),
    ("probability", BY_PROBABILITY, "Surer events are brighter."),
)

REVEAL_MS = 400
"""Until what is new in a form has its place."""


class CalibrateForm(DockForm):
    """The widgets of the dock and their places; `Calibrate` gives them life."""

    def __init__(self, viewer: ViewerModel) -> None:
        super().__init__()
        self.project = ProjectLabel()
        self.movie: LayerChooser[Image] = LayerChooser(viewer, Image, "open a movie first")
        self.axes = AxesChooser()
        self.model = ModelPicker("none yet: train one", "Take a model from a file.")
        self.crops, self.fit, self.colours = choices(CROPS), choices(FITS), choices(COLOURS)
        self._make_prior()
        self._make_buttons()
        self._make_results()
        self.run_bar.say(BEGIN)
        self._lay_out()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(lambda: self.area.show_whole(self.results))

    @property
    def job_buttons(self) -> tuple[QPushButton, ...]:
        """What starts jobs."""
        return self.calibrate, self.detect_again

    def offer_classes(self, names: Sequence[str]) -> None:
        """Offer these classes; the choice stays where it can. One needs no choice."""
        chosen = self.kind.currentText()
        self.kind.clear()
        self.kind.addItems(list(names))
        self.kind.setCurrentIndex(max(self.kind.findText(chosen), 0))
        self.kind.setVisible(len(names) > 1)

    def show_colours(self, what: str) -> None:
        """Show what the colours of the points tell; the key belongs to probabilities."""
        self.colours.setCurrentIndex(max(self.colours.findData(what), 0))
        self.key.setVisible(what == BY_PROBABILITY)

    def reveal_results(self) -> None:
        """Scroll to the results, once they have their place."""
        self._later.start(REVEAL_MS)

    def _make_prior(self) -> None:
        self.prior = QLineEdit()
        self.prior.setPlaceholderText("as in the done frames")
        self.prior.setToolTip(
            "How frequent events are among all places of the movie, for example division=0.001. A "
            "model learns from examples in equal numbers, a movie has few events; this undoes it. "
            "Empty: as in the frames that are marked as done, if there are any."
        )

    def _make_buttons(self) -> None:
        self.open_project = button("Open…", "Open the folder of an earlier project.")
        self.calibrate = button(
            "Calibrate",
            "Find what probabilities mean, and keep it in the model. It moves no event.",
        )
        self.detect_again = button(
            "Detect again", "Find the events anew; each has its probability then."
        )
        self.report = button("Open the report", "Show the whole report in the browser.")
        self.review = button(
            "Review events", "Go through what was found, with one key for each decision."
        )
        self.table = button("Table", "Show all events in a table: sort, filter, jump.")
        self.copy_command = button(
            "Copy as command", "Copy the command line that repeats the last run, to use elsewhere."
        )

    def _make_results(self) -> None:
        self.plots, self.figures, self.sentence = ReliabilityPlots(), QLabel(), WrappedLabel()
        self.figures.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.key = QLabel(key_of_probabilities())
        self.kind = QComboBox()
        self.kind.setToolTip("Of which kind of event the diagrams tell.")
        self.kind.hide()
        self.results = QWidget()
        rows = (
            (title("Result"),),
            (self.sentence,),
            (self.kind,),
            (self.plots,),
            (self.figures,),
            (side_by_side(self.detect_again, self.report),),
        )
        self.results.setLayout(grid_of(rows))
        self.results.hide()

    def _lay_out(self) -> None:
        rows: tuple[tuple[QWidget | str | None, ...], ...] = (
            ("Project", self.project, self.open_project),
            ("Movie", self.movie),
            (self.axes,),
            ("Model", self.model),
            ("Crops", self.crops),
            ("Fit by", self.fit),
            ("Frequency", self.prior),
            (self.calibrate,),
            (self.results,),
            ("Points by", self.colours),
            (None, self.key),
            (side_by_side(self.review, self.table),),
            (self.copy_command,),
        )
        self.frame(rows)


def choices(entries: tuple[tuple[str, str, str], ...]) -> QComboBox:
    """A drop-down of words, each with a value and a tip."""
    box = QComboBox()
    for i, (words, value, tip) in enumerate(entries):
        box.addItem(words, value)
        box.setItemData(i, tip, Qt.ItemDataRole.ToolTipRole)
    box.setToolTip("\n".join(f"{words}: {tip}" for words, _, tip in entries))
    return box
