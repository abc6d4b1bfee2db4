"""The four jobs of the dock 'Mitosis': how they begin, and what becomes of their results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qtpy.QtCore import QObject, Signal

from cell_events.gui.forms.mitosis_expert import MitosisValues
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.job_actions import JobActions
from cell_events.gui.running.mitosis_outcomes import (
    found_outcome,
    map_outcome,
    plan_outcome,
    train_outcome,
)
from cell_events.gui.running.mitosis_state import (
    CHOICE,
    FOUND,
    FRAMES,
    LENGTH,
    MAP,
    PLAN,
    MitosisState,
)
from cell_events.gui.running.mitosis_tasks import MitosisTasks
from cell_events.gui.running.run_desk import Steps, Values
from cell_events.jobs import Detect, MitosisMap, MitosisPlan, MitosisTrain
from cell_events.jobs.plan_folder import MAP_FOLDER

MAPPING, PLANNING, LEARNING, DETECTING = (
    "Map the cells",
    "Estimate the lengths",
    "Learn divisions",
    "Detect divisions",
)
"""Titles of the jobs."""


@dataclass(frozen=True)
class MitosisAsked:
    """What the form says.

    Attributes
    ----------
    frames
        Annotated frames of the movie looked at, as somebody has written them.
    length
        Frames that the detector reads at once; None for what the plan says.
    model
        Model to detect with.
    """

    values: MitosisValues
    frames: str
    length: int | None
    model: Path | None


class MitosisActions(JobActions):
    """Starts jobs, and keeps what they make in the project.

    Signals tell that there is something new to show of the movie looked at: `mapped()`,
    `planned()`, `learned()`, `detected()`.
    """

    mapped, planned, learned, detected = Signal(), Signal(), Signal(), Signal()

    def __init__(
        self,
        state: MitosisState,
        look: Callable[[], LookedAt],
        ask: Callable[[], MitosisAsked],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(state.bench, look, ask, parent)
        self.state, self.tasks = state, MitosisTasks(state)
        runs = self.bench.runs
        runs.add(self, MAPPING, self._take_up_maps)
        runs.add(self, PLANNING, self._take_up_plan)
        runs.add(self, LEARNING, self._take_up_model)
        runs.add(self, DETECTING, self._take_up_events)

    @says_errors
    def map(self) -> None:
        """Learn cell maps; the earlier ones stay until the new ones are there."""
        self.bench.runs.start(MAPPING, self.map_steps())

    @says_errors
    def plan(self) -> None:
        """Estimate how long divisions last, and which frames to annotate."""
        self.bench.runs.start(PLANNING, self.plan_steps())

    @says_errors
    def train(self) -> None:
        """Learn from the divisions that are marked in the annotated frames."""
        self.bench.runs.start(LEARNING, self.train_steps())

    @says_errors
    def detect(self) -> None:
        """Find the divisions of the movie looked at."""
        self.bench.runs.start(DETECTING, self.detect_steps())

    def map_steps(self) -> Steps:
        """What leads to the job behind 'Map the cells'."""
        asked, looked_at = self._asked_here()
        return self.tasks.map(looked_at, asked.values)

    def plan_steps(self) -> Steps:
        """What leads to the job behind 'Estimate the lengths'."""
        asked, looked_at = self._asked_here()
        return self.tasks.plan(looked_at, asked.values)

    def train_steps(self) -> Steps:
        """What leads to the job behind 'Train'."""
        asked, looked_at = self._asked_here()
        self.state.keep(FRAMES, asked.frames)
        self.state.keep(LENGTH, asked.length)
        return self.tasks.train(looked_at, asked.length, asked.values)

    def detect_steps(self) -> Steps:
        """What leads to the job behind 'Detect divisions'.

        Raises
        ------
        LayerError
            If there is no model.
        """
        asked, looked_at = self._asked_here()
        if asked.model is None:
            raise LayerError("There is no detector yet; press 'Train' or 'Load…'.")
        return self.tasks.detect(looked_at, asked.model, asked.values)

    def _asked_here(self) -> tuple[MitosisAsked, LookedAt]:
        """What the form says, before a project that begins now empties it; and the movie."""
        asked = self._ask()
        return asked, self._look()

    def _take_up_maps(self, job: MitosisMap, values: Values) -> str:
        """Use these maps from now on, with the proposed one."""
        self._keep_maps(job.out, self.bench.runs.movie_of(job))
        return map_outcome(values)

    def _take_up_plan(self, job: MitosisPlan, values: Values) -> str:
        """Use this plan; frames that somebody chose stay."""
        movie_id, state = self.bench.runs.movie_of(job), self.state
        if movie_id is not None:
            before = state.value(FRAMES, movie_id)
            if not before or before == state.planned_frames(movie_id):
                state.keep(FRAMES, values["frames"], movie_id)
        state.keep(LENGTH, None, movie_id)
        state.keep(PLAN, state.name_of(job.report), movie_id)
        if job.map is None:
            self._keep_maps(job.report / MAP_FOLDER, movie_id)
        self.planned.emit()
        return plan_outcome(values)

    def _take_up_model(self, job: MitosisTrain, values: Values) -> str:
        """Detect with this model from now on."""
        self.state.model = job.model
        self.learned.emit()
        return train_outcome(job, values)

    def _take_up_events(self, job: Detect, values: Values) -> str:
        """Propose the divisions that were found."""
        movie_id, project = self.bench.runs.movie_of(job), self.bench.project
        if movie_id is not None and project is not None:
            names = [self.state.name_of(path) for path in (job.csv, job.heatmap) if path]
            self.state.keep(FOUND, names, movie_id)
            project.remember(f"proposals/{movie_id}", names[0])
            self.bench.show_events()
        self.detected.emit()
        return found_outcome(job, values)

    def _keep_maps(self, folder: Path, movie_id: str | None) -> None:
        self.state.keep(MAP, self.state.name_of(folder), movie_id)
        self.state.keep(CHOICE, None, movie_id)
        self.mapped.emit()
