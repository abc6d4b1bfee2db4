"""Right-click a button: the command line that does the same, without running it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from qtpy.QtCore import QObject, Qt
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QApplication, QPushButton

from cell_events.gui.running.command_text import command_text
from cell_events.gui.running.job_runner import Step
from cell_events.gui.running.stepper import Stepper
from cell_events.gui.workbench import Workbench

MakeSteps = Callable[[], Generator[Step, None, Any]]


class CommandCopier(QObject):
    """Puts command lines on the clipboard, and says so."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.bench = bench
        self._stepper = Stepper(self)
        self._stepper.finished.connect(self.copy_job)
        self._stepper.failed.connect(lambda error: bench.say(str(error), is_error=True))

    def offer(self, button: QPushButton, make_steps: MakeSteps) -> None:
        """Give a button a context menu that copies the command line of its job."""
        action = QAction("Copy as command", button)
        action.setToolTip("Copy the command line that does this, without doing it.")
        action.triggered.connect(lambda: self.copy(make_steps))
        button.addAction(action)
        button.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def copy(self, make_steps: MakeSteps) -> None:
        """Bring the files up to date that the job reads, and copy its command line."""
        try:
            self._stepper.start(make_steps())
        except (ValueError, OSError) as error:
            self.bench.say(str(error), is_error=True)

    def copy_job(self, job: Any) -> None:
        """Copy the command line of a job."""
        command, note = command_text(job, self.bench.tasks.sources.files)
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(command)
        self.bench.say(f"Copied: {command}{note}")
