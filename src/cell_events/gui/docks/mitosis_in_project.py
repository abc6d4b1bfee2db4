"""What the dock 'Mitosis' shows of the project as a whole: its name, its state, its detector."""

from __future__ import annotations

from qtpy.QtCore import QObject

from cell_events.gui.forms.mitosis_form import MitosisForm
from cell_events.gui.running.mitosis_state import MitosisState
from cell_events.project import Project


class MitosisInProject(QObject):
    """Keeps in the project which detector is in use, and shows it again."""

    def __init__(self, state: MitosisState, form: MitosisForm) -> None:
        super().__init__(form)
        self.state, self.bench, self.form = state, state.bench, form
        self._project: Project | None = None
        form.model.changed.connect(self._keep_model)
        self.bench.desk.changed.connect(self._say_state)

    def show(self) -> None:
        """Show the open project, and the detector that it holds."""
        project = self.bench.project
        if project is None:
            self.form.show_project("", "")
        else:
            state = "read-only" if project.read_only else "saved"
            tip = project.locked_by or str(project.path)
            self.form.show_project(f"{project.name} ({state})", tip)
        self._show_model()

    def _show_model(self) -> None:
        """Show the detector of the project; one that was loaded becomes that of a new project."""
        was, self._project = self._project, self.bench.project
        if self.state.model is not None or (was is not None and was is not self._project):
            self.form.model.path = self.state.model
        else:
            self._keep_model()

    def _keep_model(self) -> None:
        """Keep in the project which detector is in use, also one that was loaded."""
        path = self.form.model.path
        if path is not None and path != self.state.model:
            self.state.model = path

    def _say_state(self) -> None:
        """Say what is wrong with a project that was opened: damaged, or open elsewhere."""
        project = self.bench.project
        for sentence in (*project.warnings, project.locked_by) if project else ():
            if sentence:
                self.bench.say(sentence, is_error=True)
