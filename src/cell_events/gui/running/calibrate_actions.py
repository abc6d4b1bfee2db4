"""The jobs of the dock 'Calibrate': how they begin, and what becomes of their results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qtpy.QtCore import QObject, Signal

from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.layers.probability_colours import BY_PROBABILITY, POINT_COLOURS
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.calibrate_outcomes import calibrate_outcome
from cell_events.gui.running.calibrate_tasks import CalibrateAsked, CalibrateTasks
from cell_events.gui.running.calibration_found import CalibrationFound, read_found
from cell_events.gui.running.job_actions import JobActions
from cell_events.gui.running.model_headers import header_of
from cell_events.gui.running.outcomes import detect_outcome
from cell_events.gui.running.probabilities import calibrated_model, tell_probabilities
from cell_events.gui.running.run_desk import Steps, Values
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Calibrate, Detect

CALIBRATING, DETECTING = "Calibrate", "Detect with probabilities"
"""Titles of the jobs."""

SEVERAL = (
    "Press 'Detect again': a score of one class of several does not tell its probability by itself."
)


class CalibrateActions(JobActions):
    """Starts jobs, and keeps what they make in the project.

    Signal `calibrated()` tells that there is something new to show of a model.
    """

    calibrated = Signal()

    def __init__(
        self,
        bench: Workbench,
        look: Callable[[], LookedAt],
        ask: Callable[[], CalibrateAsked],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(bench, look, ask, parent)
        self.tasks = CalibrateTasks(bench)
        bench.runs.add(self, CALIBRATING, self._take_up_calibration)
        bench.runs.add(self, DETECTING, self._take_up_events)

    @says_errors
    def calibrate(self) -> None:
        """Find what the scores of the model mean."""
        self.bench.runs.start(CALIBRATING, self.calibrate_steps())

    @says_errors
    def detect_again(self) -> None:
        """Find the events anew, with their probabilities."""
        self.bench.runs.start(DETECTING, self.detect_steps())

    def calibrate_steps(self) -> Steps:
        """What leads to the job behind 'Calibrate'."""
        asked, looked_at = self._ask(), self._look()
        steps = self.tasks.calibrate(looked_at, self._model(asked), asked)
        return self.bench.paint.taken_over(steps, thorough=True)

    def detect_steps(self) -> Steps:
        """What leads to the job behind 'Detect again'."""
        asked, looked_at = self._ask(), self._look()
        return self.tasks.detect(looked_at, self._model(asked))

    def found(self, model: Path | None) -> CalibrationFound | None:
        """The latest report about a model; None if it was never calibrated here."""
        project = self.bench.project
        name = project.value(f"calibration/{model.name}") if project and model else None
        return read_found(project.path / str(name)) if project and name else None

    @property
    def colour_by(self) -> str:
        """What the colours of the points tell; the project remembers it."""
        return self.bench.points.colour_by

    @colour_by.setter
    def colour_by(self, what: str) -> None:
        project = self.bench.project
        if project is not None and not project.read_only and what != self.colour_by:
            project.remember(POINT_COLOURS, what)
        self.bench.points.colour_by = what

    def _model(self, asked: CalibrateAsked) -> Path:
        if asked.model is None:
            raise LayerError(
                "There is no model yet; train one in 'Paint & detect' or 'Mitosis', or press "
                "'Load…'."
            )
        return asked.model

    def _take_up_calibration(self, job: Calibrate, values: Values) -> str:
        """Tell the events their probabilities, and show the report from now on."""
        project = self.bench.project
        if project is None or job.report is None:
            return "The project was closed."
        project.remember(f"calibration/{job.target.name}", self._name_of(job.report))
        model = calibrated_model(job.target.name, header_of(job.target))
        told = tell_probabilities(project, model) if model is not None else 0
        self.bench.show_events()
        if told:
            self.colour_by = BY_PROBABILITY
        self.calibrated.emit()
        said = calibrate_outcome(values, told)
        return said if model is not None else f"{said} {SEVERAL}"

    def _take_up_events(self, job: Detect, values: Values) -> str:
        """Propose the events that were found anew."""
        movie_id, project = self.bench.runs.movie_of(job), self.bench.project
        if movie_id is not None and project is not None:
            project.remember(f"proposals/{movie_id}", self._name_of(job.csv))
            self.colour_by = BY_PROBABILITY
            self.bench.show_events()
            self.calibrated.emit()
        return detect_outcome(job, values)

    def _name_of(self, path: Path) -> str:
        """Path as seen from the project's folder, which may move."""
        project = self.bench.project
        is_inside = project is not None and path.is_relative_to(project.path)
        return path.relative_to(project.path).as_posix() if project and is_inside else str(path)
