"""What every dock of ours has: the viewer's workbench, and an end."""

from __future__ import annotations

from typing import Any

from qtpy.QtCore import QEvent
from qtpy.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

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
        self._follows_window = False
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
        self.bench.detach(self)

    def event(self, event: QEvent | None) -> bool:
        """Shut down when napari takes the widget out of its dock, or the window is gone."""
        if event is not None and event.type() == QEvent.Type.ParentChange:
            if self.parent() is None:
                self.shut_down()
            elif not self._follows_window:
                self._follows_window = True
                window = main_window_of(self)
                self.bench.setParent(window)  # so that it is whole still when the window goes
                self.bench.guard(window)
                window.destroyed.connect(self.shut_down)
        return super().event(event)
