"""How far a run is, by the checkpoint from which it would go on."""

from __future__ import annotations

from dataclasses import dataclass

from cell_events.engine.header import checkpoint_step
from cell_events.jobs.anomalies_train import AnomaliesTrain
from cell_events.jobs.mitosis_map import MAP_STEPS, MitosisMap
from cell_events.jobs.mitosis_plan import LENGTH_STEPS, MitosisPlan
from cell_events.jobs.mitosis_train import MitosisTrain
from cell_events.jobs.mitosis_training import makes_plan
from cell_events.jobs.registry import Job
from cell_events.jobs.run_file import Run, checkpoints

MAPS, LENGTHS, DIVISIONS = "cell maps", "event lengths", "divisions"
FORECASTS = "forecasts"


@dataclass(frozen=True, slots=True)
class RunProgress:
    """Steps that are kept; `trial` counts the rounds of a training from 1, `part` names one."""

    step: int
    steps: int | None
    trial: int = 1
    part: str = ""

    def __str__(self) -> str:
        """Say it: "step 1200 of 4000 in round 2", or "step 120 of 300, event lengths"."""
        of_steps = "" if self.steps is None else f" of {self.steps}"
        if self.part:
            return f"step {self.step}{of_steps}, {self.part}"
        return f"step {self.step}{of_steps}{f' in round {self.trial}' if self.trial > 1 else ''}"


def progress_of(run: Run) -> RunProgress | None:
    """Read the latest checkpoint of a run; None if it has none yet.

    Raises
    ------
    ModelFileError
        If the checkpoint is damaged.
    """
    found = checkpoints(run)
    if not found:
        return None
    step, parts = checkpoint_step(found[-1]), trainings_of(run.job)
    if parts:
        part, steps = parts[min(len(found), len(parts)) - 1]
        return RunProgress(step, steps, part=part)
    return RunProgress(step, steps_of(run.job), len(found))


def trainings_of(job: Job) -> tuple[tuple[str, int | None], ...]:
    """Name and steps of each training whose parts have names, in order; nothing for other jobs."""
    if isinstance(job, AnomaliesTrain):
        return ((FORECASTS, job.steps),)
    if isinstance(job, MitosisMap):
        return ((MAPS, job.steps),)
    if isinstance(job, MitosisPlan):
        maps = () if job.map else ((MAPS, job.map_steps),)
        return (*maps, (LENGTHS, job.steps))
    if isinstance(job, MitosisTrain):
        plan = ((MAPS, MAP_STEPS), (LENGTHS, LENGTH_STEPS)) if makes_plan(job) else ()
        return (*plan, (DIVISIONS, job.settled().steps))
    return ()


def steps_of(job: Job) -> int | None:
    """Steps of one round of a training; None for other jobs."""
    numbers = [getattr(job, name, None) for name in ("epochs", "pairs_per_epoch", "batch")]
    if not all(isinstance(number, int) for number in numbers):
        return None
    epochs, pairs, batch = (int(number or 0) for number in numbers)
    return epochs * -(-pairs // batch)
