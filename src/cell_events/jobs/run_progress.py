"""How far a run is, by the checkpoint from which it would go on."""

from __future__ import annotations

from dataclasses import dataclass

from cell_events.engine.header import checkpoint_step
from cell_events.jobs.registry import Job
from cell_events.jobs.run_file import Run, checkpoints


@dataclass(frozen=True, slots=True)
class RunProgress:
    """Steps that are kept; `trial` counts the rounds of a training from 1."""

    step: int
    steps: int | None
    trial: int = 1

    def __str__(self) -> str:
        """Say it: "step 1200 of 4000 in round 2"."""
        of_steps = "" if self.steps is None else f" of {self.steps}"
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
    return RunProgress(checkpoint_step(found[-1]), steps_of(run.job), len(found))


def steps_of(job: Job) -> int | None:
    """Steps of one round of a training; None for other jobs."""
    numbers = [getattr(job, name, None) for name in ("epochs", "pairs_per_epoch", "batch")]
    if not all(isinstance(number, int) for number in numbers):
        return None
    epochs, pairs, batch = (int(number or 0) for number in numbers)
    return epochs * -(-pairs // batch)
