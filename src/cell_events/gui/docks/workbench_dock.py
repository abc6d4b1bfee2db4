"""What every dock of ours has: the viewer's workbench, and an end."""

from __future__ import annotations

from typing import Any

from qtpy.QtCore import QEvent, QTimer
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import QMainWindow, QSizePolicy, QVBoxLayout, QWidget

from cell_events.gui.forms.main_window import main_window_of
from cell_events.gui.running.job_runner import JobRunner
from cell_events.gui.workbench import workbench_of


class WorkbenchDock(QWidget):
    """A dock on the workbench of its viewer; it ends when napari takes it out or closes."""

    def __init__(self, viewer: Any, runner: JobRunner | None = None) -> None:
        super().__init__()
        self.viewer = viewer
        self.bench = workbench_of(viewer, runner)
        self.bench.attach(self)
        self._follows_window = self._has_ended = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._follow_window)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    @property
    def runner(self) -> JobRunner:
        """What runs the jobs of this viewer."""
        return self.bench.queue.runner

    def fill(self, content: QWidget) -> None:
        """Show this and nothing else."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(content)

    def shut_down(self) -> None:
        """Leave the workbench, which ends with its last dock. Safe to repeat."""
        if not self._has_ended:
            self._has_ended = True
            self._later.stop()
            self.bench.detach(self)

    def event(self, event: QEvent | None) -> bool:
        """Shut down when napari takes the widget out of its dock, or the window is gone."""
        if event is not None and event.type() == QEvent.Type.ParentChange:
            if self.parent() is None:
                self.shut_down()
            else:
                main_window_of(self).destroyed.connect(self.shut_down)
                self._later.start(0)  # napari puts the dock into the window after this
        return super().event(event)

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """See to the window by now at the latest."""
        super().showEvent(event)
        self._follow_window()

    def _follow_window(self) -> None:
        """Let the workbench live in the viewer's window, and ask before that closes."""
        window = main_window_of(self)
        if not self._follows_window and isinstance(window, QMainWindow):
            self._follows_window = True
            self.bench.setParent(window)  # so that it is whole still when the window goes
            self.bench.guard(window)
            window.destroyed.connect(self.shut_down)
