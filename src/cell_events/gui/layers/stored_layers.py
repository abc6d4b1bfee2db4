"""Layers as napari hands them to writers and takes them from readers."""

from __future__ import annotations

from typing import Any

from napari.layers import Image, Labels, Layer, Points

from cell_events.gui.layers.layer_axes import (
    LayerError,
    Placement,
    first_level,
    placement,
    possible_axes,
)

LayerData = tuple[Any, dict[str, Any], str]

ENDLESS = 2**31
"""Frames and pixels of a movie of unknown size."""


def layer_data(layer: Layer) -> LayerData:
    """Give a layer as a reader does; points that are added to it later get the same size."""
    data, attributes, kind = layer.as_layer_data_tuple()
    if isinstance(layer, Points):
        attributes["size"] = float(layer.current_size)  # one number is also the size of new points
    return data, attributes, kind


def placement_of_points(points: Points) -> Placement:
    """Where a layer of events lies; the size of its movie is unknown.

    Raises
    ------
    LayerError
        If it has no axes T, Y and X.
    """
    if points.ndim not in (3, 4):
        raise LayerError(
            f"'{points.name}' has {points.ndim} axes; events lie in time, Y and X: add the points "
            "on top of a movie."
        )
    found = possible_axes(points)
    at_first = len(found) > 1 and not points.data[:, 0].any() and points.data[:, 1].any()
    axes = "CTYX" if at_first else found[0]
    where = placement(points, axes)
    return Placement(axes, None, (ENDLESS,) * points.ndim, where.transform)


def placement_of_paint(labels: Labels) -> Placement:
    """Where paint lies on its own; the fourth axis, if any, is one of one plane or the usual one.

    Raises
    ------
    LayerError
        If it has no axes T, Y and X.
    """
    shape = first_level(labels).shape
    found = possible_axes(labels)
    flat = [axes for axes in found if len(axes) == 4 and shape[_extra_axis(axes)] == 1]
    return placement(labels, [*flat, *found][0])


def placement_of_movie(image: Image) -> Placement | None:
    """Where a movie lies, with the usual meaning of its axes; None if it is none."""
    try:
        return placement(image, possible_axes(image)[0])
    except LayerError:
        return None


def _extra_axis(axes: str) -> int:
    return next(i for i, letter in enumerate(axes) if letter in "CZ")
