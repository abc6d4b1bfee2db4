"""The settings of the dock 'Dry mass' that most people never touch, folded away."""

from __future__ import annotations

from dataclasses import dataclass

from qtpy.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QSpinBox, QWidget
from superqt import QCollapsible

from cell_events.gui.forms.expert_settings import DEVICES
from cell_events.jobs.anomalies_train import AUTO, STEPS
from cell_events.jobs.measure import LINKS

MOST_FRAMES, MOST_STEPS = 9999, 1_000_000
STRETCH_STEPS = 300
"""Of fine-tuning on abnormal stretches: a minute or two without a graphics card."""


@dataclass(frozen=True)
class MassExpertValues:
    """What the form says.

    Attributes
    ----------
    refraction_increment
        Specific refraction increment in um3/pg.
    link
        How cells become tracks: one of `jobs.measure.LINKS`.
    gap
        Frames in which a cell that is linked by place may be missing.
    threshold
        Grey value from which on a pixel belongs to a cell that is found; None to find it out.
    min_area_px
        Smallest cell that is found.
    past
        Frames that the forecaster sees, or "auto".
    steps
        Batches that it learns from.
    stretch_steps
        Batches that a model of abnormal stretches learns from.
    """

    refraction_increment: float
    link: str
    gap: int
    threshold: float | None
    min_area_px: int
    past: str
    steps: int
    stretch_steps: int
    device: str
    seed: int


class MassExpert(QCollapsible):
    """A folded form that yields `MassExpertValues`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Expert settings", parent, expandedIcon="▾", collapsedIcon="▸")
        self.increment = QDoubleSpinBox()
        self.increment.setDecimals(3)
        self.increment.setRange(0.01, 1)
        self.increment.setSingleStep(0.01)
        self.increment.setValue(0.19)
        self.threshold = QDoubleSpinBox()
        self.threshold.setDecimals(4)
        self.threshold.setRange(-1_000_000, 1_000_000)
        self.threshold.setValue(self.threshold.minimum())
        self.threshold.setSpecialValueText("auto")
        self.link, self.device = QComboBox(), QComboBox()
        self.link.addItems(list(LINKS))
        self.device.addItems(list(DEVICES))
        self.gap = _whole(2, 0, 100)
        self.min_area = _whole(100, 1, 1_000_000)
        self.past = _whole(0, 0, MOST_FRAMES)
        self.past.setSpecialValueText(AUTO)
        self.steps = _whole(STEPS, 1, MOST_STEPS)
        self.steps.setSingleStep(500)
        self.stretch_steps = _whole(STRETCH_STEPS, 1, MOST_STEPS)
        self.stretch_steps.setSingleStep(100)
        self.seed = _whole(0, 0, 2**31 - 1)
        self._lay_out()

    @property
    def values(self) -> MassExpertValues:
        """What the form says now."""
        threshold = self.threshold.value()
        return MassExpertValues(
            refraction_increment=self.increment.value(),
            link=self.link.currentText(),
            gap=self.gap.value(),
            threshold=threshold if threshold > self.threshold.minimum() else None,
            min_area_px=self.min_area.value(),
            past=str(self.past.value() or AUTO),
            steps=self.steps.value(),
            stretch_steps=self.stretch_steps.value(),
            device=self.device.currentText(),
            seed=self.seed.value(),
        )

    def _lay_out(self) -> None:
        rows = (
            (
                "Increment (µm³/pg)",
                self.increment,
                "Specific refraction increment: 0.19 for protein in water, 0.18 to 0.21 in use.",
            ),
            (
                "Link cells by",
                self.link,
                "'labels' if a cell keeps its label over time, 'laptrack' to link cells by place, "
                "'auto' to find out.",
            ),
            ("Gap (frames)", self.gap, "A cell linked by place may be missing for so long."),
            (
                "Threshold",
                self.threshold,
                "Grey value from which on a pixel belongs to a cell, where cells are found by "
                "threshold.",
            ),
            ("Least area (px)", self.min_area, "Smaller cells are not found by threshold."),
            (
                "Past (frames)",
                self.past,
                "Frames that the forecaster sees: 120 in the paper; 'auto' fits it to the curves.",
            ),
            ("Training steps", self.steps, "Batches that the forecaster learns from."),
            (
                "Fine-tune steps",
                self.stretch_steps,
                "Batches that a model of abnormal stretches learns from.",
            ),
            ("Device", self.device, "Where networks run; 'auto' takes the graphics card if any."),
            ("Random seed", self.seed, "The same seed gives the same result."),
        )
        content = QWidget()
        form = QFormLayout(content)
        form.setContentsMargins(8, 0, 0, 0)
        for label, widget, tip in rows:
            widget.setToolTip(tip)
            form.addRow(label, widget)
        self.addWidget(content)


def _whole(value: int, low: int, high: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setValue(value)
    return box
