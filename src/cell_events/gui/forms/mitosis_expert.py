"""The settings of the dock 'Mitosis' that most people never touch, folded away."""

from __future__ import annotations

from dataclasses import dataclass

from qtpy.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QSpinBox, QWidget
from superqt import QCollapsible

from cell_events.gui.forms.expert_settings import DEVICES
from cell_events.jobs.mitosis_map import MAP_STEPS
from cell_events.jobs.mitosis_plan import LENGTH_STEPS
from cell_events.jobs.mitosis_ways import PAPER, QUICK, steps_of

PIXELS, MICROMETRES = "pixels", "µm"
MOST_STEPS = 1_000_000


@dataclass(frozen=True)
class MitosisValues:
    """What the form says.

    Attributes
    ----------
    shrink, resolution_um
        Width of a place of the grid in pixels of the movie, or in micrometres; both None for what
        fits.
    map_steps, plan_steps, train_steps
        Batches to learn cell maps, lengths of events, and the detector from.
    way
        How the detector learns: one of `mitosis_ways.WAYS`.
    """

    shrink: int | None
    resolution_um: float | None
    map_steps: int
    plan_steps: int
    train_steps: int
    way: str
    device: str

    @property
    def has_grid(self) -> bool:
        """Whether somebody has set the width of a place."""
        return self.shrink is not None or self.resolution_um is not None


class MitosisExpert(QCollapsible):
    """A folded form that yields `MitosisValues`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Expert settings", parent, expandedIcon="▾", collapsedIcon="▸")
        self.width_of_place = QDoubleSpinBox()
        self.width_of_place.setRange(0, 1000)
        self.width_of_place.setSpecialValueText("auto")
        self.unit = QComboBox()
        self.unit.addItems([PIXELS, MICROMETRES])
        self.unit.currentTextChanged.connect(self._fit_to_unit)
        self.map_steps, self.plan_steps, self.train_steps = (
            _steps(default) for default in (MAP_STEPS, LENGTH_STEPS, steps_of(QUICK))
        )
        self.way = QComboBox()
        self.way.addItems([QUICK, PAPER])
        self.way.currentTextChanged.connect(lambda way: self.train_steps.setValue(steps_of(way)))
        self.device = QComboBox()
        self.device.addItems(list(DEVICES))
        self._fit_to_unit(PIXELS)
        self._lay_out()

    @property
    def values(self) -> MitosisValues:
        """What the form says now."""
        width = self.width_of_place.value()
        in_pixels = self.unit.currentText() == PIXELS
        return MitosisValues(
            shrink=round(width) if width and in_pixels else None,
            resolution_um=width if width and not in_pixels else None,
            map_steps=self.map_steps.value(),
            plan_steps=self.plan_steps.value(),
            train_steps=self.train_steps.value(),
            way=self.way.currentText(),
            device=self.device.currentText(),
        )

    def _fit_to_unit(self, unit: str) -> None:
        """Whole pixels, or tenths of micrometres."""
        self.width_of_place.setDecimals(0 if unit == PIXELS else 1)
        self.width_of_place.setSingleStep(1 if unit == PIXELS else 0.5)

    def _lay_out(self) -> None:
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.width_of_place, 1)
        row.addWidget(self.unit)
        rows = (
            (
                "Grid place",
                place,
                "The networks see the movie shrunk to places of this width. 'auto' fits it to the "
                "size of the cells: about 10 places for maps and plan, 5 for quick training.",
            ),
            ("Map steps", self.map_steps, "Batches to learn the cell maps from."),
            ("Plan steps", self.plan_steps, "Batches to learn the lengths of divisions from."),
            (
                "Training",
                self.way,
                "'quick' learns in some hundred steps: from time-arrow features in squares around "
                "points, with a loss for rare events. 'paper' reads whole frames "
                "for thousands of steps.",
            ),
            (
                "Training steps",
                self.train_steps,
                "Batches to learn divisions from. Fewer are quicker; you can stop at any time and "
                "go on later.",
            ),
            ("Device", self.device, "Where networks run; 'auto' takes the graphics card if any."),
        )
        content = QWidget()
        form = QFormLayout(content)
        form.setContentsMargins(8, 0, 0, 0)
        for label, widget, tip in rows:
            widget.setToolTip(tip)
            form.addRow(label, widget)
        self.addWidget(content)


def _steps(default: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, MOST_STEPS)
    box.setSingleStep(100)
    box.setValue(default)
    return box
