"""What the job `segments pretrain` is given: which synthetic curves, and settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import DEVICES, check_at_least, check_choice, check_positive

GENERAL, MASS, BOTH = "general", "mass", "both"
CURVES = (GENERAL, MASS, BOTH)


@dataclass(frozen=True, slots=True)
class SegmentsPretrain:
    """Learn from synthetic curves what abnormal stretches look like; needs no labels.

    A model that was made so comes with the package; `segments train` goes on from it.

    Attributes
    ----------
    model
        Model file to write.
    curves
        "general" curves of many shapes, as in the paper; "mass" of growing cells, ours; or "both".
    steps
        Batches to learn from; all curves of all batches are different.
    batch
        Curves in one batch.
    learning_rate
        Highest one of Adam, in the course of the run.
    held_out
        Further curves that the model is judged by.
    checkpoint_every, validate_every
        In steps.
    checkpoint
        File that keeps the state of the run; removed at the end; a run that finds its own goes on
        from it, bit by bit.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    model: Path
    curves: str = GENERAL
    steps: int = 4000
    batch: int = 32
    learning_rate: float = 1e-3
    held_out: int = 512
    checkpoint_every: int = 200
    validate_every: int = 200
    checkpoint: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("curves", self.curves, CURVES)
        for name in ("steps", "batch", "held_out", "checkpoint_every", "validate_every"):
            check_at_least(name, getattr(self, name), 1)
        check_positive("learning_rate", self.learning_rate)
        check_choice("device", self.device, DEVICES)
