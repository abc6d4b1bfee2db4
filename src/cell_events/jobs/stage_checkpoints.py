"""A checkpoint for each training of a job that has several of them."""

from __future__ import annotations

from pathlib import Path


def stage_checkpoint(checkpoint: Path | None, stage: int) -> Path | None:
    """File of one of the trainings, counted from 0; the first has the name that was given."""
    return checkpoint and checkpoint.with_name(f"{checkpoint.name}{stage or ''}")


def remove_checkpoints(checkpoint: Path | None, stages: int) -> None:
    """Remove what a finished job has kept."""
    for stage in range(stages):
        file = stage_checkpoint(checkpoint, stage)
        if file is not None:
            file.unlink(missing_ok=True)
