"""Fine-tune on painted stretches, and find others: the last group of the dock 'Dry mass'."""

from __future__ import annotations

from collections.abc import Iterable

from qtpy.QtWidgets import QDoubleSpinBox, QFormLayout, QVBoxLayout, QWidget

from cell_events.gui.forms.column_chooser import ColumnChooser
from cell_events.gui.forms.form_rows import align_labels, button, side_by_side
from cell_events.gui.forms.model_picker import ModelPicker
from cell_events.gui.forms.wrapped_label import WrappedLabel
from cell_events.gui.layers.stretch_colours import stretch_colour

PRETRAINED = "pretrained"
NO_NEED = "The model that comes with the package needs no labels."
HOW_TO = "To teach your own kinds, press 'Paint' below a curve and drag along what is abnormal."


class StretchForm(QWidget):
    """The widgets and their places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.channels = ColumnChooser(
            "Which measurements are looked at. For several, fine-tune first: each gets an encoder "
            "of its own (MU-Net)."
        )
        self.model = ModelPicker(PRETRAINED, "Take a model from a file.", NO_NEED)
        self.threshold = QDoubleSpinBox()
        self.threshold.setRange(0.0, 0.99)
        self.threshold.setSingleStep(0.05)
        self.threshold.setSpecialValueText("as the model says")
        self.threshold.setToolTip("Probability from which on a frame is abnormal.")
        self.train = button(
            "Fine-tune", "Learn from what you painted; what the model has learned before is kept."
        )
        self.detect = button("Find stretches", "Look for abnormal stretches in all curves.")
        self.next_found = button(
            "Next found", "Go to the next cell with a stretch, from the surest one on."
        )
        self.save_found = button("Save found…", "Write the stretches that were found to a CSV.")
        self.save_painted = button(
            "Save painted…", "Write what you painted to a CSV, which 'segments train' reads."
        )
        self.told_painted, self.told_found = WrappedLabel(HOW_TO), WrappedLabel()
        self._lay_out()
        self.tell_found("", ())

    @property
    def threshold_value(self) -> float | None:
        """Threshold; None: that of the model."""
        self.threshold.interpretText()
        return self.threshold.value() or None

    def tell_painted(self, sentence: str) -> None:
        """Say what is painted, or how to paint."""
        self.told_painted.setText(sentence or HOW_TO)

    def tell_found(self, sentence: str, kinds: Iterable[str]) -> None:
        """Say what was found, and name the colours."""
        named = " &nbsp; ".join(
            f'<span style="color:{stretch_colour(kind)}">■</span>&nbsp;'
            f"{kind.replace(' ', '&nbsp;')}"
            for kind in kinds
        )
        self.told_found.setText(f"{sentence}<br>{named}" if named else sentence)
        self.told_found.setVisible(bool(sentence))
        self.next_found.setVisible(bool(named))

    def _lay_out(self) -> None:
        rows = QFormLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for label, widget in (
            ("Columns", self.channels),
            ("Model", self.model),
            ("Threshold", self.threshold),
        ):
            rows.addRow(label, widget)
        align_labels(rows, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(rows)
        for row in (
            self.told_painted,
            side_by_side(self.train, self.detect),
            self.told_found,
            self.next_found,
            side_by_side(self.save_found, self.save_painted),
        ):
            column.addWidget(row)
