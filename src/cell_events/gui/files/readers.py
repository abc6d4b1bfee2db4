"""What napari asks whether a file is ours, and then calls; the manifest names these functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from napari.layers import Layer

    from cell_events.gui.layers.stored_layers import LayerData

Reader = Callable[[str | Sequence[str]], "list[LayerData]"]


def get_events_reader(path: str | Sequence[str]) -> Reader | None:
    """Reader of a CSV of events; None for any other file."""
    from cell_events.gui.files.events_file import is_events_csv

    return read_events_csv if all(is_events_csv(one) for one in _paths(path)) else None


def read_events_csv(path: str | Sequence[str]) -> list[LayerData]:
    """Show each CSV as a layer of rings, on the movie that is open where it fits."""
    from cell_events.gui.files.events_file import events_layer_of_file
    from cell_events.gui.layers.stored_layers import layer_data

    layers = _open_layers()
    return [layer_data(events_layer_of_file(one, layers)) for one in _paths(path)]


def get_project_reader(path: str | Sequence[str]) -> Reader | None:
    """Reader of a project folder; None for any other."""
    from cell_events.project.folder import is_project

    return read_project if all(is_project(one) for one in _paths(path)) else None


def read_project(path: str | Sequence[str]) -> list[LayerData]:
    """Show the movies, paint and events of each project."""
    from cell_events.gui.files.project_layers import layers_of_project
    from cell_events.gui.layers.stored_layers import layer_data

    return [layer_data(layer) for one in _paths(path) for layer in layers_of_project(one)]


def _paths(path: str | Sequence[str]) -> list[Path]:
    return [Path(path)] if isinstance(path, str) else [Path(one) for one in path]


def _open_layers() -> list[Layer]:
    """Layers of the viewer that the user works with."""
    from napari import current_viewer

    viewer = current_viewer()
    return list(viewer.layers) if viewer is not None else []
