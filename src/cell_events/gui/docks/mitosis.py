"""The dock 'Mitosis (M1-M3)': from a raw movie to its divisions, told what to annotate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell_events.gui.docks.job_dock import JobDock
from cell_events.gui.docks.mitosis_in_project import MitosisInProject
from cell_events.gui.docks.mitosis_maps import MitosisMaps
from cell_events.gui.docks.mitosis_plan import MitosisPlanned
from cell_events.gui.docks.mitosis_points import MitosisPoints
from cell_events.gui.docks.movie_choice import MovieChoice
from cell_events.gui.docks.run_display import RunDisplay
from cell_events.gui.docks.saved_events import SavedEvents
from cell_events.gui.forms.mitosis_form import MitosisForm
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.running.copied_command import CommandCopier
from cell_events.gui.running.job_runner import JobRunner
from cell_events.gui.running.mitosis_actions import MitosisActions, MitosisAsked
from cell_events.gui.running.mitosis_state import FOUND, MitosisState

if TYPE_CHECKING:
    import napari.viewer


class Mitosis(JobDock):
    """Reads the form, asks the workbench, says what came of it.

    Parameters
    ----------
    napari_viewer
        The viewer whose layers are offered; napari passes it by this name.
    runner
        What runs the jobs; a worker process of its own by default.
    """

    form: MitosisForm

    def __init__(
        self, napari_viewer: napari.viewer.Viewer, runner: JobRunner | None = None
    ) -> None:
        super().__init__(napari_viewer, runner)
        self.form = MitosisForm(napari_viewer)
        self.state = MitosisState(self.bench)
        self.in_project = MitosisInProject(self.state, self.form)
        self.choice = MovieChoice(self.bench, self.form.movie, self.form.axes)
        self.jobs = MitosisActions(self.state, self.choice.look_again, self._asked, self)
        self.maps = MitosisMaps(self.state, self.form.maps)
        self.planned = MitosisPlanned(self.state, self.form, self.choice.look_again)
        self.points = MitosisPoints(self.jobs.tasks, self.form, self.choice.look_again)
        self.saved = SavedEvents(self.bench, self)
        self.copier = CommandCopier(self.bench)
        self.runs = RunDisplay(self.bench, self.form, self.form.job_buttons, self.form.curves)
        self.fill(self.form)
        self._connect()
        self.choice.begin()
        self.bench.runs.show_finished()
        self.show_all()

    @says_errors
    def show_all(self) -> None:
        """Show what the project holds of the movie looked at."""
        self.in_project.show()
        self.maps.show()
        self.planned.show()
        self.points.show()
        self._show_scores()

    def shut_down(self) -> None:
        """Stop to follow the viewer; the last dock ends the worker. Safe to repeat."""
        self.jobs.leave()
        self.maps.shut_down()
        self.form.movie.release()
        super().shut_down()

    def _connect(self) -> None:
        form, jobs = self.form, self.jobs
        for button, slot in (
            (form.open_project, self.open_project),
            (form.map_cells, jobs.map),
            (form.make_plan, jobs.plan),
            (form.train, jobs.train),
            (form.detect, jobs.detect),
            (form.review, self.show_inbox),
            (form.table, self.show_table),
            (form.save_csv, self.saved.ask),
            (form.copy_command, self.copy_command),
            (form.add_divisions, self._clear_view),
            (form.run_bar.stop_button, self.stop),
        ):
            button.clicked.connect(slot)
        for button, steps in (
            (form.map_cells, jobs.map_steps),
            (form.make_plan, jobs.plan_steps),
            (form.train, jobs.train_steps),
            (form.detect, jobs.detect_steps),
        ):
            self.copier.offer(button, steps)
        jobs.mapped.connect(self._show_maps)
        jobs.planned.connect(self._show_plan)
        jobs.learned.connect(self._show_learned)
        jobs.detected.connect(self._show_found)
        self.bench.looked_at_changed.connect(self.show_all)

    def _asked(self) -> MitosisAsked:
        form = self.form
        form.k.interpretText()
        frames = form.frames.text().strip()
        return MitosisAsked(form.expert.values, frames, form.length, form.model.path)

    def _show_maps(self) -> None:
        self.maps.show()
        self.maps.set_visible(True)
        self.form.reveal(self.form.make_plan)

    def _show_plan(self) -> None:
        self.planned.show()
        self.points.show()
        self.form.reveal(self.form.add_divisions)

    def _clear_view(self) -> None:
        """Put the cell map aside, so that one sees where to click."""
        self.maps.set_visible(False)

    def _show_learned(self) -> None:
        self.in_project.show()
        self.form.reveal(self.form.detect)

    def _show_found(self) -> None:
        """Show what was found, and put the tool down that adds points."""
        self._show_scores()
        self.form.reveal(self.form.save_csv)
        layer = self.bench.points.layer
        if layer is not None and layer.mode == "add":
            layer.mode = "pan_zoom"

    def _show_scores(self) -> None:
        """Show the scores of the last detection, if its proposals are the ones shown."""
        looked_at, project, found = (
            self.bench.looked_at,
            self.bench.project,
            self.state.value(FOUND),
        )
        if looked_at is None or project is None or not found or len(found) < 2:
            return
        csv, scores = (project.path / name for name in found)
        if csv == self.bench.proposals_path(str(looked_at.movie_id)) and scores.exists():
            self.bench.heat.show_all(scores, looked_at.layer, looked_at.placement)
