"""What the dock 'Evaluate' shows: which lists to compare, and how well they agree."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Image
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QLabel,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cell_events.gui.forms.axes_chooser import AxesChooser
from cell_events.gui.forms.dock_form import DockForm
from cell_events.gui.forms.evaluation_curve import EvaluationCurve
from cell_events.gui.forms.evaluation_tables import ConfusionTable, ErrorTable
from cell_events.gui.forms.evaluation_time import EvaluationTime
from cell_events.gui.forms.evaluation_words import told_meanings
from cell_events.gui.forms.events_chooser import EventsChooser
from cell_events.gui.forms.form_rows import button, grid_of, side_by_side, title
from cell_events.gui.forms.layer_chooser import LayerChooser
from cell_events.gui.forms.project_label import ProjectLabel
from cell_events.gui.forms.wrapped_label import WrappedLabel

PROPOSED, DECIDED, NOTHING = "proposed", "decided", "nothing"
OWN = {PROPOSED: "proposals of this movie", DECIDED: "what was decided in the project"}
BEGIN = "Compares found events with true ones: your decisions, or a list of somebody else."
TABS_HEIGHT = 236


class EvaluateForm(DockForm):
    """The widgets of the dock and their places; `Evaluate` gives them life."""

    def __init__(self, viewer: ViewerModel) -> None:
        super().__init__()
        self.project = ProjectLabel()
        self.movie: LayerChooser[Image] = LayerChooser(viewer, Image, "open a movie first")
        self.axes = AxesChooser()
        self._make_lists(viewer)
        self._make_settings()
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
        return (self.evaluate,)

    @property
    def least_score(self) -> float | None:
        """Least score that counts; None: every event does."""
        self.threshold.interpretText()
        return self.threshold.value() or None

    def reveal_results(self) -> None:
        """Scroll to the results, once they have their place."""
        self._later.start(50)

    def release(self) -> None:
        """Stop to follow the viewer."""
        for chooser in (self.movie, self.found, self.truth, self.against):
            chooser.release()

    def _make_lists(self, viewer: ViewerModel) -> None:
        self.found = EventsChooser(viewer, OWN, "The events to judge.")
        self.truth = EventsChooser(
            viewer,
            dict(reversed(OWN.items())),
            "What really happens: accepted and added events, or a list made by somebody else.",
        )
        self.against = EventsChooser(
            viewer, {NOTHING: "nothing"} | OWN, "Events of another model, judged by the same truth."
        )

    def _make_settings(self) -> None:
        self.radius, self.frames, self.threshold = QDoubleSpinBox(), QSpinBox(), QDoubleSpinBox()
        self.radius.setRange(0.5, 1000)
        self.radius.setDecimals(1)
        self.radius.setValue(10)
        self.radius.setSuffix(" px")
        self.radius.setToolTip("A found event is a true one if it lies within this distance of it.")
        self.frames.setRange(0, 1000)
        self.frames.setValue(3)
        self.frames.setSuffix(" frames")
        self.frames.setToolTip("And within so many frames of it, earlier or later.")
        self.threshold.setRange(0, 0.99)
        self.threshold.setSingleStep(0.05)
        self.threshold.setSpecialValueText("all")
        self.threshold.setToolTip("Least score that counts. The curve shows all events anyway.")
        self.everywhere = QCheckBox("also where it learned")
        self.everywhere.setToolTip(
            "Count places, too, that the model has learned from. The figures are too good then."
        )

    def _make_buttons(self) -> None:
        self.open_project = button("Open…", "Open the folder of an earlier project.")
        self.evaluate = button("Evaluate", "Match both lists one to one, and count.")
        self.send = button(
            "Send disagreements to the inbox",
            "Look at what only one list has: with 'Against' what only one of the two found, else "
            "false alarms and missed events.",
        )
        self.back = button(
            "Back to all proposals", "Show the proposals again in place of the disagreements."
        )
        self.page = button("Open the report page", "Show the whole report in the browser.")
        self.copy_command = button(
            "Copy as command", "Copy the command line that repeats the last run, to use elsewhere."
        )
        self.all_errors = button("All errors", "List all missed events and false alarms.")

    def _make_results(self) -> None:
        self.curve, self.over_time = EvaluationCurve(), EvaluationTime()
        self.confusion, self.errors = ConfusionTable(), ErrorTable()
        self.counts, self.figures, self.caution = WrappedLabel(), QLabel(), WrappedLabel()
        for label in (self.counts, self.figures, self.caution):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.figures.setToolTip(told_meanings())
        self.tabs = QTabWidget()
        self.tabs.setFixedHeight(TABS_HEIGHT)
        self.error_page = QWidget()
        column = QVBoxLayout(self.error_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.errors)
        column.addWidget(self.all_errors)
        for name, widget in (
            ("Curve", self.curve),
            ("Kinds", self.confusion),
            ("Time", self.over_time),
            ("Errors", self.error_page),
        ):
            self.tabs.addTab(widget, name)
        self.results = QWidget()
        rows = (
            (title("Result"),),
            (self.counts,),
            (self.tabs,),
            (self.figures,),
            (self.caution,),
            (self.send,),
            (self.back,),
            (self.page,),
        )
        self.results.setLayout(grid_of(rows))
        self.results.hide()

    def _lay_out(self) -> None:
        rows: tuple[tuple[QWidget | str | None, ...], ...] = (
            ("Project", self.project, self.open_project),
            ("Movie", self.movie),
            (self.axes,),
            ("Found", self.found),
            ("Truth", self.truth),
            ("Against", self.against),
            ("Within", side_by_side(self.radius, self.frames)),
            ("Score from", side_by_side(self.threshold, self.everywhere)),
            (side_by_side(self.evaluate, self.copy_command),),
            (self.results,),
        )
        self.frame(rows)
