"""What the first step of the dock 'Dry mass' asks: where cells are, and what grey values mean."""

from __future__ import annotations

from collections.abc import Mapping

from napari.components import ViewerModel
from napari.layers import Labels, Tracks
from qtpy.QtCore import Signal
from qtpy.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QLineEdit, QWidget

from cell_events.gui.forms.file_picker import FilePicker
from cell_events.gui.forms.form_rows import align_labels
from cell_events.gui.forms.layer_chooser import LayerChooser
from cell_events.gui.forms.mass_values import (
    CELLS,
    FILE,
    LABELS,
    TRACKS,
    UNITS,
    MassValues,
)
from cell_events.gui.layers.our_layers import PAINT
from cell_events.jobs.anomalies_train import MASS

TRACK_FILES = "Track files (*.csv *.xml *.txt)"


class MassInputs(QWidget):
    """Rows that are shown only where they are needed; `changed()` tells of every change."""

    changed = Signal()

    def __init__(self, viewer: ViewerModel) -> None:
        super().__init__()
        self.cells, self.unit = _choice(CELLS), _choice(UNITS)
        self.labels: LayerChooser[Labels] = LayerChooser(
            viewer, Labels, "open labels first", left_out=(PAINT,)
        )
        self.tracks: LayerChooser[Tracks] = LayerChooser(viewer, Tracks, "open tracks first")
        self.file = FilePicker("no file yet", "Choose a track file.", TRACK_FILES)
        self.wavelength = _number(4, 0.01, "to be given")
        self.pg_per_grey = _number(6, 0.001, "to be given")
        self.pixel_size = _number(4, 0.01, "that of the layer")
        self.background = QCheckBox("subtract background")
        self.column = QLineEdit(MASS)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._lay_out()
        self._connect()
        self._show_needed()

    @property
    def values(self) -> MassValues:
        """What the form says now."""
        return MassValues(
            cells=str(self.cells.currentData()),
            unit=str(self.unit.currentData()),
            wavelength_um=self.wavelength.value(),
            pg_per_grey=self.pg_per_grey.value(),
            pixel_size_um=self.pixel_size.value(),
            background=self.background.isChecked(),
            column=self.column.text().strip() or MASS,
        )

    @values.setter
    def values(self, values: MassValues) -> None:
        self.blockSignals(True)
        for box, key in ((self.cells, values.cells), (self.unit, values.unit)):
            box.setCurrentIndex(max(box.findData(key), 0))
        self.wavelength.setValue(values.wavelength_um)
        self.pg_per_grey.setValue(values.pg_per_grey)
        self.pixel_size.setValue(values.pixel_size_um)
        self.background.setChecked(values.background)
        self.column.setText(values.column)
        self.blockSignals(False)
        self._show_needed()

    def release(self) -> None:
        """Stop to follow the viewer."""
        self.labels.release()
        self.tracks.release()

    def _lay_out(self) -> None:
        rows: tuple[tuple[str, QWidget, str], ...] = (
            ("Cells", self.cells, "Where the cells of the movie come from."),
            ("Labels", self.labels, ""),
            ("File", self.file, ""),
            ("Tracks", self.tracks, ""),
            ("Mass in", self.column, "Name of the column, or feature, that holds the dry mass."),
            (
                "Grey values",
                self.unit,
                "What a grey value of the movie means: phase, or the length by which light is held "
                "back. It is never guessed: 'as the file says' asks if the file does not tell.",
            ),
            ("Wavelength (µm)", self.wavelength, "Of the light, such as 0.532 for 532 nm."),
            (
                "pg per grey value",
                self.pg_per_grey,
                "Dry mass of one pixel whose grey value is 1.",
            ),
            (
                "Pixel size (µm)",
                self.pixel_size,
                "Width of a pixel. By default the scale of the layer, or else what the file says.",
            ),
            (
                "",
                self.background,
                "Subtract from each cell the grey value of its surroundings, for movies whose "
                "background is not 0.",
            ),
        )
        for label, widget, tip in rows:
            if tip:
                widget.setToolTip(tip)
            self._form.addRow(label, widget)
        align_labels(self._form, self)

    def _connect(self) -> None:
        for box in (self.cells, self.unit):
            box.currentIndexChanged.connect(self._on_change)
        for number in (self.wavelength, self.pg_per_grey, self.pixel_size):
            number.valueChanged.connect(self._on_change)
        self.background.toggled.connect(self._on_change)
        self.column.editingFinished.connect(self._on_change)

    def _on_change(self, _: object = None) -> None:
        self._show_needed()
        self.changed.emit()

    def _show_needed(self) -> None:
        values = self.values
        measured = values.are_measured
        for widget, is_needed in (
            (self.labels, values.cells == LABELS),
            (self.file, values.cells == FILE),
            (self.tracks, values.cells == TRACKS),
            (self.column, not measured),
            (self.unit, measured),
            (self.wavelength, measured and values.unit == "rad"),
            (self.pg_per_grey, measured and values.unit == "pg"),
            (self.pixel_size, measured),
            (self.background, measured),
        ):
            self._form.setRowVisible(widget, is_needed)


def _choice(words: Mapping[str, str]) -> QComboBox:
    box = QComboBox()
    for key, text in words.items():
        box.addItem(text, key)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box


def _number(decimals: int, step: float, nothing: str) -> QDoubleSpinBox:
    """A number that may be left open, as 0, which shows as `nothing`."""
    box = QDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(0, 1000)
    box.setSingleStep(step)
    box.setSpecialValueText(nothing)
    box.setKeyboardTracking(False)
    return box
