"""The picture by which a person chooses the map of normal cells."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cell_events.mitosis.frames import ShrunkenFrames

COLUMNS = 3
WIDTH_IN, TITLE_IN = 13.0, 0.6
SHARE = 0.6
"""How strongly a map covers the frame."""

MAP_COLOUR = np.array([1.0, 0.58, 0.0])
CHOSEN_COLOUR = "#00a0d0"


def cell_map_png(frames: ShrunkenFrames, maps: Path, values: Mapping[str, Any]) -> bytes:
    """Each map over the middle frame of the movie, with its number and what speaks for it."""
    t = frames.shape[0] // 2
    frame, stored = frames.read(t)[0], np.asarray(zarr.open_array(str(maps), mode="r")[t], bool)
    qualities = values["qualities"]
    rows = math.ceil(len(qualities) / COLUMNS)
    height, width = frame.shape
    figure = Figure(
        figsize=(13, rows * (13 / COLUMNS * height / width + 0.6)), layout="constrained"
    )
    FigureCanvasAgg(figure)
    figure.suptitle(f"Maps of {values['movie']} at t = {t}; framed: the chosen one")
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for index, axes in enumerate(panels):
        axes.set(xticks=[], yticks=[])
        if index < len(qualities):
            _draw(axes, frame, stored[index], _title(index, values))
        else:
            axes.set_frame_on(False)
    _frame(panels[values["chosen"]])
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110)
    return file.getvalue()


def _title(index: int, values: Mapping[str, Any]) -> str:
    proposed = " (proposed)" if index == values["proposed"] else ""
    return f"{index}{proposed}: {values['qualities'][index]['reason']}"


def _draw(axes: Axes, frame: NDArray[np.float32], shown: NDArray[np.bool_], title: str) -> None:
    grey = np.repeat(frame[..., None].clip(0, 1), 3, axis=2)
    image = np.where(shown[..., None], (1 - SHARE) * grey + SHARE * MAP_COLOUR, grey)
    axes.imshow(image.clip(0, 1), interpolation="nearest")
    axes.set_title(title, fontsize=9)


def _frame(axes: Axes) -> None:
    for spine in axes.spines.values():
        spine.set(color=CHOSEN_COLOUR, linewidth=4)
