"""The folded part of the dock: learn the time arrow, train and detect thoroughly, in minutes."""

from __future__ import annotations

from qtpy.QtWidgets import QWidget
from superqt import QCollapsible

from cell_events.gui.forms.form_rows import button, grid_of
from cell_events.gui.forms.model_picker import ModelPicker
from cell_events.jobs.time_arrow_model import SHIPPED, model_at

COMES_ALONG = "A time-arrow model comes with the plugin: paint a few events, and update at once."
NOT_NEEDED = "Worth it if the model that comes with the plugin misses much: it saw other cells."


class ThoroughForm(QCollapsible):
    """Widgets only; `PaintAndDetect` gives them life."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Train thoroughly", parent, expandedIcon="▾", collapsedIcon="▸")
        shipped = model_at(SHIPPED) is not None
        self.arrow = ModelPicker(
            "comes with the plugin" if shipped else "none yet: learn it first",
            "Take a time-arrow model from a file.",
            COMES_ALONG if shipped else "",
        )
        self.learn_arrow = button(
            f"Learn the time arrow{' (optional)' if shipped else ''}",
            "Let the network watch the movie forwards and backwards, without any paint. Once for "
            f"each kind of movie; takes minutes.{f' {NOT_NEEDED}' if shipped else ''}",
        )
        self.train = button(
            "Train on the paint",
            "Learn from your paint and your decisions, with all settings below, and measure how "
            "good it is on what was held out.",
        )
        self.model = ModelPicker("none yet: press Train", "Take an event model from a file.")
        self.detect = button("Detect events", "Find every such event at every pixel of the movie.")
        content = QWidget()
        content.setLayout(
            grid_of(
                (
                    ("Time arrow", self.arrow),
                    (None, self.learn_arrow),
                    (None, self.train),
                    ("Model", self.model),
                    (None, self.detect),
                )
            )
        )
        self.addWidget(content)
