"""The name of the open project, and how it is with it."""

from __future__ import annotations

from qtpy.QtWidgets import QSizePolicy
from superqt import QElidingLabel

from cell_events.project import Project

NO_PROJECT = "none yet"


class ProjectLabel(QElidingLabel):
    """Shows as much of the name as there is room for; its tip tells the whole path."""

    def __init__(self) -> None:
        super().__init__(NO_PROJECT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_project(self, project: Project | None) -> None:
        """Say which project is open."""
        if project is None:
            self.setText(NO_PROJECT)
            self.setToolTip("")
            return
        self.setText(f"{project.name} ({'read-only' if project.read_only else 'saved'})")
        self.setToolTip(project.locked_by or str(project.path))
