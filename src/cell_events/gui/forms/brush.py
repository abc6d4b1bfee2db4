"""The brushes of the events layer: one label for each kind of event, one for 'nothing'."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Labels
from qtpy.QtWidgets import QComboBox

from cell_events.gui.layers.paint_layer import NOTHING_HAPPENS


def offer_brushes(box: QComboBox, kinds: tuple[str, ...]) -> None:
    """List the kinds of event, numbered like their labels, and 'nothing happens here'."""
    chosen = max(box.currentIndex(), 0)
    box.blockSignals(True)
    box.clear()
    for label, kind in enumerate(kinds, start=1):
        box.addItem(f"{kind} (label {label})", label)
    box.addItem(f"nothing happens here ({NOTHING_HAPPENS})", NOTHING_HAPPENS)
    box.setCurrentIndex(min(chosen, box.count() - 1))
    box.blockSignals(False)


def pick_up_brush(viewer: ViewerModel, layer: Labels, label: int) -> None:
    """Make the next stroke on the canvas paint `label` on this layer."""
    viewer.layers.selection.active = layer
    layer.selected_label = label
    layer.mode = "paint"
