"""The dock 'Paint & detect': from a movie, through a few painted events, to all of its events."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtpy.QtWidgets import QPushButton

from cell_events.gui.docks.job_dock import JobDock
from cell_events.gui.docks.movie_choice import MovieChoice
from cell_events.gui.docks.project_settings import ProjectSettings
from cell_events.gui.docks.run_display import RunDisplay
from cell_events.gui.docks.saved_events import SavedEvents
from cell_events.gui.forms.brush import pick_up_brush
from cell_events.gui.forms.paint_form import PaintForm
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.copied_command import CommandCopier
from cell_events.gui.running.job_runner import JobRunner, Step
from cell_events.gui.running.thorough_actions import ThoroughActions
from cell_events.gui.running.update_loop import Asked, UpdateLoop

if TYPE_CHECKING:
    import napari.viewer

PAINT_HINT = (
    "Paint a few events: the cell in the frame before it divides, and both daughters in the first "
    "frame in which they are apart."
)


class PaintAndDetect(JobDock):
    """Reads the form, asks the workbench, says what came of it.

    Parameters
    ----------
    napari_viewer
        The viewer whose layers are offered; napari passes it by this name.
    runner
        What runs the jobs; a worker process of its own by default.
    """

    form: PaintForm

    def __init__(
        self, napari_viewer: napari.viewer.Viewer, runner: JobRunner | None = None
    ) -> None:
        super().__init__(napari_viewer, runner)
        self.form = PaintForm(napari_viewer)
        self.loop = UpdateLoop(self.bench, self._asked, self)
        self.thorough = ThoroughActions(
            self.bench, self.form.thorough, lambda: self.form.expert.values, self._look_again
        )
        self.copier = CommandCopier(self.bench)
        self.copier.offer(self.form.update_row.once, self._update_steps)
        self.settings = ProjectSettings(self.bench, self.form)
        self.saved = SavedEvents(self.bench, self)
        self.choice = MovieChoice(
            self.bench, self.form.movie, self.form.axes, lambda: self.form.expert.values.folder
        )
        self.runs = RunDisplay(self.bench, self.form, self._job_buttons(), self.form.curves)
        self.left_runs = self.runs.left_runs
        self.fill(self.form)
        self._connect()
        self.choice.begin()
        self.bench.runs.show_finished()

    @says_errors
    def make_paint_layer(self) -> None:
        """Add an empty events layer that fits the movie, and pick up the brush."""
        self._look_again()
        self.form.paint.layer = self.bench.paint.new_layer()
        self._pick_up_brush()
        locked = self.bench.project.locked_by if self.bench.project else None
        self.say(locked or PAINT_HINT, is_error=locked is not None)
        self.loop.prepare()

    @says_errors
    def update_once(self) -> None:
        """Learn from everything painted and decided, and look again."""
        self._look_again(with_paint=True)
        self.loop.update_once()

    def open_project_at(self, path: Path) -> None:
        """Open a project: its movies, paint and events come back."""
        self.choice.open_project(path)

    def stop(self) -> None:
        """Stop what runs, and live updates with it."""
        self.form.update_row.live.setChecked(False)
        super().stop()

    def shut_down(self) -> None:
        """Stop to follow the viewer; the last dock ends the worker. Safe to repeat."""
        self.thorough.leave()
        self.form.movie.release()
        self.form.paint.release()
        super().shut_down()

    def _connect(self) -> None:
        form = self.form
        for button, slot in (
            (form.open_project, self.open_project),
            (form.new_paint, self.make_paint_layer),
            (form.update_row.once, self.update_once),
            (form.update_row.revert, self.loop.revert),
            (form.review, self.show_inbox),
            (form.table, self.show_table),
            (form.save_csv, self.saved.ask),
            (form.copy_command, self.copy_command),
            (form.run_bar.stop_button, self.stop),
        ):
            button.clicked.connect(slot)
        form.update_row.live.toggled.connect(self._set_live)
        form.brush.activated.connect(self._pick_up_brush)
        self.choice.shown.connect(self._show_movie)
        self.loop.changed.connect(self._show_loop)

    def _job_buttons(self) -> tuple[QPushButton, ...]:
        thorough = self.form.thorough
        return thorough.learn_arrow, thorough.train, thorough.detect, self.form.update_row.once

    def _update_steps(self) -> Generator[Step, None, Any]:
        self._look_again(with_paint=True)
        return self.loop.update_steps()

    def _asked(self) -> Asked:
        return Asked(self.form.expert.values, self.form.thorough.arrow.path)

    def _look_again(self, with_paint: bool = False) -> LookedAt:
        """The movie looked at, as it lies now, and its paint if that is asked for."""
        looked_at = self.choice.look_again()
        if with_paint:
            self._keep_paint()
        return looked_at

    def _keep_paint(self) -> None:
        """Have the project keep the chosen layer; it may be one that we did not make."""
        layer = self.form.paint.layer
        if layer is not None:
            self.bench.paint.record(layer)
        elif self.bench.project and not self.bench.tasks.any_annotated():
            raise LayerError("There is no events layer yet; press 'New', then paint a few events.")

    @says_errors
    def _show_movie(self) -> None:
        """Show what the project holds of the movie looked at, and get ready for updates."""
        recorder = self.bench.paint.recorder
        if recorder is not None:
            self.form.paint.layer = recorder.layer
        elif self.bench.paint.is_of_another_movie(self.form.paint.layer):
            self.form.paint.layer = None
        self.loop.show_last()
        self.loop.prepare()
        self._show_loop()

    def _show_loop(self) -> None:
        self.form.update_row.revert.setEnabled(self.loop.can_revert)

    @says_errors
    def _pick_up_brush(self) -> None:
        layer = self.form.paint.layer
        if layer is not None:
            pick_up_brush(self.viewer, layer, self.form.brush.currentData())

    def _set_live(self, live: bool) -> None:
        self.loop.live = live
