"""The layers of a project folder that is opened like a file: movies, paint and events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask.array as da
from napari.layers import Image, Labels, Layer, Points
from napari.utils.notifications import show_warning

from cell_events.events import Event, read_events
from cell_events.gui.files.events_file import kinds_of
from cell_events.gui.layers.events_layer import new_events_layer, show_events
from cell_events.gui.layers.layer_axes import Placement, placement
from cell_events.gui.layers.paint_layer import new_paint_layer
from cell_events.movie import Movie, MovieError
from cell_events.project import MovieReference, Project, ProjectError
from cell_events.review.merged import merged


def layers_of_project(path: Path) -> list[Layer]:
    """Layers of every movie of a project, each with metadata that says what it is.

    The metadata are ``{"cell_events": {"project": path, "movie": id, "role": role}}`` with the
    role "movie", "paint" or "events". A movie that is not where it was is left out, with a warning.

    Raises
    ------
    ProjectError
        If the folder is no project, or cannot be read.
    """
    with Project.open(path) as project:
        for sentence in project.warnings:
            show_warning(sentence)
        return [layer for name in project.movies for layer in _layers_of_movie(project, name)]


def _layers_of_movie(project: Project, movie_id: str) -> Iterator[Layer]:
    reference = project.movies[movie_id]
    movie = _found_movie(reference)
    image = _image(reference, movie)
    where = placement(image, "TYX")
    layers = {"movie": image} if movie is not None else {}
    layers["paint"] = _paint(project, movie_id, where)
    layers["events"] = _events(project, movie_id, where)
    for role, layer in layers.items():
        about = {"project": str(project.path), "movie": movie_id, "role": role}
        layer.metadata = {"cell_events": about}
        yield layer


def _found_movie(reference: MovieReference) -> Movie | None:
    """The movie, if it is there and the same; None, with a warning, if not."""
    try:
        movie = reference.open()
        reference.check(movie)
    except (MovieError, ProjectError, OSError) as error:
        show_warning(f"The movie {reference.name} is not shown: {error}")
        return None
    return movie


def _image(reference: MovieReference, movie: Movie | None) -> Image:
    """Layer of a movie, read frame by frame; empty where there is none."""
    size = movie.pixel_size_um if movie is not None else reference.pixel_size_um
    interval = movie.frame_interval_s if movie is not None else reference.frame_interval_s
    length, time = ("um" if size else "pixel"), ("s" if interval else "pixel")
    return Image(
        da.zeros(reference.shape, "uint8") if movie is None else _frames(movie),
        name=reference.name,
        contrast_limits=(0, 1) if movie is None else movie.intensity_range,
        scale=(interval or 1, size or 1, size or 1),
        units=(time, length, length),
        axis_labels=("t", "y", "x"),
    )


def _frames(movie: Movie) -> Any:
    """Dask array of one chunk a frame; readers of files are not asked from several threads."""
    return da.from_array(movie.array, chunks=(1, *movie.shape[1:]), name=False, lock=True)


def _paint(project: Project, movie_id: str, where: Placement) -> Labels:
    layer = new_paint_layer(where, f"paint on {project.movies[movie_id].name}")
    paint = project.paint(movie_id)
    for t in paint.painted_frames():
        layer.data[t] = paint.read(t)
    layer.refresh()
    return layer


def _events(project: Project, movie_id: str, where: Placement) -> Points:
    """Decisions, and proposals about which nothing was decided."""
    events = merged(project.events(movie_id), _proposals(project, movie_id))
    kinds = kinds_of(events.values())
    layer = new_events_layer([], where, kinds, f"events in {project.movies[movie_id].name}")
    show_events(layer, events.values(), where, kinds, list(events))
    return layer


def _proposals(project: Project, movie_id: str) -> dict[str, Event]:
    name = project.value(f"proposals/{movie_id}")
    path = project.path / name if isinstance(name, str) else None
    if path is None or not path.exists():
        return {}
    return {f"{path.stem}/{row}": event for row, event in enumerate(read_events(path))}
