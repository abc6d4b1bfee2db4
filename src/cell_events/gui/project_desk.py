"""The project that lies open, and which of its movies a layer is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from napari.layers import Image
from qtpy.QtCore import QObject, Signal

from cell_events.gui.files.results_folder import default_folder
from cell_events.gui.layers.layer_axes import Placement, Plane
from cell_events.gui.layers.movie_layer import file_source, movie_of_layer, opening_of
from cell_events.gui.layers.our_layers import project_of
from cell_events.jobs import MovieSource
from cell_events.project import Edit, MovieReference, Project, ProjectError, ValueChange
from cell_events.project.folder import is_project

DEFAULT_KINDS = ("division", "death")


@dataclass(frozen=True)
class LookedAt:
    """The movie that is looked at.

    Attributes
    ----------
    movie_id
        Its name in the project; None while it belongs to none.
    """

    layer: Image
    placement: Placement
    movie_id: str | None = None


class ProjectDesk(QObject):
    """Holds at most one open project; `changed` tells that it is another one, or none."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project: Project | None = None
        self.new_projects: Path | None = None  # where they go; None: beside their movie
        self._picked: WeakKeyDictionary[Image, tuple[str, Plane | None]] = WeakKeyDictionary()

    @property
    def is_writable(self) -> bool:
        """Whether there is a project that takes edits."""
        return self.project is not None and not self.project.read_only

    def open(self, path: Path) -> Project:
        """Open a project in place of the one that lies open; read-only if another window has it.

        Raises
        ------
        ProjectError
            If there is none, or it cannot be read.
        """
        if self.project is None or self.project.path != path:
            project = Project.open(path)
            self.close()
            self.project = project
            self.changed.emit()
        return self.project

    def begin(self, folder: Path) -> None:
        """Have a project open, for things that belong to no movie: this one, if none is.

        Raises
        ------
        ProjectError
            If it cannot be read or made.
        """
        if self.project is None:
            self.project = Project.open_or_create(folder)
            self.changed.emit()

    def close(self) -> None:
        """Save and close what lies open."""
        if self.project is not None:
            self.project.close()
            self.project = None
            self.changed.emit()

    def look_at(self, layer: Image, placement: Placement) -> LookedAt:
        """Find a movie in the open project, or open the project beside its file.

        Raises
        ------
        ProjectError
            If a movie of the project was changed since.
        """
        self._picked[layer] = placement.axes, placement.plane
        self._open_beside(layer)
        has_namesake = not layer.source.path and is_project(self._folder_of(layer))
        if self.project is None and not has_namesake:
            return LookedAt(layer, placement)
        reference = reference_of(layer, placement)
        if self.project is None:
            self._open_at_home(layer, reference)
        if self.project is None:
            return LookedAt(layer, placement)
        movie_id = self.project.find_movie(reference.fingerprint)
        if movie_id is None:
            self._refuse_changed(layer, placement, reference)
        elif reference.path and self.is_writable and not self._path_exists(movie_id):
            self.project.relocate(movie_id, reference.path)
        return LookedAt(layer, placement, movie_id)

    def picked(self, layer: Image) -> tuple[str, Plane | None] | None:
        """Axes and plane that somebody picked for a movie, now or when its project was open last.

        Raises
        ------
        ProjectError
            If the project beside it cannot be read.
        """
        if layer in self._picked:
            return self._picked[layer]
        self._open_beside(layer)
        path = Path(layer.source.path).absolute() if layer.source.path else None
        for known in self.project.movies.values() if self.project and path else ():
            if known.path == path and known.axes is not None:
                return known.axes, _picked_plane(known)
        return None

    def take_in(self, looked_at: LookedAt) -> LookedAt:
        """Make the movie part of the open project, or of a new one beside its file.

        Raises
        ------
        ProjectError
            If a movie of the project was changed since, or the project cannot be written.
        """
        if looked_at.movie_id is not None:
            return looked_at
        layer, placement = looked_at.layer, looked_at.placement
        if self.project is None:
            self.project = Project.open_or_create(self._own_folder(layer))
            self.changed.emit()
        reference = reference_of(layer, placement)
        if self.project.find_movie(reference.fingerprint) is None:
            self._refuse_changed(layer, placement, reference)
        return LookedAt(layer, placement, self.project.add_movie(reference))

    def set_value(self, title: str, key: str, value: Any) -> None:
        """Change one setting of the project, with undo."""
        if self.project is not None and self.project.value(key) != value:
            change = ValueChange(key, self.project.value(key), value)
            self.project.apply(Edit(title, (change,)))

    def source_of(self, movie_id: str) -> MovieSource | None:
        """Where the worker finds a movie of the project that is in no layer; None if it is gone."""
        reference = self._project().movies[movie_id]
        if reference.path is None or not reference.path.exists():
            return None
        return MovieSource(
            reference.path,
            reference.axes,
            reference.channel,
            reference.z,
            reference.pixel_size_um,
            reference.frame_interval_s,
        )

    def _project(self) -> Project:
        if self.project is None:
            raise ProjectError("No project is open; choose a movie and press 'New' to begin one.")
        return self.project

    def _path_exists(self, movie_id: str) -> bool:
        path = self._project().movies[movie_id].path
        return path is not None and path.exists()

    def _open_beside(self, layer: Image) -> None:
        """Open the project that lies beside a movie, unless one is open."""
        folder = self._folder_of(layer)
        has_place = layer.source.path or project_of(layer)
        if self.project is None and has_place and is_project(folder):
            self.open(folder)

    def _open_at_home(self, layer: Image, reference: MovieReference) -> None:
        """Open the project of a movie that is in no file: several may have the same name."""
        for folder in itertools.takewhile(is_project, _numbered(self._folder_of(layer))):
            project = Project.open(folder)
            if project.find_movie(reference.fingerprint) is not None:
                self.project = project
                self.changed.emit()
                return
            project.close()

    def _own_folder(self, layer: Image) -> Path:
        """Folder for the project of a movie; that of a namesake in no file is another's."""
        folder = self._folder_of(layer)
        if layer.source.path or project_of(layer):
            return folder
        return next(free for free in _numbered(folder) if not free.exists())

    def _folder_of(self, layer: Image) -> Path:
        """Folder of the project that a movie was in just now, or that belongs to it on its own."""
        if (was := project_of(layer)) is not None and is_project(was):
            return was
        path = Path(layer.source.path) if layer.source.path else None
        beside = default_folder(layer.name, path)
        return self.new_projects / beside.name if self.new_projects else beside

    def _refuse_changed(
        self, layer: Image, placement: Placement, reference: MovieReference
    ) -> None:
        """Raise ProjectError if the project knows this plane of this file with other pixels."""
        for movie_id, known in self._project().movies.items():
            if known.path is not None and _plane(known) == _plane(reference):
                self._project().check_movie(movie_id, movie_of_layer(layer, placement))


def reference_of(layer: Image, placement: Placement) -> MovieReference:
    """What a project remembers of the movie in a layer."""
    movie = movie_of_layer(layer, placement)
    source = file_source(layer, placement, movie)
    path = source.path.absolute() if source else None
    reference = MovieReference.of(movie, path=path, **opening_of(placement))
    return replace(reference, name=layer.name)


def _numbered(folder: Path) -> Iterator[Path]:
    """NAME.cellevents, NAME-2.cellevents, ..."""
    yield folder
    for number in itertools.count(2):
        yield folder.with_stem(f"{folder.stem}-{number}")


def _plane(reference: MovieReference) -> tuple[object, ...]:
    """Which file a movie is, and which channel or z plane of it."""
    return reference.path, reference.axes, reference.channel, reference.z


def _picked_plane(reference: MovieReference) -> Plane | None:
    """Channel or z plane; None where there is none, or where it has a name."""
    plane = reference.z if reference.channel is None else reference.channel
    return "max" if plane == "max" else plane if isinstance(plane, int) else None
