"""Keeps in the project what the window shows, and brings it back."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from napari.layers import Image
from qtpy.QtCore import QObject, QTimer

from cell_events.gui.layers.view_state import look_of, movie_layer, show_view, view_of
from cell_events.project import Project

if TYPE_CHECKING:
    from cell_events.gui.workbench import Workbench

KEPT_EVERY_MS = 3000


class ViewKeeper(QObject):
    """Notes frame, camera and how movies look every few seconds, where they changed."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.bench = bench
        self._timer = QTimer(self)
        self._timer.setInterval(KEPT_EVERY_MS)
        self._timer.timeout.connect(self._keep_quietly)
        self._timer.start()

    def end(self) -> None:
        """Keep the view a last time."""
        self._timer.stop()
        self._keep_quietly()

    def keep(self) -> None:
        """Note in the project what the window shows."""
        bench, project = self.bench, self.bench.project
        if project is None or project.read_only:
            return
        here = {
            movie_id: bench.movie_layers.get(reference.fingerprint)
            for movie_id, reference in project.movies.items()
        }
        values: dict[str, Any] = {
            f"look/{movie_id}": look_of(layer)
            for movie_id, layer in here.items()
            if layer is not None and layer in bench.viewer.layers
        }
        if values:
            values["view"] = view_of(bench.viewer, bench.looked_at)
        for key, value in values.items():
            if project.value(key) != value:
                project.remember(key, value)

    def restore(self) -> Image | None:
        """Open the movies of the project that are in no layer, and show what was shown last.

        Returns the layer of the movie that was looked at last, if there is one.
        """
        bench, project = self.bench, self.bench.project
        if project is None:
            return None
        open_layers = bench.movie_layers.items()
        bench.movie_layers = {k: v for k, v in open_layers if v in bench.viewer.layers}
        shown = project.value("view") or {}
        last = shown.get("movie")
        for movie_id in sorted(project.movies, key=lambda name: name == last):
            if project.movies[movie_id].fingerprint not in bench.movie_layers:
                try:
                    self._restore_movie(project, movie_id)
                except (ValueError, OSError) as error:  # the others are shown all the same
                    bench.say(str(error), is_error=True)
        show_view(bench.viewer, shown)
        was = project.movies.get(str(last))
        return bench.movie_layers.get(was.fingerprint) if was else None

    def _restore_movie(self, project: Project, movie_id: str) -> None:
        """Add the layer of one movie, or say where it is missed."""
        reference = project.movies[movie_id]
        if self.bench.desk.source_of(movie_id) is None:
            where = f"at {reference.path}" if reference.path else "in any file"
            name = reference.name
            self.bench.say(f"The movie {name} is not {where}; open it from where it lies now.")
            return
        layer = movie_layer(reference, project.value(f"look/{movie_id}"))
        self.bench.movie_layers[reference.fingerprint] = layer
        self.bench.viewer.add_layer(layer)

    def _keep_quietly(self) -> None:
        """Keep the view if that is possible; it is not worth an error every few seconds."""
        with suppress(ValueError, OSError, RuntimeError):
            self.keep()
