"""The dock 'Evaluate': found events against true ones, and one model against another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QUrl
from qtpy.QtGui import QDesktopServices

from cell_events.events import Event, read_events
from cell_events.gui.docks.job_dock import JobDock
from cell_events.gui.docks.movie_choice import MovieChoice
from cell_events.gui.docks.opened_docks import open_review
from cell_events.gui.docks.run_display import RunDisplay
from cell_events.gui.forms.evaluate_form import BEGIN, EvaluateForm
from cell_events.gui.forms.evaluation_tables import cell_of, is_error
from cell_events.gui.forms.evaluation_words import told_caution, told_counts, told_figures
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.running.copied_command import CommandCopier
from cell_events.gui.running.evaluate_actions import EvaluateActions
from cell_events.gui.running.evaluate_tasks import EvaluateAsked
from cell_events.gui.running.job_runner import JobRunner
from cell_events.gui.running.shown_disagreements import (
    are_shown,
    show_disagreements,
    show_proposals_again,
)
from cell_events.jobs.evaluate import DISAGREEMENTS, EVENTS, INDEX, SCORES

if TYPE_CHECKING:
    import napari.viewer


class Evaluate(JobDock):
    """Reads the form, asks the workbench, shows what came of it.

    Parameters
    ----------
    napari_viewer
        The viewer whose layers are offered; napari passes it by this name.
    runner
        What runs the jobs; a worker process of its own by default.
    """

    form: EvaluateForm

    def __init__(
        self, napari_viewer: napari.viewer.Viewer, runner: JobRunner | None = None
    ) -> None:
        super().__init__(napari_viewer, runner)
        self.form = EvaluateForm(napari_viewer)
        self.choice = MovieChoice(self.bench, self.form.movie, self.form.axes)
        self.jobs = EvaluateActions(self.bench, self.choice.look_again, self._asked, self)
        self.copier = CommandCopier(self.bench)
        self.runs = RunDisplay(self.bench, self.form, self.form.job_buttons)
        self.outcomes: list[Event] = []
        self.fill(self.form)
        self._connect()
        self.choice.begin()
        self.show_all()

    @says_errors
    def show_all(self) -> None:
        """Show the last evaluation of the movie looked at."""
        self.form.project.show_project(self.bench.project)
        folder = self.jobs.folder
        values = _values(folder) if folder is not None else {}
        self.form.results.setVisible(bool(values))
        self.outcomes = read_events(folder / EVENTS) if folder is not None and values else []
        if values:
            self._show_values(values)
        self._offer_way_back()

    @says_errors
    def send(self) -> None:
        """Let the inbox ask about the disagreements."""
        events = read_events(self._folder / DISAGREEMENTS)
        if not events:
            raise LayerError("There are no disagreements to look at.")
        waiting = show_disagreements(self.bench, events)
        self._offer_way_back()
        open_review(self.viewer)
        decided = len(events) - waiting
        rest = f"; {decided} lie where you have decided, and that stays" if decided else ""
        self.say(f"{waiting} of {len(events)} disagreements wait in the inbox{rest}.")

    @says_errors
    def go_back(self) -> None:
        """Show the proposals again."""
        show_proposals_again(self.bench)
        self._offer_way_back()
        self.say(f"{len(self.bench.proposals)} proposals are shown again.")

    @says_errors
    def open_page(self) -> None:
        """Show the report in the browser."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder / INDEX)))

    def list_errors(self) -> None:
        """List what was missed or invented."""
        self.form.errors.show_events([event for event in self.outcomes if is_error(event)])

    def list_cell(self, true_kind: str, found_kind: str) -> None:
        """List the events behind a number of the confusion matrix."""
        cell = true_kind, found_kind
        self.form.errors.show_events([event for event in self.outcomes if cell_of(event) == cell])
        self.form.tabs.setCurrentWidget(self.form.error_page)

    def go_to(self, event: Event) -> None:
        """Show an event's place and time."""
        if self.bench.looked_at is not None:
            self.bench.follower.navigator.go_to(event, self.bench.looked_at.placement)

    def go_to_frame(self, frame: int) -> None:
        """Show a frame of the movie."""
        if self.bench.looked_at is not None:
            self.bench.follower.navigator.show_frame(frame, self.bench.looked_at.placement)

    def shut_down(self) -> None:
        """Stop to follow the viewer; the last dock ends the worker. Safe to repeat."""
        if not self._has_ended:
            self.form.release()
        super().shut_down()

    @property
    def _folder(self) -> Path:
        if self.jobs.folder is None:
            raise LayerError("Nothing was evaluated yet; press 'Evaluate'.")
        return self.jobs.folder

    def _connect(self) -> None:
        form = self.form
        for button, slot in (
            (form.open_project, self.open_project),
            (form.evaluate, self.jobs.evaluate),
            (form.send, self.send),
            (form.back, self.go_back),
            (form.page, self.open_page),
            (form.copy_command, self.copy_command),
            (form.all_errors, self.list_errors),
            (form.run_bar.stop_button, self.stop),
        ):
            button.clicked.connect(slot)
        self.copier.offer(form.evaluate, self.jobs.steps)
        form.confusion.cell_chosen.connect(self.list_cell)
        form.errors.event_chosen.connect(self.go_to)
        form.over_time.frame_clicked.connect(self.go_to_frame)
        self.jobs.evaluated.connect(self._show_new)
        self.choice.shown.connect(self._take_error_back)
        self.bench.looked_at_changed.connect(self.show_all)

    def _asked(self) -> EvaluateAsked:
        form = self.form
        return EvaluateAsked(
            form.found.choice,
            form.truth.choice,
            form.against.choice,
            form.radius.value(),
            form.frames.value(),
            form.least_score,
            form.everywhere.isChecked(),
        )

    def _take_error_back(self) -> None:
        """Forget an error that was about another movie, or about none."""
        if self.form.run_bar.shows_error and self.bench.looked_at is not None:
            self.say(BEGIN)

    def _show_new(self) -> None:
        self.show_all()
        self.form.reveal_results()

    def _show_values(self, values: Mapping[str, Any]) -> None:
        form = self.form
        form.counts.setText(told_counts(values))
        form.figures.setText(told_figures(values))
        form.caution.setText(told_caution(values))
        form.curve.show_values(values)
        form.confusion.show_counts(values["confusion"])
        form.over_time.show_counts(values["over_time"])
        self.list_errors()

    def _offer_way_back(self) -> None:
        self.form.back.setVisible(are_shown(self.bench))


def _values(folder: Path) -> Mapping[str, Any]:
    """What scores.json says; nothing if it is not there, or damaged."""
    try:
        values = json.loads((folder / SCORES).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
