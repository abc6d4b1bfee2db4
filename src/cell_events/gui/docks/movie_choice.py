"""Which movie the docks of a viewer look at: the same in all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from napari.layers import Image
from qtpy.QtCore import QObject, Signal

from cell_events.gui.forms.axes_chooser import AxesChooser
from cell_events.gui.forms.layer_chooser import LayerChooser
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.preferences import preferences
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.workbench import Workbench


class MovieChoice(QObject):
    """Lets the workbench look at the movie that a dock's form says, or the form follow.

    Signal `shown()` tells that the workbench looks at the movie of the form now.

    Parameters
    ----------
    new_projects
        Gives the folder for projects that begin here, if a form has one; None for what the user
        prefers.
    """

    shown = Signal()

    def __init__(
        self,
        bench: Workbench,
        layers: LayerChooser[Image],
        axes: AxesChooser,
        new_projects: Callable[[], Path | None] | None = None,
    ) -> None:
        super().__init__(layers)
        self.bench, self.layers, self.axes = bench, layers, axes
        self._new_projects = new_projects
        self._is_following = False
        layers.layer_changed.connect(self.look_at_movie)
        axes.meaning.activated.connect(self.look_at_plane)
        axes.planes.activated.connect(self.look_at_plane)
        bench.looked_at_changed.connect(self._follow)

    def begin(self) -> None:
        """Look at what other docks look at already, or else at what the form says."""
        if self._other_layer() is not None:
            self._follow()
        else:
            self.look_at_movie()

    def look_again(self) -> LookedAt:
        """The movie looked at, as it lies now: its scale may have been set since.

        Raises
        ------
        LayerError, ProjectError
            If there is none, or it cannot be part of the project.
        """
        movie, before = self.layers.layer, self.bench.looked_at
        self._choose_folder()
        if movie is not None:
            placement = self.axes.placement(movie)
            if before is None or before.layer is not movie or not before.placement.same(placement):
                self.bench.look_at(movie, placement)
        return self.bench.take_in()

    @says_errors
    def look_at_movie(self) -> None:
        """Ask what the axes are; bring back what the project holds of this movie."""
        if not self._is_following:
            self._ask_for_axes()
            self.look_at_plane()

    @says_errors
    def look_at_plane(self) -> None:
        """Look at the movie that the form says, with the axes that it says."""
        movie = self.layers.layer
        self._choose_folder()
        self.bench.look_at(movie, self.axes.placement(movie) if movie is not None else None)
        self.shown.emit()

    def open_project(self, path: Path) -> None:
        """Open a project: its movies, paint and events come back.

        Raises
        ------
        LayerError, ProjectError
            If something runs, or the project cannot be read.
        """
        movie = self.bench.open_project(path)
        if movie is not None:
            self.layers.layer = movie
        self.look_at_movie()

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)

    def _follow(self) -> None:
        """Show the movie that another dock has chosen."""
        layer = self._other_layer()
        if layer is None:
            return
        self._is_following = True
        self.layers.layer = layer
        self._is_following = False
        self._ask_for_axes()
        self.shown.emit()

    def _other_layer(self) -> Image | None:
        """Layer that the workbench looks at, if the form says another one."""
        looked_at = self.bench.looked_at
        if looked_at is None or looked_at.layer is self.layers.layer:
            return None
        return looked_at.layer if looked_at.layer in self.bench.viewer.layers else None

    def _ask_for_axes(self) -> None:
        movie = self.layers.layer
        self.axes.ask_for(movie)
        picked = self.bench.desk.picked(movie) if movie is not None else None
        if picked is not None:
            self.axes.choose(*picked)

    def _choose_folder(self) -> None:
        """Say where a project goes that begins now."""
        desk = self.bench.desk
        chosen = self._new_projects() if self._new_projects else desk.new_projects
        desk.new_projects = chosen or preferences().results
