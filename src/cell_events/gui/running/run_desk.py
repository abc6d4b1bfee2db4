"""Long jobs that are kept until they have ended well, and who takes up what they make."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QObject, Signal

from cell_events.gui.layers.movie_files import movies_of
from cell_events.gui.running.job_runner import Step, Task
from cell_events.gui.running.unfinished_runs import finished_runs, forget_outcome, keep_outcome
from cell_events.jobs.run_file import Run

if TYPE_CHECKING:
    from cell_events.gui.workbench import Workbench

Values = dict[str, Any]
Steps = Generator[Step, None, Any]
TakeUp = Callable[[Any, Values], str]


@dataclass(frozen=True)
class KnownJob:
    """What a dock can take up.

    Attributes
    ----------
    take_up
        Called with the job and the values of its result; returns the sentence to end with.
    owner
        What the entry goes with.
    """

    take_up: TakeUp
    owner: object


class RunDesk(QObject):
    """A table of the jobs that open docks know, by their titles; each dock adds its own.

    A job whose dock was closed meanwhile leaves its result in the project until that dock is open
    again, as a job does that was finished while no viewer was there. Signal `known_changed()`
    tells that docks came or went.
    """

    known_changed = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.bench = bench
        self._known: dict[str, KnownJob] = {}
        self._begun_on: str | None = None
        bench.looked_at_changed.connect(self.show_finished)

    @property
    def titles(self) -> set[str]:
        """Titles of the jobs that open docks know."""
        return set(self._known)

    def knows(self, run: Run) -> bool:
        """Whether an open dock can take up what a run makes."""
        return run.title in self._known

    def add(self, owner: object, title: str, take_up: TakeUp) -> None:
        """Let results of jobs of this title, such as "Train", be taken up by their dock."""
        self._known[title] = KnownJob(take_up, owner)
        self.known_changed.emit()

    def remove(self, owner: object) -> None:
        """Forget what an owner has added."""
        left = {title: job for title, job in self._known.items() if job.owner is not owner}
        if len(left) < len(self._known):  # a dock that closes with the viewer asks again
            self._known = left
            self.known_changed.emit()

    def start(self, title: str, steps: Steps) -> None:
        """Begin a job; its run is kept in the project.

        Raises
        ------
        LayerError
            If something else runs that gives way to nothing.
        """
        project, looked_at = self.bench.project, self.bench.looked_at
        self._begun_on = looked_at.movie_id if looked_at else None

        def take_up(job: Any, values: Values) -> str:
            return self._take_up(title, job, values)

        task = Task(steps, take_up, title, project.path if project else None)
        self.bench.queue.start(title, task)

    def resume(self, run: Run) -> None:
        """Go on with a run that was interrupted."""
        try:
            self.start(run.title, only(run.job))
        except (ValueError, OSError) as error:
            self.bench.say(str(error), is_error=True)

    def movie_of(self, job: Any) -> str | None:
        """Movie of the project that a job reads first; by default the one looked at as it began."""
        project, looked_at, source = self.bench.project, self.bench.looked_at, movies_of(job)[0]
        for movie_id, known in (project.movies if project else {}).items():
            if (known.path, known.channel, known.z) == (source.path, source.channel, source.z):
                return movie_id
        return self._begun_on or (looked_at.movie_id if looked_at else None)

    def show_finished(self) -> None:
        """Take up what was finished while no viewer, or no dock that knows it, was there."""
        project = self.bench.project
        if project is None or project.read_only:
            return
        for outcome in finished_runs(project.path):
            known = self._known.get(outcome.title)
            if known is None:
                continue
            if outcome.error:
                sentence = f"{outcome.title} ended without a result: {outcome.error}"
                self.bench.say(sentence, is_error=True)
            else:
                self.bench.say(known.take_up(outcome.job, dict(outcome.values)))
            forget_outcome(outcome)

    def _take_up(self, title: str, job: Any, values: Values) -> str:
        """Give a result to the dock that knows it, or keep it for that dock."""
        known, project = self._known.get(title), self.bench.project
        if known is not None:
            return known.take_up(job, values)
        if project is not None:
            keep_outcome(project.path, job, title, values)
        return f"'{title}' has ended; open its dock again to see what came of it."


def only(job: Any) -> Steps:
    """Steps of a job that needs none before it can begin."""
    yield from ()
    return job
