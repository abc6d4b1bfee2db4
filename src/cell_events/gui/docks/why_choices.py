"""Which classes and layers can be explained: of the model that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qtpy.QtCore import QObject
from qtpy.QtWidgets import QComboBox

from cell_events.gui.forms.why_form import USUAL, WhyForm
from cell_events.gui.running.model_headers import PAINTED, TIME_ARROW, header_of
from cell_events.jobs.explained_pairs import NOTHING, ORDERS
from cell_events.jobs.time_arrow_model import SHIPPED, model_at


class WhyChoices(QObject):
    """Offers the classes that the model file names, and the layers that a result names."""

    def __init__(self, form: WhyForm) -> None:
        super().__init__(form)
        self.form = form
        form.model.changed.connect(self.show)
        self.show()

    @property
    def kind(self) -> str:
        """The chosen class; empty for the usual one."""
        return str(self.form.kind.currentData() or "")

    @property
    def layer(self) -> str:
        """The chosen layer; empty for the usual one."""
        return str(self.form.layer.currentData() or "")

    def show(self) -> None:
        """Offer what another model has."""
        offer(self.form.kind, classes_of(self.form.model.path or model_at(SHIPPED)))
        offer(self.form.layer, ())

    def list_layers(self, values: dict[str, Any]) -> None:
        """Offer the layers that a result names; the choice stays where it can."""
        offer(self.form.layer, values.get("layers") or ())


def offer(box: QComboBox, names: Sequence[str]) -> None:
    """Offer the usual one and these; keep the choice where possible."""
    chosen = box.currentData()
    box.blockSignals(True)
    box.clear()
    box.addItem(USUAL, "")
    for name in names:
        box.addItem(name, name)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    box.blockSignals(False)


def classes_of(model: Path | None) -> tuple[str, ...]:
    """Classes of a model that can be explained; none if the file cannot be read."""
    if model is None or not model.exists():
        return ()
    try:
        header = header_of(model)
    except ValueError:
        return ()  # the job says what is wrong with the file
    if header["kind"] == TIME_ARROW:
        return ORDERS
    classes = tuple(header["classes"])
    return (*classes, NOTHING) if header["kind"] == PAINTED else classes
