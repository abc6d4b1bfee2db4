"""A drop-down of lists of events: those of the movie, Points layers, and CSV files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from napari.components import ViewerModel
from napari.layers import Points
from qtpy.QtCore import QSignalBlocker, Qt, Signal
from qtpy.QtWidgets import QComboBox, QFileDialog, QSizePolicy

from cell_events.gui.layers.our_layers import EVENTS, RESULTS, role_of

FROM_FILE = "from a CSV file…"
TABLES = "Events (*.csv)"


@dataclass(frozen=True)
class EventsChoice:
    """One list of events.

    Attributes
    ----------
    own
        Name of a list of the movie looked at, such as its proposals; empty for the others.
    layer, path
        A layer, or a file.
    """

    own: str = ""
    layer: Points | None = None
    path: Path | None = None


class EventsChooser(QComboBox):
    """Offers the lists `own`, then Points layers that are not ours, then files that were opened.

    Emits `choice_changed` when another list is chosen.

    Parameters
    ----------
    own
        What lists of the movie are called on screen, by their names; the first is chosen at first.
    """

    choice_changed = Signal()

    def __init__(self, viewer: ViewerModel, own: Mapping[str, str], tip: str) -> None:
        super().__init__()
        self._viewer, self._own = viewer, dict(own)
        self._files: list[Path] = []
        self._offered: list[EventsChoice] = []
        self._last = EventsChoice(next(iter(own)))
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.activated.connect(self._on_activated)
        for emitter in self._emitters:
            emitter.connect(self.refresh)
        self.refresh()

    @property
    def choice(self) -> EventsChoice:
        """The list that is chosen."""
        return self._last

    @choice.setter
    def choice(self, choice: EventsChoice) -> None:
        if choice.path is not None and choice.path not in self._files:
            self._files.append(choice.path)
        changes, self._last = choice != self._last, choice
        self.refresh()
        if changes:
            self.choice_changed.emit()

    def refresh(self, event: Any = None) -> None:
        """Offer what is there now; a layer that is gone gives way to the first list."""
        del event
        for choice in self._offered:
            if choice.layer is not None:
                choice.layer.events.name.disconnect(self.refresh)
        layers = [
            EventsChoice(layer=layer)
            for layer in reversed(self._viewer.layers)
            if may_hold_events(layer)
        ]
        files = [EventsChoice(path=path) for path in self._files]
        self._offered = [*map(EventsChoice, self._own), *layers, *files]
        for choice in layers:
            choice.layer.events.name.connect(self.refresh)  # type: ignore[union-attr]
        is_lost = self._last not in self._offered
        self._last = self._offered[0] if is_lost else self._last
        with QSignalBlocker(self):
            self._fill()
        if is_lost:
            self.choice_changed.emit()

    def release(self) -> None:
        """Stop to follow the viewer."""
        for emitter in self._emitters:
            emitter.disconnect(self.refresh)
        for choice in self._offered:
            if choice.layer is not None:
                choice.layer.events.name.disconnect(self.refresh)
        self._offered = []

    @property
    def _emitters(self) -> tuple[Any, ...]:
        events = self._viewer.layers.events
        return events.inserted, events.removed, events.reordered

    def _fill(self) -> None:
        self.clear()
        for choice in self._offered:
            self.addItem(self._words(choice))
            tip = str(choice.path) if choice.path else self._words(choice)
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.addItem(FROM_FILE)
        self.setCurrentIndex(self._offered.index(self._last))

    def _words(self, choice: EventsChoice) -> str:
        if choice.layer is not None:
            return f"layer {choice.layer.name}"
        return choice.path.name if choice.path is not None else self._own[choice.own]

    def _on_activated(self, index: int) -> None:
        if index < len(self._offered):
            self.choice = self._offered[index]
            return
        name, _ = QFileDialog.getOpenFileName(self, "Open events", "", TABLES)
        self.choice = EventsChoice(path=Path(name)) if name else self._last


def may_hold_events(layer: Any) -> bool:
    """Whether a layer may hold events to compare: points that somebody else shows."""
    return isinstance(layer, Points) and role_of(layer) not in (*RESULTS, EVENTS)
