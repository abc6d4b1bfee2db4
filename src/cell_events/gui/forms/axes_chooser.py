"""Ask what a layer's fourth axis is, and which of its planes is the movie."""

from __future__ import annotations

from napari.layers import Image
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from cell_events.gui.layers.layer_axes import (
    Placement,
    Plane,
    first_level,
    placement,
    possible_axes,
)

MEANING = {
    "TCYX": "time, channel, Y, X",
    "TZYX": "time, z, Y, X",
    "CTYX": "channel, time, Y, X",
    "ZTYX": "z, time, Y, X",
    "TYX": "time, Y, X",
}


class AxesChooser(QWidget):
    """Two drop-downs, shown only for layers with a channel or z axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer_shape: tuple[int, ...] = ()
        self._axes: tuple[str, ...] = ()
        self.meaning, self.planes = QComboBox(), QComboBox()
        self.meaning.setToolTip("What the four axes of this layer are, in their order.")
        self.planes.setToolTip("The channel, or the z plane, in which the events are seen.")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel("Axes"))
        row.addWidget(self.meaning, 3)
        row.addWidget(QLabel("plane"))
        row.addWidget(self.planes, 2)
        self.meaning.currentIndexChanged.connect(self._offer_planes)
        self.hide()

    def ask_for(self, layer: Image | None) -> None:
        """Offer what this layer's axes may mean; the widget hides where there is nothing to ask.

        Raises
        ------
        LayerError
            If the layer can be no movie.
        """
        self.hide()
        self._axes = ()
        if layer is None:
            return
        self._layer_shape = tuple(first_level(layer).shape)
        self._axes = possible_axes(layer)
        self.meaning.clear()
        self.meaning.addItems([MEANING[axes] for axes in self._axes])
        self.meaning.setEnabled(len(self._axes) > 1)
        self.setVisible(len(self._layer_shape) > 3)

    def choose(self, axes: str, plane: Plane | None) -> None:
        """Choose what was picked before, as far as it is offered."""
        if axes in self._axes:
            self.meaning.setCurrentIndex(self._axes.index(axes))
            self.planes.setCurrentIndex(
                max(self.planes.findText("maximum" if plane == "max" else str(plane)), 0)
            )

    def placement(self, layer: Image) -> Placement:
        """Where the layer lies, with the chosen meaning of its axes."""
        axes = possible_axes(layer)
        if axes != self._axes or tuple(first_level(layer).shape) != self._layer_shape:
            self.ask_for(layer)  # the layer was changed since it was chosen
        return placement(layer, self._axes[max(self.meaning.currentIndex(), 0)], self.plane)

    @property
    def plane(self) -> Plane | None:
        """The chosen plane; None where there is no such axis."""
        text = self.planes.currentText()
        if not text:
            return None
        return "max" if text == "maximum" else int(text)

    def _offer_planes(self, index: int) -> None:
        self.planes.clear()
        axes = self._axes[index] if 0 <= index < len(self._axes) else ""
        for letter, length in zip(axes, self._layer_shape, strict=False):
            if letter in "CZ":
                self.planes.addItems([str(plane) for plane in range(length)])
            if letter == "Z":
                self.planes.addItem("maximum")
