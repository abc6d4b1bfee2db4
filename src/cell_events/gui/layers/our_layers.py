"""Which layers are ours: known again when the docks are closed and opened anew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from napari.layers import Labels, Layer

MOVIE, SCORES, PAINT, EVENTS, CELL_MAP = "movie", "scores", "paint", "events", "cell map"
CELL_TRACKS, CELL_FLAGS, CELL_COLOURS = "cell tracks", "cell flags", "cell colours"
CELL_STRETCHES = "cell stretches"
ATTENTION, REGIONS = "attention", "regions"
CELL_RESULTS = CELL_MAP, CELL_TRACKS, CELL_FLAGS, CELL_COLOURS, CELL_STRETCHES
RESULTS = SCORES, *CELL_RESULTS, ATTENTION, REGIONS
"""What was computed; nothing to paint on or to compute from."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a layer is to us; of movies and paint also in which project."""

    role: str
    project: Path | None = None
    movie_id: str | None = None


_MARKS: WeakKeyDictionary[Layer, Mark] = WeakKeyDictionary()
"""Not in the layers' metadata, because a copy that somebody makes of a layer is not ours."""


def mark(layer: Layer, role: str, project: Path | None = None, movie_id: str | None = None) -> None:
    """Note what a layer is."""
    _MARKS[layer] = Mark(role, project, movie_id)


def role_of(layer: Layer) -> str | None:
    """What a layer is to us; None where nothing was noted."""
    found = _MARKS.get(layer)
    return found.role if found else None


def project_of(layer: Layer) -> Path | None:
    """Folder of the project that a layer was last seen in."""
    found = _MARKS.get(layer)
    return found.project if found else None


def paint_there(viewer: Any, project: Path, movie_id: str) -> Labels | None:
    """Paint on a movie that is on screen, maybe since the docks were open last."""
    wanted = Mark(PAINT, project, movie_id)
    there = (layer for layer in viewer.layers if _MARKS.get(layer) == wanted)
    return next((layer for layer in there if isinstance(layer, Labels)), None)


def remove_ours(viewer: Any, role: str) -> None:
    """Remove our layers of one role; what they show is in the project."""
    for layer in [layer for layer in viewer.layers if role_of(layer) == role]:
        viewer.layers.remove(layer)
