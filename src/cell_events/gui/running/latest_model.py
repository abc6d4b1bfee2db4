"""The model that was trained last in a project, as long as nobody takes another one."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import QObject

from cell_events.gui.forms.model_picker import ModelPicker
from cell_events.gui.running.mitosis_state import MODEL as MITOSIS_MODEL
from cell_events.gui.workbench import Workbench
from cell_events.project import Project

EVENT_MODEL = "model"
"""Under which names the project keeps the models in use; this one is of painted events."""


class LatestModel(QObject):
    """Lets a picker follow the project; what somebody loaded stays until the project changes."""

    def __init__(self, bench: Workbench, picker: ModelPicker) -> None:
        super().__init__(picker)
        self.bench, self._picker = bench, picker
        self._project: Project | None = None
        self._proposed: Path | None = None
        bench.looked_at_changed.connect(self.follow)
        bench.desk.changed.connect(self.follow)
        bench.queue.ended.connect(self.follow)
        self.follow()

    def follow(self, *_: object) -> None:
        """Show the latest model, unless somebody chose otherwise in this project."""
        project = self.bench.project
        is_proposed = self._picker.path == self._proposed
        if not is_proposed and (project is self._project or self._project is None):
            self._project = project
            return
        self._project = project
        self._proposed = latest_model(project)
        if self._picker.path != self._proposed:
            self._picker.path = self._proposed


def latest_model(project: Project | None) -> Path | None:
    """The newest of the models that a project uses to find events; None without one."""
    if project is None:
        return None
    names = (project.value(key) for key in (EVENT_MODEL, MITOSIS_MODEL))
    paths = [project.path / str(name) for name in names if name]
    there = [path for path in paths if path.exists()]
    return max(there, key=lambda path: path.stat().st_mtime_ns, default=None)
