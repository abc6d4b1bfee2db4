"""What takes minutes: learning the time arrow, training, detection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qtpy.QtCore import QObject

from cell_events.gui.forms.expert_settings import ExpertValues
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.forms.thorough_form import ThoroughForm
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.copied_command import CommandCopier
from cell_events.gui.running.outcomes import detect_outcome, pretrain_outcome, train_outcome
from cell_events.gui.running.run_desk import Steps, Values
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Detect, Pretrain, Train
from cell_events.jobs.time_arrow_model import SHIPPED, model_at

LEARN_ARROW, TRAIN, DETECT = "Learn the time arrow", "Train", "Detect"
"""Titles of the jobs."""


class ThoroughActions(QObject):
    """Starts the jobs behind the folded form, and takes up what they make.

    Parameters
    ----------
    expert
        Gives what the expert settings say now.
    look
        Gives the movie looked at, as part of the project, and sees to its paint.
    """

    def __init__(
        self,
        bench: Workbench,
        form: ThoroughForm,
        expert: Callable[[], ExpertValues],
        look: Callable[[bool], LookedAt],
    ) -> None:
        super().__init__(form)
        self.bench, self.form = bench, form
        self._expert, self._look = expert, look
        bench.runs.add(self, LEARN_ARROW, self._take_up_arrow)
        bench.runs.add(self, TRAIN, self._take_up_model)
        bench.runs.add(self, DETECT, self._take_up_events)
        form.learn_arrow.clicked.connect(self.learn_time_arrow)
        form.train.clicked.connect(self.train)
        form.detect.clicked.connect(self.detect)
        copier = CommandCopier(bench)
        copier.offer(form.learn_arrow, self.pretrain_steps)
        copier.offer(form.train, self.train_steps)
        copier.offer(form.detect, self.detect_steps)

    @says_errors
    def learn_time_arrow(self) -> None:
        """Pretrain on the movie; its model is used from then on."""
        self.bench.runs.start(LEARN_ARROW, self.pretrain_steps())

    @says_errors
    def train(self) -> None:
        """Train on all paint and all decisions of the project."""
        self.bench.runs.start(TRAIN, self.train_steps())

    @says_errors
    def detect(self) -> None:
        """Find the events; the earlier ones stay until the new ones are there."""
        self.bench.runs.start(DETECT, self.detect_steps())

    def pretrain_steps(self) -> Steps:
        """What leads to the job behind 'Learn the time arrow'."""
        return self.bench.tasks.pretrain(self._look(False), self._expert())

    def train_steps(self) -> Steps:
        """What leads to the job behind 'Train on the paint'.

        Raises
        ------
        LayerError
            If there is no time-arrow model.
        """
        looked_at, tap = self._look(True), self.form.arrow.path
        if tap is None and model_at(SHIPPED) is None:
            raise LayerError(
                "There is no time-arrow model; press 'Learn the time arrow' or 'Load…'."
            )
        steps = self.bench.tasks.train(looked_at, tap, self._expert())
        return self.bench.paint.taken_over(steps, thorough=True)

    def detect_steps(self) -> Steps:
        """What leads to the job behind 'Detect events'.

        Raises
        ------
        LayerError
            If there is no event model.
        """
        looked_at, model = self._look(False), self.form.model.path
        if model is None:
            raise LayerError("There is no event model yet; press 'Train on the paint' or 'Load…'.")
        return self.bench.tasks.detect(looked_at, model, self._expert())

    def leave(self) -> None:
        """Take up nothing any more."""
        self.bench.runs.remove(self)

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)

    def _take_up_arrow(self, job: Pretrain, values: Values) -> str:
        """Use the time arrow that was learned."""
        self.form.arrow.path = job.model
        self._remember("tap", job.model)
        return pretrain_outcome(job, values)

    def _take_up_model(self, job: Train, values: Values) -> str:
        """Use the event model that was trained."""
        self.form.model.path = job.model
        self._remember("model", job.model)
        return train_outcome(job, values)

    def _take_up_events(self, job: Detect, values: Values) -> str:
        """Propose the events that were found in one movie."""
        movie_id = self.bench.runs.movie_of(job)
        if movie_id is not None:
            self._remember(f"proposals/{movie_id}", job.csv)
            self.bench.show_events()
        return detect_outcome(job, values)

    def _remember(self, key: str, path: Path) -> None:
        project = self.bench.project
        if project is not None and path.is_relative_to(project.path):
            project.remember(key, path.relative_to(project.path).as_posix())
