"""What the dock 'Dry mass' shows of the project: its name, the settings, the forecaster."""

from __future__ import annotations

from dataclasses import replace

from qtpy.QtCore import QObject

from cell_events.gui.forms.dry_mass_form import DryMassForm
from cell_events.gui.forms.flag_inputs import FlagValues
from cell_events.gui.forms.mass_values import UNITS, MassValues
from cell_events.gui.running.dry_mass_state import FLAGGING, INPUTS, DryMassState
from cell_events.project import Project


class DryMassInProject(QObject):
    """Keeps in the project what the form says, and shows it again."""

    def __init__(self, state: DryMassState, form: DryMassForm) -> None:
        super().__init__(form)
        self.state, self.bench, self.form = state, state.bench, form
        self._project: Project | None = None
        self._shown: object = None
        form.inputs.changed.connect(self._keep_inputs)
        form.model.changed.connect(self._keep_model)
        form.movie.layer_changed.connect(self._take_unit_of_layer)
        self.bench.desk.changed.connect(self._say_state)
        self._take_unit_of_layer()

    def show(self) -> None:
        """Show the open project, and what it holds of the movie looked at."""
        project = self.bench.project
        if project is None:
            self.form.show_project("", "")
        else:
            state = "read-only" if project.read_only else "saved"
            tip = project.locked_by or str(project.path)
            self.form.show_project(f"{project.name} ({state})", tip)
        self._show_model()
        self._show_values()

    def _show_values(self) -> None:
        """Show the settings of a movie when one turns to it; later the form knows better."""
        project, movie_id = self.bench.project, self.state.movie_id
        turned_to = (project, movie_id) if project is not None and movie_id else None
        if turned_to is None or turned_to == self._shown:
            return
        self._shown = turned_to
        inputs, flagging = self.state.value(INPUTS), self.state.value(FLAGGING)
        if inputs:
            self.form.inputs.values = MassValues.from_json(inputs)
            self.form.show_needed()
        if flagging:
            self.form.flagging.values = FlagValues(**flagging)

    def _take_unit_of_layer(self) -> None:
        """Take what the layer itself says of its grey values, unless somebody has said it."""
        layer, values = self.form.movie.layer, self.form.inputs.values
        told = layer.metadata if layer is not None else {}
        if values.unit:
            return
        if told.get("pg_per_grey"):
            self.form.inputs.values = replace(
                values, unit="pg", pg_per_grey=float(told["pg_per_grey"])
            )
        elif told.get("unit") in UNITS:
            wavelength_um = float(told.get("wavelength_um") or values.wavelength_um)
            self.form.inputs.values = replace(
                values, unit=told["unit"], wavelength_um=wavelength_um
            )

    def _keep_inputs(self) -> None:
        self.state.keep(INPUTS, self.form.inputs.values.as_json())

    def _show_model(self) -> None:
        """Show the forecaster of the project; a loaded one becomes that of a new project."""
        was, self._project = self._project, self.bench.project
        if self.state.model is not None or (was is not None and was is not self._project):
            if self.form.model.path != self.state.model:
                self.form.model.path = self.state.model
        else:
            self._keep_model()

    def _keep_model(self) -> None:
        """Keep in the project which forecaster is in use, or that there is none any more."""
        if self.bench.project is self._project and self.form.model.path != self.state.model:
            self.state.model = self.form.model.path

    def _say_state(self) -> None:
        """Say what is wrong with a project that was opened: damaged, or open elsewhere."""
        project = self.bench.project
        for sentence in (*project.warnings, project.locked_by) if project else ():
            if sentence:
                self.bench.say(sentence, is_error=True)
