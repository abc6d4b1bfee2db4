"""The three jobs of the dock 'Dry mass': how they begin, and what becomes of their results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from napari.layers import Labels
from qtpy.QtCore import QObject, Signal

from cell_events.gui.forms.flag_inputs import FlagValues
from cell_events.gui.forms.mass_expert import MassExpertValues
from cell_events.gui.forms.mass_values import MassValues
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.dry_mass_outcomes import flag_outcome, measure_outcome, train_outcome
from cell_events.gui.running.dry_mass_state import (
    CELLS,
    COLUMN,
    FLAGGING,
    FLAGS,
    INPUTS,
    LABELS,
    REPORT,
    REVIEW,
    STRETCHES,
    THRESHOLD,
    TRACKS,
    DryMassState,
)
from cell_events.gui.running.dry_mass_tasks import DryMassTasks
from cell_events.gui.running.job_actions import JobActions
from cell_events.gui.running.run_desk import Steps, Values, only
from cell_events.jobs import AnomaliesDetect, AnomaliesTrain, Measure
from cell_events.jobs.anomalies_train import MASS

MEASURING, LEARNING, FLAGGING_CELLS = "Measure dry mass", "Learn to forecast", "Flag cells"
"""Titles of the jobs."""


@dataclass(frozen=True)
class DryMassAsked:
    """What the form says.

    Attributes
    ----------
    labels
        Layer of the cells, if they come from one.
    model
        Forecaster in use.
    """

    values: MassValues
    labels: Labels | None
    flagging: FlagValues
    expert: MassExpertValues
    model: Path | None


class DryMassActions(JobActions):
    """Starts jobs, and keeps what they make in the project.

    Signals tell that there is something new to show: `measured()`, `learned()`, `flagged()`.
    """

    measured, learned, flagged = Signal(), Signal(), Signal()

    def __init__(
        self,
        state: DryMassState,
        look: Callable[[], LookedAt],
        ask: Callable[[], DryMassAsked],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(state.bench, look, ask, parent)
        self.state, self.tasks = state, DryMassTasks(state)
        runs = self.bench.runs
        runs.add(self, MEASURING, self._take_up_tracks)
        runs.add(self, LEARNING, self._take_up_model)
        runs.add(self, FLAGGING_CELLS, self._take_up_flags)

    @says_errors
    def measure(self) -> None:
        """Measure the movie looked at."""
        self.bench.runs.start(MEASURING, self.measure_steps())

    @says_errors
    def train(self) -> None:
        """Learn to forecast the curves in use."""
        self.bench.runs.start(LEARNING, self.train_steps())

    @says_errors
    def flag(self) -> None:
        """Flag cells of the tracks in use."""
        self.bench.runs.start(FLAGGING_CELLS, self.flag_steps())

    def measure_steps(self) -> Steps:
        """What leads to the job behind 'Measure'."""
        asked = self._ask()
        looked_at = self._look()
        self.state.keep(INPUTS, asked.values.as_json())
        return self.tasks.measure(looked_at, asked.labels, asked.values, asked.expert)

    def train_steps(self) -> Steps:
        """What leads to the job behind 'Train'."""
        return only(self.tasks.train(self._ask().expert))

    def flag_steps(self) -> Steps:
        """What leads to the job behind 'Flag cells'."""
        asked = self._ask()
        self.state.keep(FLAGGING, asdict(asked.flagging))
        return only(self.tasks.flag(asked.model, asked.flagging, asked.expert))

    def take_tracks(self, tracks: Path, column: str) -> None:
        """Use tracks that were measured elsewhere; the flags of others are put away."""
        self._keep_tracks(tracks, column, None, None)

    def _take_up_tracks(self, job: Measure, values: Values) -> str:
        """Look at these cells from now on."""
        movie_id = self.bench.runs.movie_of(job)
        if job.labels is not None:
            self.state.keep(LABELS, self.state.name_of(job.labels), movie_id)
        self._keep_tracks(job.out, MASS, job.labels_out, movie_id)
        return measure_outcome(job, values)

    def _take_up_model(self, job: AnomaliesTrain, values: Values) -> str:
        """Forecast with this model from now on."""
        self.state.model = job.model
        self.learned.emit()
        return train_outcome(job, values)

    def _take_up_flags(self, job: AnomaliesDetect, values: Values) -> str:
        """Show these flags; a threshold that was set by hand belongs to the ones before."""
        state, movie_id = self.state, self.state.movie_with(job.tracks)
        state.keep(FLAGS, state.name_of(job.csv), movie_id)
        state.keep(REPORT, state.name_of(job.report) if job.report else None, movie_id)
        state.keep(THRESHOLD, None, movie_id)
        self.flagged.emit()
        return flag_outcome(job, values)

    def _keep_tracks(
        self, tracks: Path, column: str, cells: Path | None, movie_id: str | None
    ) -> None:
        state = self.state
        for name in (FLAGS, REPORT, THRESHOLD, REVIEW, STRETCHES):
            state.keep(name, None, movie_id)
        state.keep(TRACKS, state.name_of(tracks), movie_id)
        state.keep(COLUMN, column, movie_id)
        state.keep(CELLS, state.name_of(cells) if cells else None, movie_id)
        self.measured.emit()
