"""A picture of crop pairs, as the rows of a study see the same event."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

DPI = 120
SIDE_INCHES = 1.7


@dataclass(frozen=True)
class ShownCrop:
    """A pair of crops (2, S, S), and what it shows in pixels of the movie."""

    name: str
    frames: NDArray[np.floating]
    view_px: float


def crops_png(crops: Sequence[ShownCrop]) -> bytes:
    """Draw each pair in a column, the first frame above the second, all as large as the first."""
    figure = Figure(figsize=(SIDE_INCHES * len(crops), 2 * SIDE_INCHES + 0.6), layout="constrained")
    FigureCanvasAgg(figure)
    places = figure.subplots(2, len(crops), squeeze=False)
    for column, crop in enumerate(crops):
        low, high = np.percentile(crop.frames, (1, 99.5))
        for row, frame in enumerate(crop.frames):
            axes = places[row, column]
            axes.imshow(frame, cmap="gray", vmin=low, vmax=max(high, low + 1e-6))
            axes.set_xticks([])
            axes.set_yticks([])
        places[0, column].set_title(
            f"{crop.name}\nshows {crop.view_px:g} px of the movie", fontsize=7
        )
    for row, name in enumerate(("before", "event")):
        places[row, 0].set_ylabel(name, fontsize=8)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    return file.getvalue()
