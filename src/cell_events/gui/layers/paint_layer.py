"""From a Labels layer that the user paints on to the painted mask that training reads."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from napari.layers import Labels
from napari.utils import DirectLabelColormap
from numpy.typing import NDArray

from cell_events.gui.layers.colours import KIND_COLOURS
from cell_events.gui.layers.layer_axes import LayerError, Placement, first_level
from cell_events.gui.running.job_runner import Step

NOTHING_HAPPENS = 255
CHUNK_SIDE_PX = 512


def new_paint_layer(placement: Placement, name: str) -> Labels:
    """Make an empty Labels layer that lies exactly on the movie; it shows on every z or channel."""
    empty = np.zeros(placement.flat_shape(), dtype=np.uint8)
    layer = Labels(empty, name=name, colormap=_paint_colours(), **placement.flat_transform())
    layer.selected_label = 1
    layer.brush_size = 12
    return layer


def check_paint(labels: Labels, placement: Placement) -> None:
    """Raise LayerError unless the Labels layer fits the movie, pixel by pixel."""
    shape = tuple(first_level(labels).shape)
    if shape not in _fitting_shapes(placement):
        raise LayerError(
            f"The events layer '{labels.name}' has the shape {shape}, the movie {placement.shape}; "
            "press 'New' to make one that fits."
        )


def write_mask(labels: Labels, placement: Placement, path: Path) -> Generator[Step, None, int]:
    """Write the painted frames to a (T, Y, X) uint8 zarr, and return the highest painted kind.

    Raises
    ------
    LayerError
        If the layer does not fit, holds values that mean nothing, or if nothing is painted.
    """
    check_paint(labels, placement)
    n_frames, height, width = placement.movie_shape
    chunks = (1, min(height, CHUNK_SIDE_PX), min(width, CHUNK_SIDE_PX))
    array = zarr.create_array(
        path, shape=placement.movie_shape, chunks=chunks, dtype="uint8", overwrite=True
    )
    painted: set[int] = set()
    for t in range(n_frames):
        frame = painted_frame(labels, placement, t)
        values = {int(value) for value in np.unique(frame)} - {0}
        check_values(labels, values)
        if values:
            array[t] = frame.astype(np.uint8)
        painted |= values
        yield "saving the painted events", t + 1, n_frames
    kinds = painted - {NOTHING_HAPPENS}
    if not kinds:
        raise LayerError(
            f"No event is painted in '{labels.name}'; paint a few dividing cells with label 1."
        )
    return max(kinds)


def painted_frame(labels: Labels, placement: Placement, t: int) -> NDArray[Any]:
    """Labels of one frame as (Y, X); along a channel or z axis, paint on any plane counts."""
    data = first_level(labels)
    axes = placement.axes if data.ndim == len(placement.axes) else "TYX"
    index = tuple(t if letter == "T" else slice(None) for letter in axes)
    frame = np.asarray(data[index])
    left = axes.replace("T", "")
    return (
        frame.max(axis=next(i for i, c in enumerate(left) if c in "CZ")) if left != "YX" else frame
    )


def _paint_colours() -> DirectLabelColormap:
    """Give each kind the colour that its detections have, and 'nothing happens here' a cold one."""
    colours: dict[int | None, str] = {None: "gray", 0: "transparent", NOTHING_HAPPENS: "#3f6fd8"}
    colours.update(enumerate(KIND_COLOURS, start=1))
    return DirectLabelColormap(color_dict=colours)


def _fitting_shapes(placement: Placement) -> set[tuple[int, ...]]:
    return {placement.shape, placement.flat_shape(), placement.movie_shape}


def check_values(labels: Labels, values: set[int]) -> None:
    """Raise LayerError if a label is neither a kind of event nor 'nothing happens here'."""
    wrong = sorted(value for value in values if not 0 < value <= NOTHING_HAPPENS)
    if wrong:
        raise LayerError(
            f"'{labels.name}' holds the label {wrong[0]}; an events layer has labels from 1 (the "
            f"kinds of event) to {NOTHING_HAPPENS} ('nothing happens here'): is it a segmentation?"
        )
