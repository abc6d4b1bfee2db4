"""The dock 'Calibrate': what the scores of a model mean, and probabilities for its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QUrl
from qtpy.QtGui import QDesktopServices

from cell_events.gui.docks.job_dock import JobDock
from cell_events.gui.docks.movie_choice import MovieChoice
from cell_events.gui.docks.run_display import RunDisplay
from cell_events.gui.forms.calibrate_form import CalibrateForm
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.running.calibrate_actions import CalibrateActions
from cell_events.gui.running.calibrate_outcomes import told_figures, told_meaning
from cell_events.gui.running.calibrate_tasks import CalibrateAsked
from cell_events.gui.running.calibration_found import AFTER, BEFORE
from cell_events.gui.running.copied_command import CommandCopier
from cell_events.gui.running.job_runner import JobRunner
from cell_events.gui.running.latest_model import LatestModel

if TYPE_CHECKING:
    import napari.viewer


class Calibrate(JobDock):
    """Reads the form, asks the workbench, shows what came of it.

    Parameters
    ----------
    napari_viewer
        The viewer whose layers are offered; napari passes it by this name.
    runner
        What runs the jobs; a worker process of its own by default.
    """

    form: CalibrateForm

    def __init__(
        self, napari_viewer: napari.viewer.Viewer, runner: JobRunner | None = None
    ) -> None:
        super().__init__(napari_viewer, runner)
        self.form = CalibrateForm(napari_viewer)
        self.choice = MovieChoice(self.bench, self.form.movie, self.form.axes)
        self.latest = LatestModel(self.bench, self.form.model)
        self.jobs = CalibrateActions(self.bench, self.choice.look_again, self._asked, self)
        self.copier = CommandCopier(self.bench)
        self.runs = RunDisplay(self.bench, self.form, self.form.job_buttons)
        self.fill(self.form)
        self._connect()
        self.choice.begin()
        self.bench.runs.show_finished()
        self.show_all()

    @says_errors
    def show_all(self) -> None:
        """Show what the project holds: its name, the colours, and the report about the model."""
        self.form.project.show_project(self.bench.project)
        self._show_colours()
        self._show_found()

    @says_errors
    def open_report(self) -> None:
        """Show the page of the report in the browser."""
        found = self.jobs.found(self.form.model.path)
        if found is None or not found.page.exists():
            raise LayerError("There is no report of this model; press 'Calibrate' first.")
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(found.page)))

    def shut_down(self) -> None:
        """Stop to follow the viewer; the last dock ends the worker. Safe to repeat."""
        self.jobs.leave()
        self.form.movie.release()
        super().shut_down()

    def _connect(self) -> None:
        form, jobs = self.form, self.jobs
        for button, slot in (
            (form.open_project, self.open_project),
            (form.calibrate, jobs.calibrate),
            (form.detect_again, jobs.detect_again),
            (form.report, self.open_report),
            (form.review, self.show_inbox),
            (form.table, self.show_table),
            (form.copy_command, self.copy_command),
            (form.run_bar.stop_button, self.stop),
        ):
            button.clicked.connect(slot)
        self.copier.offer(form.calibrate, jobs.calibrate_steps)
        self.copier.offer(form.detect_again, jobs.detect_steps)
        form.colours.activated.connect(self._colour_points)
        form.kind.activated.connect(self._show_class)
        form.model.changed.connect(self._show_found)
        jobs.calibrated.connect(self._show_new)
        self.bench.looked_at_changed.connect(self.show_all)

    def _asked(self) -> CalibrateAsked:
        form = self.form
        return CalibrateAsked(
            form.model.path,
            str(form.crops.currentData()),
            str(form.fit.currentData()),
            form.prior.text().strip(),
        )

    def _colour_points(self) -> None:
        self.jobs.colour_by = str(self.form.colours.currentData())
        self._show_colours()

    def _show_colours(self) -> None:
        self.form.show_colours(self.jobs.colour_by)

    def _show_new(self) -> None:
        self._show_colours()
        self._show_found()
        self.form.reveal_results()

    def _show_found(self) -> None:
        """Show the report about the chosen model, or none."""
        found = self.jobs.found(self.form.model.path)
        self.form.results.setVisible(found is not None)
        self.form.offer_classes(found.classes if found else ())
        self._show_class()

    def _show_class(self) -> None:
        """Show diagrams and words of one class."""
        found, form = self.jobs.found(self.form.model.path), self.form
        name = form.kind.currentText()
        if found is None or name not in found.classes:
            form.plots.show_bins((), ())
            return
        form.plots.show_bins((BEFORE, AFTER), found.bins(name))
        form.figures.setText(told_figures(found))
        form.sentence.setText(told_meaning(found, name))
