"""What the docks of one viewer share: the project, the movie looked at, its events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from napari.layers import Image
from qtpy.QtCore import QObject, Signal
from qtpy.QtWidgets import QMainWindow, QWidget

from cell_events.events import Event, read_events
from cell_events.gui.edit_desk import EditDesk
from cell_events.gui.layers.event_points import EventPoints
from cell_events.gui.layers.heat_layer import HeatLayer
from cell_events.gui.layers.layer_axes import LayerError, Placement
from cell_events.gui.layers.our_layers import MOVIE, mark
from cell_events.gui.layers.probability_colours import BY_KIND, POINT_COLOURS
from cell_events.gui.paint_desk import PaintDesk
from cell_events.gui.project_desk import DEFAULT_KINDS, LookedAt, ProjectDesk
from cell_events.gui.review.event_follower import EventFollower
from cell_events.gui.review.event_list import EventList
from cell_events.gui.running.close_guard import CloseGuard
from cell_events.gui.running.dock_tasks import DockTasks
from cell_events.gui.running.job_runner import JobRunner
from cell_events.gui.running.run_desk import RunDesk
from cell_events.gui.running.task_queue import TaskQueue
from cell_events.gui.view_keeper import ViewKeeper
from cell_events.project import Project
from cell_events.review.merged import merged


class Workbench(QObject):
    """Brings layers and project together; each change goes into the project, then on screen.

    Signals: `said(sentence, is_error)` for the status line; `looked_at_changed()` when another
    movie is chosen; `edited()` after every change of paint or events, undo and redo included.
    """

    said = Signal(str, bool)
    looked_at_changed = Signal()
    edited = Signal()

    def __init__(
        self, viewer: Any, runner: JobRunner | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.viewer = viewer
        self.desk = ProjectDesk(self)
        self.queue = TaskQueue(runner or JobRunner(self), self)
        self.runs = RunDesk(self)
        self.tasks = DockTasks(self.desk)
        self.events = EventList(self)
        self.points = EventPoints(viewer, self.events, self)
        self.follower = EventFollower(viewer, self.events, self)
        self.follower.stays = lambda: self.points.is_clicked
        self.heat = HeatLayer(viewer, self)
        self.looked_at: LookedAt | None = None
        self.movie_layers: dict[str, Image] = {}  # by fingerprint: ids differ between projects
        self.proposals: dict[str, Event] = {}
        self._docks: list[QObject] = []
        self.close_guard: CloseGuard | None = None
        self.paint = PaintDesk(self)
        self.edits = EditDesk(self)
        self.views = ViewKeeper(self)
        self.desk.changed.connect(self._forget_project)

    @property
    def project(self) -> Project | None:
        """The open project."""
        return self.desk.project

    @property
    def kinds(self) -> tuple[str, ...]:
        """Names of the kinds of event, for the labels 1, 2, ..."""
        kinds = self.project.value("kinds") if self.project else None
        return tuple(kinds or DEFAULT_KINDS)

    def look_at(self, movie: Image | None, placement: Placement | None) -> None:
        """Turn to another movie: show the paint and the events that its project holds.

        Raises
        ------
        ProjectError
            If its project cannot be read, or the movie was changed since.
        """
        if movie is None or placement is None:
            return  # a movie that was deleted leaves its events on screen
        self.points.put_away()
        self.heat.forget()
        self.events.set_events({})
        self.looked_at = LookedAt(movie, placement)
        self.looked_at = self.desk.look_at(movie, placement)
        self.follower.placement = placement
        self._note_layer()
        self.paint.show()
        self.show_events()
        self.looked_at_changed.emit()

    def take_in(self) -> LookedAt:
        """Make the movie looked at part of the project, which begins with its first movie.

        Raises
        ------
        LayerError
            If no movie is chosen.
        ProjectError
            If the project cannot be written.
        """
        if self.looked_at is None:
            raise LayerError("There is no movie yet; open one, or drag its file into the window.")
        if self.looked_at.movie_id is None:
            self.looked_at = self.desk.take_in(self.looked_at)
            self._note_layer()
            self.looked_at_changed.emit()
        return self.looked_at

    def open_project(self, path: Path) -> Image | None:
        """Open another project in place of this one; returns the movie that was looked at last.

        Raises
        ------
        LayerError
            If something runs that belongs to this one.
        ProjectError
            If there is none, or it cannot be read.
        """
        if self.queue.busy:
            raise LayerError(f"'{self.queue.running}' is still running; stop it, or wait for it.")
        self.queue.stop()
        self.paint.flush()
        self.views.keep()
        self.desk.open(path)
        return self.views.restore()

    def show_events(self) -> None:
        """Show decisions and the latest proposals of the movie looked at."""
        looked_at, project = self.looked_at, self.project
        if looked_at is None or project is None or looked_at.movie_id is None:
            return
        path = self.proposals_path(looked_at.movie_id)
        proposals = read_events(path) if path else []
        self.proposals = {f"{path.stem}/{row}": e for row, e in enumerate(proposals) if path}
        self.points.colour_by = str(project.value(POINT_COLOURS) or BY_KIND)
        self.events.last_frame = looked_at.placement.movie_shape[0] - 1
        self.events.set_events(merged(project.events(looked_at.movie_id), self.proposals))
        if len(self.events):
            self.show_points()

    def proposals_path(self, movie_id: str) -> Path | None:
        """CSV of the latest proposals for a movie; None without one."""
        name = self.project.value(f"proposals/{movie_id}") if self.project else None
        path = self.project.path / name if self.project and name else None
        return path if path and path.exists() else None

    def guard(self, window: QWidget) -> None:
        """Ask before this window closes under a running job."""
        if self.close_guard is None and isinstance(window, QMainWindow):
            self.close_guard = CloseGuard(window, self.queue.runner, alone=self.tasks.sources.alone)

    def attach(self, dock: QObject) -> None:
        """Stay alive as long as this dock does, at the longest until the window closes."""
        self._docks.append(dock)

    def detach(self, dock: QObject) -> None:
        """Forget a dock that is gone; with the last one the workbench ends."""
        here = [other for other in self._docks if other is not dock]
        was_last = bool(self._docks) and not here
        self._docks = here
        if was_last:
            _WORKBENCHES.pop(self.viewer, None)
            self.shut_down()

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.said.emit(sentence, is_error)

    def shut_down(self) -> None:
        """End the worker and save; safe to repeat."""
        self.queue.runner.shut_down()
        if self.close_guard is not None:
            self.close_guard.release()
        self.setParent(None)
        self.views.end()
        self.follower.placement = None
        self.paint.release()
        self.points.leave()
        self.heat.release()
        self.desk.blockSignals(True)
        self.desk.close()
        self.tasks.sources.files.close()

    def _note_layer(self) -> None:
        looked_at, project = self.looked_at, self.project
        if looked_at is not None and project is not None and looked_at.movie_id is not None:
            fingerprint = project.movies[looked_at.movie_id].fingerprint
            self.movie_layers[fingerprint] = looked_at.layer
            mark(looked_at.layer, MOVIE, project.path, looked_at.movie_id)

    def show_points(self) -> None:
        """Have a layer for the events as soon as there is one, while the movie is there."""
        is_there = self.looked_at is not None and self.looked_at.layer in self.viewer.layers
        if self.looked_at and is_there and self.points.layer not in self.viewer.layers:
            name = f"events in {self.looked_at.layer.name}"
            self.points.show(self.looked_at.placement, name, self.kinds)

    def _forget_project(self) -> None:
        """Another project lies open, or none: put away what belonged to the one before."""
        self.paint.put_away()
        self.tasks.sources.forget_movies()
        if self.looked_at is not None and self.looked_at.movie_id is not None:
            self.points.put_away()
            self.heat.forget()
            self.events.set_events({})
            self.proposals = {}
            self.looked_at = replace(self.looked_at, movie_id=None)


_WORKBENCHES: WeakKeyDictionary[Any, Workbench] = WeakKeyDictionary()


def workbench_of(viewer: Any, runner: JobRunner | None = None) -> Workbench:
    """Give the one workbench of a viewer, made when first asked for."""
    if viewer not in _WORKBENCHES:
        _WORKBENCHES[viewer] = Workbench(viewer, runner)
    return _WORKBENCHES[viewer]
