"""What the window showed when a project was last open, and how to show it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dask.array
import numpy as np
from napari.layers import Image

from cell_events.gui.project_desk import LookedAt
from cell_events.project import MovieReference

SHOWN_AS = ("gamma", "opacity", "visible")


def view_of(viewer: Any, looked_at: LookedAt | None) -> dict[str, Any]:
    """Frame, camera and the movie looked at, as plain JSON values."""
    return {
        "step": [int(step) for step in viewer.dims.current_step],
        "center": [float(value) for value in viewer.scene.camera.center],
        "zoom": float(viewer.scene.camera.zoom),
        "movie": looked_at.movie_id if looked_at else None,
    }


def show_view(viewer: Any, view: Mapping[str, Any]) -> None:
    """Show what `view_of` noted, as far as the viewer has it."""
    step = view.get("step") or []
    if len(step) == viewer.dims.ndim:
        viewer.dims.current_step = tuple(step)
    if view.get("center"):
        viewer.scene.camera.center = tuple(view["center"])
        viewer.scene.camera.zoom = float(view.get("zoom", viewer.scene.camera.zoom))


def look_of(layer: Image) -> dict[str, Any]:
    """How a movie lies and looks, as plain JSON values."""
    return {
        "name": layer.name,
        "scale": [float(value) for value in layer.scale],
        "translate": [float(value) for value in layer.translate],
        "rotate": np.asarray(layer.rotate).tolist(),
        "affine": np.asarray(layer.affine.affine_matrix).tolist(),
        "units": [str(unit) for unit in layer.units],
        "axis_labels": list(layer.axis_labels),
        "contrast_limits": [float(value) for value in layer.contrast_limits],
        "colormap": layer.colormap.name,
        **{name: getattr(layer, name) for name in SHOWN_AS},
    }


def movie_layer(reference: MovieReference, look: Mapping[str, Any] | None) -> Image:
    """Open a movie of a project as a lazy layer that looks as it did.

    Raises
    ------
    ProjectError, MovieError
        If the movie is not where it was, or is another one now.
    """
    movie = reference.open()
    reference.check(movie)
    frames = dask.array.from_array(movie.array, chunks=(1, *movie.shape[1:]), name=False)
    layer = Image(frames, name=reference.name, contrast_limits=movie.intensity_range)
    if movie.pixel_size_um is not None:
        layer.scale = (movie.frame_interval_s or 1.0, movie.pixel_size_um, movie.pixel_size_um)
        layer.units = ("second" if movie.frame_interval_s else "pixel", "um", "um")
    if look is not None and len(look.get("scale", ())) == layer.ndim:
        for name, value in look.items():
            setattr(layer, name, value)
    return layer
