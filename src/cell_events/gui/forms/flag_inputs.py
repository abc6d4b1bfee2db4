"""How cells are scored, and where the threshold lies: the third step of the dock 'Dry mass'."""

from __future__ import annotations

from dataclasses import dataclass

from qtpy.QtCore import QSignalBlocker
from qtpy.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QWidget

from cell_events.gui.forms.form_rows import align_labels
from cell_events.jobs.anomalies_detect import (
    COMBINED,
    DEFAULT_RULES,
    DEFAULT_VALUES,
    REFERENCES,
    RULES,
    SCORES,
    SHARES,
)

SCORE_TIPS = {
    "combined": "Growth beside that of the other cells; knows divisions, and gives reasons.",
    "paper": "The error of the forecast, as in the paper; needs a model.",
    "isolation forest": "A baseline: how unlike the others simple features of a curve are.",
}
RULE_TIPS = {
    "gaussian": "Mean and standard deviations of all scores, as in the paper.",
    "median mad": "Median and median absolute deviations, which anomalies do not inflate.",
    "log gaussian": "As 'gaussian', on the logarithms of the scores.",
    "log median mad": "As 'median mad', on the logarithms of the scores.",
    "quantile": "The share of all cells that lies below.",
    "false alarms": "The share of normal cells that may be flagged.",
    "false flags": "The share of the flags that may be wrong; for the combined score only.",
}
VALUES_OF = {
    "quantile": "share below ",
    "false alarms": "share of normal ",
    "false flags": "share of flags ",
}
"""What the value of a rule is, where it is no number of deviations."""

REFERENCE_TIP = (
    "Compare the growth of a cell with that of the others at the same time, so that what all of "
    "them do is normal; or with the usual growth of the whole recording."
)

BASELINE_TIP = "A baseline: the error of a simple extrapolation."


@dataclass(frozen=True)
class FlagValues:
    """What the form says.

    Attributes
    ----------
    score, rule, value
        A score, a rule for its threshold, and the value of the rule.
    reference
        What the combined score compares growth to.
    """

    score: str
    rule: str
    value: float
    reference: str = REFERENCES[0]


class FlagInputs(QWidget):
    """Offers scores and rules, with the usual rule of each score and the usual value of a rule."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.score, self.rule, self.value = QComboBox(), QComboBox(), QDoubleSpinBox()
        self.reference = QComboBox()
        _offer(self.reference, REFERENCES, dict.fromkeys(REFERENCES, REFERENCE_TIP))
        self.reference.setToolTip(REFERENCE_TIP)
        _offer(self.score, SCORES, {name: SCORE_TIPS.get(name, BASELINE_TIP) for name in SCORES})
        _offer(self.rule, RULES, {name: RULE_TIPS.get(name, "") for name in RULES})
        self.score.setToolTip("How unusual a cell is. The combined score needs no training.")
        self.rule.setToolTip("How the threshold follows from the scores of all cells.")
        self.value.setSingleStep(0.01)
        self.value.setKeyboardTracking(False)
        self.score.currentTextChanged.connect(self._take_usual_rule)
        self.rule.currentTextChanged.connect(self._take_usual_value)
        self._form = form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for label, widget in (
            ("Score", self.score),
            ("Compared to", self.reference),
            ("Rule", self.rule),
            ("", self.value),
        ):
            form.addRow(label, widget)
        align_labels(form, self)
        self._take_usual_rule(self.score.currentText())

    @property
    def values(self) -> FlagValues:
        """What the form says now."""
        self.value.interpretText()
        return FlagValues(
            self.score.currentText(),
            self.rule.currentText(),
            self.value.value(),
            self.reference.currentText(),
        )

    @values.setter
    def values(self, values: FlagValues) -> None:
        for box, text in (
            (self.score, values.score),
            (self.reference, values.reference),
            (self.rule, values.rule),
        ):
            box.setCurrentText(text)
        self.value.setValue(values.value)

    def _take_usual_rule(self, score: str) -> None:
        with QSignalBlocker(self.rule):
            self.rule.setCurrentText(DEFAULT_RULES[score])
        self._take_usual_value(self.rule.currentText())
        self._form.setRowVisible(self.reference, score == COMBINED)

    def _take_usual_value(self, rule: str) -> None:
        is_share = rule in SHARES
        self.value.setDecimals(3 if is_share else 2)
        self.value.setRange(0.001 if is_share else 0.01, 0.999 if is_share else 100)
        self.value.setSingleStep(0.005 if is_share else 0.1)
        self.value.setPrefix(VALUES_OF.get(rule, "share " if is_share else "deviations "))
        self.value.setValue(DEFAULT_VALUES[rule])
        self.value.setToolTip(RULE_TIPS.get(rule, ""))


def _offer(box: QComboBox, names: tuple[str, ...], tips: dict[str, str]) -> None:
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    for i, name in enumerate(names):
        box.addItem(name)
        box.setItemData(i, tips[name], 3)  # Qt.ItemDataRole.ToolTipRole
