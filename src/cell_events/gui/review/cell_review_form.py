"""What the review of cells shows, from top to bottom; `CellReview` gives it life."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from cell_events.dry_mass.flags import EXPERT_CATEGORIES
from cell_events.gui.forms.mass_curve_plot import MassCurvePlot
from cell_events.gui.forms.wrapped_label import WrappedLabel
from cell_events.gui.layers.colours import CATEGORY_COLOURS
from cell_events.gui.review.cell_image_strip import CellImageStrip
from cell_events.gui.review.key_button import KeyButton
from cell_events.gui.review.key_map import BY_NAME

ANSWERS = {
    "CA": ("Cell (CA)", "Cellular anomaly: the cell itself behaves abnormally."),
    "MA": ("Measurement (MA)", "Measurement anomaly: segmentation, tracking or phase is wrong."),
    "CMA": ("Both (CMA)", "The cell is abnormal, and its measurement is wrong, too."),
    "PA": ("Neither (PA)", "Prediction anomaly: cell and measurement are fine, the flag is not."),
}
STEPS = (
    ("back", "Back", "Go back to the cell before this one, answered or not."),
    ("skip", "Skip", "Answer later: it comes back at the end."),
    ("next", "Next", "Go to the next cell without an answer."),
    (
        "why",
        "Why?",
        "Tell why this cell was flagged, or that it was not. Some cells were drawn at random from "
        "those that are not flagged; judge them alike. So the reasons stay hidden at first.",
    ),
    ("undo", "Undo", "Take the last answer, or painted stretch, back, and go to its cell."),
    ("redo", "Redo", "Give the answer, or paint the stretch, again that was taken back."),
)


class CellReviewForm(QWidget):
    """The widgets and their places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress_bar, self.progress = QProgressBar(), QLabel()
        self.title, self.details, self.reason = WrappedLabel(), WrappedLabel(), WrappedLabel()
        self.curve, self.strip = MassCurvePlot(), CellImageStrip()
        self.answers = {
            name: KeyButton(
                BY_NAME[f"kind {i}"].cap, ANSWERS[name][0], QColor(CATEGORY_COLOURS[name])
            )
            for i, name in enumerate(EXPERT_CATEGORIES, start=1)
        }
        self.steps = {name: KeyButton(BY_NAME[name].cap, words) for name, words, _ in STEPS}
        self.why, self.summary = self.steps["why"], WrappedLabel()
        self._set_up()
        self._lay_out()

    def show_progress(self, done: int, total: int) -> None:
        """Tell how far the review is."""
        self.progress.setText(f"{done:,} of {total:,}" if total else "")
        self.progress.setToolTip(f"{done:,} of {total:,} cells have an answer.")
        self.progress_bar.setRange(0, max(total, 1))
        self.progress_bar.setValue(done)

    def show_answer(self, category: str) -> None:
        """Mark what was answered; "" for nothing."""
        for name, button in self.answers.items():
            button.setChecked(name == category)

    def enable(self, is_selected: bool, has_cells: bool) -> None:
        """Enable what can be done now; an answer begins the review, as next does."""
        for button in (*self.answers.values(), self.steps["next"]):
            button.setEnabled(has_cells or is_selected)
        for name in ("skip", "why"):
            self.steps[name].setEnabled(is_selected)

    def _set_up(self) -> None:
        for name, button in self.answers.items():
            button.setToolTip(ANSWERS[name][1])
        for name, _, tip in STEPS:
            self.steps[name].setToolTip(tip)
        for button in (*self.answers.values(), self.why):
            button.setCheckable(True)
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setFixedHeight(6)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        for label in (self.title, self.details, self.reason, self.summary):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.progress)
        column.addLayout(top)
        for widget in (self.progress_bar, self.details, self.reason):
            column.addWidget(widget)
        column.addWidget(self.curve, 1)
        column.addWidget(self.strip)
        steps = list(self.steps.values())
        for grid in (
            _grid(list(self.answers.values()), columns=2),
            _grid(steps[:4], columns=4),
            _grid(steps[4:], columns=2),
        ):
            column.addLayout(grid)
        column.addWidget(self.summary)


def _grid(buttons: list[KeyButton], columns: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(4)
    for i, button in enumerate(buttons):
        grid.addWidget(button, i // columns, i % columns)
    return grid
