"""What the job `segments train` is given: tables of series, labels, and settings."""

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
from cell_events.jobs.segments_checks import (
    AUTO,
    PRETRAINED,
    check_column_names,
    check_scale,
    check_snapshots,
)

SCRATCH = "none"
FIRST_PRETRAINED = next(iter(PRETRAINED))
NETWORKS = (AUTO, "unet", "munet")
TRANSFERS = (AUTO, "none", "rates", "freeze")
SKIP, NORMAL = "skip", "normal"
UNLABELLED = (SKIP, NORMAL)
DEFAULT_TRANSFER = {"unet": "none", "munet": "freeze"}
"""What was best in the benchmarks, where training starts from a model and nothing is said."""


@dataclass(frozen=True, slots=True)
class SegmentsTrain:
    """Learn abnormal stretches of curves from labelled ones.

    `segments detect` uses the model file that is written.

    Attributes
    ----------
    series
        Tables of curves: CSV with a column of times, or track files.
    labels
        CSV of labelled stretches, one for each table or one for all: series, kind, start and end.
        The kind "normal" says that there is nothing in a series.
    model
        Model file to write.
    based_on
        Where training starts: "pretrained" or "pretrained mass", the models that come with the
        package; "none", nothing learned before; or a model file.
    channels
        Columns that are read together; none: all columns of numbers that measure something, but
        of a table of tracks dry_mass_pg or the only one.
    kinds
        Kinds of stretches to learn; none: all in the labels.
    names
        Column that names the series; "auto" looks for series, track_id, lineage or id; "none": the
        table is one series.
    time
        Column of times; "auto" looks for t, time or timestamp.
    unlabelled
        What a series without any label says: "skip" leaves it out, "normal" learns that nothing
        abnormal is in it.
    length
        Points of a snapshot; shorter series are taken whole. Each is brought to 1024 points.
    step
        Points from one snapshot to the next; none: a quarter of the length.
    center, spread
        Scale of the values; none: each snapshot by itself.
    network
        "unet", "munet" with an encoder for each channel, or "auto": the second for several.
    exclusive
        A point is of one kind at most.
    transfer
        How what was learned before is kept: "rates" that rise from the input to the output,
        "freeze" and later unfreeze, "none": everything learns alike, or "auto": "none" for the
        U-Net and "freeze" for the MU-Net.
    augmentations
        Changes that make new curves of the labelled ones.
    steps
        Batches to learn from.
    batch
        Snapshots in one batch.
    learning_rate
        Highest one of Adam, in the course of the run.
    held_out
        Share of the series that the model is only judged by; the threshold of each kind is fitted
        to them, too.
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

    series: tuple[Path, ...]
    labels: tuple[Path, ...]
    model: Path
    based_on: str = FIRST_PRETRAINED
    channels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    names: str = AUTO
    time: str = AUTO
    unlabelled: str = SKIP
    length: int = 1024
    step: int | None = None
    center: float | None = None
    spread: float | None = None
    network: str = AUTO
    exclusive: bool = False
    transfer: str = AUTO
    augmentations: tuple[str, ...] = ()
    steps: int = 1000
    batch: int = 32
    learning_rate: float = 1e-3
    held_out: float = 0.0
    checkpoint_every: int = 200
    validate_every: int = 100
    checkpoint: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("table of series", self.series)
        if len(self.labels) not in (1, len(self.series)):
            raise JobError(
                f"Give one CSV of labels for all {len(self.series)} tables of series or one for "
                f"each, got {len(self.labels)}."
            )
        check_column_names("channel", self.channels)
        check_column_names("kind", self.kinds)
        check_choice("unlabelled", self.unlabelled, UNLABELLED)
        check_choice("network", self.network, NETWORKS)
        check_choice("transfer", self.transfer, TRANSFERS)
        check_snapshots(self.length, self.step)
        check_scale(self.center, self.spread)
        for name in ("steps", "batch", "checkpoint_every", "validate_every"):
            check_at_least(name, getattr(self, name), 1)
        check_positive("learning_rate", self.learning_rate)
        check_fraction("held_out", self.held_out)
        check_choice("device", self.device, DEVICES)
        self._check_transfer()

    def settled_transfer(self, channels: int) -> str:
        """How what was learned before is kept, by a network of so many channels."""
        if self.transfer != AUTO:
            return self.transfer
        several = "munet" if channels > 1 else "unet"
        network = several if self.network == AUTO else self.network
        return "none" if self.based_on == SCRATCH else DEFAULT_TRANSFER[network]

    def _check_transfer(self) -> None:
        if self.based_on == SCRATCH and self.transfer not in (AUTO, "none"):
            raise JobError(
                f"transfer {self.transfer} keeps what was learned before, but training starts from "
                "nothing; name a model to start from, such as pretrained."
            )


def settled_step(length: int, step: int | None) -> int:
    """Points from one snapshot to the next: a quarter of the length where that is left open."""
    return max(1, length // 4) if step is None else step
