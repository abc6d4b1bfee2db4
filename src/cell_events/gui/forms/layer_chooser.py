"""A drop-down of a viewer's layers of one kind, that follows the layer list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from napari.components import ViewerModel
from napari.layers import Layer
from qtpy.QtCore import Signal
from qtpy.QtWidgets import QComboBox, QSizePolicy

from cell_events.gui.layers.our_layers import RESULTS, role_of

L = TypeVar("L", bound=Layer)


class LayerChooser(QComboBox, Generic[L]):
    """Offers the layers of `kind`; what is chosen is a layer, whatever its name becomes.

    Emits `layer_changed` when another layer, or none, is chosen. Our results, such as scores and
    cell maps, are never offered, nor are layers of the roles `left_out`. With `by_itself`, the
    topmost layer is chosen as long as nobody chooses.
    """

    layer_changed = Signal()

    def __init__(
        self,
        viewer: ViewerModel,
        kind: type[L],
        empty: str,
        by_itself: bool = True,
        left_out: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._viewer = viewer
        self._by_itself = by_itself
        self._left_out = (*RESULTS, *left_out)
        self._kind = kind
        self._offered: list[L] = []
        self._last: L | None = None
        self.setPlaceholderText(empty)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.currentIndexChanged.connect(self._announce)
        viewer.layers.events.inserted.connect(self.refresh)
        viewer.layers.events.removed.connect(self.refresh)
        viewer.layers.events.reordered.connect(self.refresh)
        self.refresh()

    @property
    def layer(self) -> L | None:
        """The chosen layer; None if there is none."""
        index = self.currentIndex()
        return self._offered[index] if 0 <= index < len(self._offered) else None

    @layer.setter
    def layer(self, layer: L | None) -> None:
        if layer is not None and layer not in self._offered:
            self.refresh()  # a layer was just opened, and another dock heard of it first
        self.setCurrentIndex(-1 if layer is None else self._offered.index(layer))

    def refresh(self, event: Any = None) -> None:
        """Offer the layers that are there now, topmost first; keep the choice where possible."""
        del event
        chosen = self.layer or self._last
        for layer in self._offered:
            layer.events.name.disconnect(self.refresh)
        self._offered = [
            layer
            for layer in reversed(self._viewer.layers)
            if isinstance(layer, self._kind) and role_of(layer) not in self._left_out
        ]
        for layer in self._offered:
            layer.events.name.connect(self.refresh)
        self.blockSignals(True)
        self.clear()
        self.addItems([layer.name for layer in self._offered])
        otherwise = 0 if self._by_itself else -1
        self.setCurrentIndex(self._offered.index(chosen) if chosen in self._offered else otherwise)
        self.blockSignals(False)
        self._announce()

    def release(self) -> None:
        """Stop to follow the viewer."""
        events = self._viewer.layers.events
        for emitter in (events.inserted, events.removed, events.reordered):
            emitter.disconnect(self.refresh)
        for layer in self._offered:
            layer.events.name.disconnect(self.refresh)
        self._offered, self._last = [], None

    def _announce(self, index: int = 0) -> None:
        del index
        self.setToolTip(self.layer.name if self.layer is not None else self.placeholderText())
        if self.layer is not self._last:
            self._last = self.layer
            self.layer_changed.emit()
