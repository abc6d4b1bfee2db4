"""The dock 'Dry mass': from a phase movie to the mass of each cell, to flags that are reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QWidget

from cell_events.gui.docks.dry_mass_cells import DryMassCells
from cell_events.gui.docks.dry_mass_flags import DryMassFlags
from cell_events.gui.docks.dry_mass_in_project import DryMassInProject
from cell_events.gui.docks.dry_mass_labels import DryMassLabels
from cell_events.gui.docks.dry_mass_review import DryMassReview
from cell_events.gui.docks.dry_mass_saved import DryMassSaved
from cell_events.gui.docks.dry_mass_stretches import DryMassStretches
from cell_events.gui.docks.dry_mass_tracks import DryMassTracks
from cell_events.gui.docks.job_dock import JobDock
from cell_events.gui.docks.movie_choice import MovieChoice
from cell_events.gui.docks.run_display import RunDisplay
from cell_events.gui.forms.dry_mass_form import DryMassForm
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.running.copied_command import CommandCopier
from cell_events.gui.running.dry_mass_actions import DryMassActions, DryMassAsked
from cell_events.gui.running.dry_mass_state import CELLS, DryMassState
from cell_events.gui.running.job_runner import JobRunner

if TYPE_CHECKING:
    import napari.viewer


class DryMass(JobDock):
    """Reads the form, asks the workbench, says what came of it.

    Parameters
    ----------
    napari_viewer
        The viewer whose layers are offered; napari passes it by this name.
    runner
        What runs the jobs; a worker process of its own by default.
    """

    form: DryMassForm

    def __init__(
        self, napari_viewer: napari.viewer.Viewer, runner: JobRunner | None = None
    ) -> None:
        super().__init__(napari_viewer, runner)
        self.form = DryMassForm(napari_viewer)
        self.state = DryMassState(self.bench)
        self.in_project = DryMassInProject(self.state, self.form)
        self.choice = MovieChoice(self.bench, self.form.movie, self.form.axes)
        self.jobs = DryMassActions(self.state, self.choice.look_again, self._asked, self)
        self.labels = DryMassLabels(self.state, self.jobs.tasks.label_files, self.form)
        self.cells = DryMassCells(self.state, self)
        self.flags = DryMassFlags(self.cells, self.form)
        self.review = DryMassReview(self.flags, self.form)
        self.tracks = DryMassTracks(self.jobs, self.cells, self.choice, self.form)
        self.saved = DryMassSaved(self.flags, self)
        self.stretches = DryMassStretches(self.flags, self.jobs.tasks, self.saved, self.form)
        self.copier = CommandCopier(self.bench)
        self.runs = RunDisplay(self.bench, self.form, self.form.job_buttons, self.form.curves)
        self._to_reveal: QWidget | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self.fill(self.form)
        self._connect()
        self.choice.begin()
        self.bench.runs.show_finished()
        self.show_all()

    @says_errors
    def show_all(self) -> None:
        """Show what the project holds of the movie looked at."""
        self.in_project.show()
        self.labels.show()
        self.cells.show()
        self.stretches.show()

    def shut_down(self) -> None:
        """Stop to follow the viewer; the last dock ends the worker. Safe to repeat."""
        self._soon.stop()
        self.jobs.leave()
        self.stretches.shut_down()
        self.tracks.shut_down()
        self.review.shut_down()
        self.cells.shut_down()
        self.form.movie.release()
        self.form.inputs.release()
        super().shut_down()

    def _connect(self) -> None:
        form, jobs = self.form, self.jobs
        for button, slot in (
            (form.open_project, self.open_project),
            (form.measure, jobs.measure),
            (form.use_tracks, self.tracks.use),
            (form.train, jobs.train),
            (form.flag, jobs.flag),
            (form.save_flags, self.saved.ask_for_flags),
            (form.save_tracks, self.saved.ask_for_tracks),
            (form.copy_command, self.copy_command),
            (form.run_bar.stop_button, self.stop),
        ):
            button.clicked.connect(slot)
        for button, steps in (
            (form.measure, jobs.measure_steps),
            (form.train, jobs.train_steps),
            (form.flag, jobs.flag_steps),
            (form.stretches.train, self.stretches.jobs.train_steps),
            (form.stretches.detect, self.stretches.jobs.find_steps),
        ):
            self.copier.offer(button, steps)
        jobs.measured.connect(self._show_measured)
        jobs.learned.connect(self._show_learned)
        jobs.flagged.connect(self._show_flagged)
        self.stretches.jobs.found.connect(lambda: form.reveal(form.stretches))
        self.flags.changed.connect(self._reveal)
        self._soon.timeout.connect(self.show_all)
        self.bench.looked_at_changed.connect(self._soon.start)
        self.bench.desk.changed.connect(self._soon.start)

    def _asked(self) -> DryMassAsked:
        form = self.form
        return DryMassAsked(
            form.inputs.values,
            form.inputs.labels.layer,
            form.flagging.values,
            form.expert.values,
            form.model.path,
        )

    def _show_measured(self) -> None:
        """Show the measured cells in place of the labels that they were made from."""
        labels = self.form.inputs.labels.layer
        if labels is not None and self.state.path(CELLS) is not None:
            labels.visible = False
        self._to_reveal = self.form.flag
        self.show_all()

    def _show_learned(self) -> None:
        self.in_project.show()
        self.form.reveal(self.form.flag)

    def _show_flagged(self) -> None:
        self._to_reveal = self.form.histogram
        self.show_all()

    def _reveal(self) -> None:
        """Scroll to what is new, now that it is on screen."""
        part, self._to_reveal = self._to_reveal, None
        if part is not None:
            self.form.reveal(part)
