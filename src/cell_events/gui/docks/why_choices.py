"""Which classes and layers can be explained: of the model that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qtpy.QtCore import QObject
from qtpy.QtWidgets import QComboBox

from cell_events.gui.forms.why_form import USUAL, WhyForm
from cell_events.gui.running.model_headers import header_of
from cell_events.jobs.explainable import Explainable, explainable
from cell_events.jobs.time_arrow_model import SHIPPED, model_at


class WhyChoices(QObject):
    """Offers the classes and layers that the header of the model file tells."""

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
        offered = explainable_of(self.form.model.path or model_at(SHIPPED))
        offer(self.form.kind, offered.kinds if offered else ())
        offer(self.form.layer, offered.layers if offered else ())
        if offered is not None:
            usual = self.form.layer.findData(offered.usual_layer)
            self.form.layer.setItemText(usual, f"{offered.usual_layer} ({USUAL})")


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


def explainable_of(model: Path | None) -> Explainable | None:
    """Tell what of a model can be explained; None if nothing can, or the file cannot be read."""
    if model is None or not model.exists():
        return None
    try:
        header = header_of(model)
    except ValueError:
        return None  # the job says what is wrong with the file
    return explainable(header["kind"], header["arguments"], header["classes"])
