"""What the job `anomalies train` is given: track tables with the mass of cells, and settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_at_least,
    check_choice,
    check_fraction,
    check_not_empty,
    check_positive,
)

AUTO = "auto"
MASS = "dry_mass_pg"
LEAST_PAST = 4
STEPS = 4000


@dataclass(frozen=True, slots=True)
class AnomaliesTrain:
    """Learn to forecast the mass of cells from curves without labels.

    `anomalies detect` uses the model file that is written.

    Attributes
    ----------
    tracks
        Track files with a mass for each row, such as `measure` writes.
    model
        Model file to write.
    past
        Frames that the forecaster sees: 120 in the paper; "auto" takes so many that most curves
        hold a window.
    future
        Frames that it forecasts; None: half of the past, as in the paper.
    column
        Column with the mass of the cell.
    pixel_size_um
        Width of a pixel, needed where a file of TrackMate tells places in micrometres and not that.
    logarithm
        Learn the logarithm of the mass, in which all cells that grow at one rate look alike; not
        in the paper.
    backwards
        Learn to forecast back in time too, which finds anomalies in the first part of a curve; not
        in the paper.
    gap
        Missing frames in a row that are bridged by a straight line where the forecaster looks; they
        are never scored.
    steps
        Batches to learn from.
    batch
        Windows in one batch; 32 in the paper.
    learning_rate
        Of Adam; 0.001 in the paper.
    validation, test
        Share of the cells that is only validated on, and only tested on at the end.
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

    tracks: tuple[Path, ...]
    model: Path
    past: str = "120"
    future: int | None = None
    column: str = MASS
    pixel_size_um: float | None = None
    logarithm: bool = False
    backwards: bool = False
    gap: int = 3
    steps: int = STEPS
    batch: int = 32
    learning_rate: float = 1e-3
    validation: float = 0.15
    test: float = 0.15
    checkpoint_every: int = 500
    validate_every: int = 200
    checkpoint: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("track table", self.tracks)
        if self.past != AUTO and (not self.past.isdecimal() or int(self.past) < LEAST_PAST):
            raise JobError(f"past must be auto or at least {LEAST_PAST} frames, got {self.past!r}.")
        if self.future is not None:
            check_at_least("future", self.future, 1)
        check_at_least("gap", self.gap, 0)
        for name in ("steps", "batch", "checkpoint_every", "validate_every"):
            check_at_least(name, getattr(self, name), 1)
        check_positive("learning_rate", self.learning_rate)
        check_positive("pixel_size_um", self.pixel_size_um)
        for name in ("validation", "test"):
            check_fraction(name, getattr(self, name))
        if self.validation + self.test >= 1:
            raise JobError("validation and test together must be less than 1, to learn from some.")
        check_choice("device", self.device, DEVICES)
