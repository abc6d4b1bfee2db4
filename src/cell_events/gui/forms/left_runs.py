"""A line about a run that was interrupted: resume it, or forget it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qtpy.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from cell_events.gui.forms.form_rows import button
from cell_events.gui.running.unfinished_runs import told_run, unfinished_runs
from cell_events.jobs.run_file import Run, clear_run


class LeftRuns(QWidget):
    """Hidden unless a run was left; shows the oldest of them.

    Parameters
    ----------
    resume
        Called with the run that shall go on.
    knows
        Whether somebody can take up what a run makes; others are not shown.
    """

    def __init__(
        self,
        resume: Callable[[Run], None],
        knows: Callable[[Run], bool] = lambda _: True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._knows = knows
        self._folder: Path | None = None
        self._run: Run | None = None
        self._resume_run = resume
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.resume = button("Resume", "Go on where it was interrupted, with the same settings.")
        self.forget = button("Forget", "Delete what is left of it. Your paint stays.")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.addWidget(self._words, 1)
        row.addWidget(self.resume)
        row.addWidget(self.forget)
        self.resume.clicked.connect(self._on_resume)
        self.forget.clicked.connect(self._on_forget)
        self.hide()

    @property
    def words(self) -> str:
        """What is said of the run."""
        return self._words.text()

    def look_in(self, folder: Path | None) -> None:
        """Show what was left in a project's folder; None shows nothing."""
        self._folder = folder
        runs = unfinished_runs(folder) if folder is not None else []
        runs = [run for run in runs if self._knows(run)]
        self._run = runs[0] if runs else None
        self._words.setText(f"Interrupted: {told_run(self._run)}." if self._run else "")
        self.setVisible(self._run is not None)

    def _on_resume(self) -> None:
        run, self._run = self._run, None
        self.hide()
        if run is not None:
            self._resume_run(run)

    def _on_forget(self) -> None:
        if self._run is not None:
            clear_run(self._run)
        self.look_in(self._folder)
