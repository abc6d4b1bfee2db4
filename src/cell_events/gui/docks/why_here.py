"""The dock 'Why here?': what a network looked at, for one event and for whole frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cell_events.gui.docks.job_dock import JobDock
from cell_events.gui.docks.movie_choice import MovieChoice
from cell_events.gui.docks.run_display import RunDisplay
from cell_events.gui.docks.why_choices import WhyChoices
from cell_events.gui.docks.why_event import WhyEvent
from cell_events.gui.docks.why_frames import WhyFrames
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.forms.why_form import WhyForm
from cell_events.gui.layers.attention_layers import AttentionLayers
from cell_events.gui.running.copied_command import CommandCopier
from cell_events.gui.running.explain_actions import ExplainActions
from cell_events.gui.running.explain_tasks import ExplainAsked
from cell_events.gui.running.job_runner import JobRunner
from cell_events.gui.running.latest_model import LatestModel

if TYPE_CHECKING:
    import napari.viewer


class WhyHere(JobDock):
    """Reads the form, asks the workbench, shows what came of it.

    Parameters
    ----------
    napari_viewer
        The viewer whose layers are offered; napari passes it by this name.
    runner
        What runs the jobs; a worker process of its own by default.
    """

    form: WhyForm

    def __init__(
        self, napari_viewer: napari.viewer.Viewer, runner: JobRunner | None = None
    ) -> None:
        super().__init__(napari_viewer, runner)
        self.form = WhyForm(napari_viewer)
        self.choice = MovieChoice(self.bench, self.form.movie, self.form.axes)
        self.choices = WhyChoices(self.form)
        self.latest = LatestModel(self.bench, self.form.model)
        self.jobs = ExplainActions(self.bench, self.choice.look_again, self._asked, self)
        self.layers = AttentionLayers(napari_viewer)
        self.event_part = WhyEvent(self.bench, self.form, self.layers)
        self.frames_part = WhyFrames(self.jobs.state, self.form, self.layers)
        self.copier = CommandCopier(self.bench)
        self.runs = RunDisplay(self.bench, self.form, self.form.job_buttons)
        self.fill(self.form)
        self._connect()
        self.choice.begin()
        self.bench.runs.show_finished()
        self.show_all()

    def explain(self) -> None:
        """Explain the selected event, as the button does."""
        self.jobs.explain()

    @says_errors
    def show_all(self) -> None:
        """Show what the project holds of the movie looked at."""
        self.form.project.show_project(self.bench.project)
        self.frames_part.show()
        self.event_part.follow()

    def shut_down(self) -> None:
        """Stop to follow the viewer; the last dock ends the worker. Safe to repeat."""
        self.jobs.leave()
        self.frames_part.shut_down()
        self.form.movie.release()
        super().shut_down()

    def _connect(self) -> None:
        form, jobs = self.form, self.jobs
        for button, slot in (
            (form.open_project, self.open_project),
            (form.explain, jobs.explain),
            (form.check, jobs.check),
            (form.explain_frames, jobs.explain_frames),
            (form.copy_command, self.copy_command),
            (form.run_bar.stop_button, self.stop),
        ):
            button.clicked.connect(slot)
        self.copier.offer(form.explain, jobs.event_steps)
        self.copier.offer(form.check, jobs.check_steps)
        self.copier.offer(form.explain_frames, jobs.frames_steps)
        jobs.event_explained.connect(self._show_event)
        jobs.frames_explained.connect(self.frames_part.show)
        self.bench.looked_at_changed.connect(self.show_all)

    def _asked(self) -> ExplainAsked:
        form = self.form
        form.top.interpretText()
        return ExplainAsked(
            form.model.path,
            self.choices.kind,
            self.choices.layer,
            form.frames.text().strip(),
            form.top.value(),
        )

    def _show_event(self, job: Any, values: dict[str, Any]) -> None:
        self.event_part.show(job, values)
