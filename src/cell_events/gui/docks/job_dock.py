"""What every dock has that runs jobs: a project to open, a status line, stop, copy as command."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from qtpy.QtWidgets import QFileDialog

from cell_events.gui.docks.movie_choice import MovieChoice
from cell_events.gui.docks.opened_docks import open_review, open_table
from cell_events.gui.docks.run_display import RunDisplay
from cell_events.gui.docks.workbench_dock import WorkbenchDock
from cell_events.gui.files.results_folder import FOLDER_SUFFIX
from cell_events.gui.forms.run_bar import RunBar
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.running.copied_command import CommandCopier


class HasRunBar(Protocol):
    """A form with a status line."""

    @property
    def run_bar(self) -> RunBar:
        """Progress, buttons and the status line of what runs."""
        ...


class JobDock(WorkbenchDock):
    """A dock that makes these four while it is built, and adds steps of its own."""

    form: HasRunBar
    choice: MovieChoice
    copier: CommandCopier
    runs: RunDisplay

    @says_errors
    def open_project(self) -> None:
        """Ask for the folder of a project, and open it."""
        name = QFileDialog.getExistingDirectory(self, f"Open a project (*{FOLDER_SUFFIX})")
        if name:
            self.choice.open_project(Path(name))

    @says_errors
    def copy_command(self) -> None:
        """Put the command line of the last run on the clipboard."""
        if self.runs.last_job is None:
            raise LayerError("Nothing was run yet; the command of the last run is what is copied.")
        self.copier.copy_job(self.runs.last_job)

    def show_inbox(self) -> None:
        """Open the inbox beside this dock."""
        open_review(self.viewer)

    def show_table(self) -> None:
        """Open the table of events below the canvas."""
        open_table(self.viewer, self)

    def stop(self) -> None:
        """Stop what runs."""
        self.say("Stopping…")
        self.bench.queue.stop()

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.form.run_bar.say(sentence, is_error)
