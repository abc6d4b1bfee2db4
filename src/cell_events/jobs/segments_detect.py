"""What the job `segments detect` is given: tables of series, perhaps a model, and a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_at_least,
    check_choice,
    check_not_empty,
)
from cell_events.jobs.segments_checks import (
    AUTO,
    check_column_names,
    check_scale,
    check_snapshots,
)


@dataclass(frozen=True, slots=True)
class SegmentsDetect:
    """Find abnormal stretches of curves; writes a CSV.

    Tables of any length are read piece by piece.

    Attributes
    ----------
    series
        Tables of curves: CSV with a column of times, or track files.
    model
        Model file that `segments train` or `segments pretrain` has written, or "pretrained" or
        "pretrained mass", which come with the package. None: "pretrained".
    csv
        CSV of stretches to write: series, kind, start, end, probability and score.
    report
        Folder to write: report.json, segments.csv and pages of curves with their stretches in
        colour. An older one is replaced.
    pictures
        Draw the curves into the report.
    channels
        Columns that are read together; none: those the model has learned from, dry_mass_pg, or
        what training would take.
    kinds
        Kinds of stretches to tell; none: all that the model knows.
    names
        Column that names the series; "auto" looks for series, track_id, lineage or id; "none": the
        table is one series.
    time
        Column of times; "auto" looks for t, time or timestamp.
    length
        Points of a snapshot; shorter series are taken whole. None: as the model has learned.
    step
        Points from one snapshot to the next. None: as the model has learned.
    center, spread
        Scale of the values. None: as the model has learned.
    threshold
        Probability from which on a point is abnormal, of all kinds. None: of each kind that which
        was fitted when the model was made, or 0.5.
    least
        Points that a stretch has at least.
    gap
        Points between two stretches of a kind that are bridged.
    shared
        Leave out stretches of a kind that a larger share of the series of a table has at the same
        time: they tell of the medium or the focus, not of a cell. None: tell all.
    truth
        CSV of known stretches; the report then says how good those found are.
    baselines
        Also judge the curves by one-line baselines and at random, for the report; needs `truth`.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Of the random score.
    """

    series: tuple[Path, ...]
    model: Path | None = None
    csv: Path = Path("segments.csv")
    report: Path | None = None
    pictures: bool = True
    channels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    names: str = AUTO
    time: str = AUTO
    length: int | None = None
    step: int | None = None
    center: float | None = None
    spread: float | None = None
    threshold: float | None = None
    least: int = 1
    gap: int = 2
    shared: float | None = None
    truth: Path | None = None
    baselines: bool = False
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("table of series", self.series)
        check_column_names("channel", self.channels)
        check_column_names("kind", self.kinds)
        check_snapshots(self.length, self.step)
        check_scale(self.center, self.spread)
        if self.threshold is not None and not 0 < self.threshold < 1:
            raise JobError(f"threshold must lie between 0 and 1, got {self.threshold}.")
        check_at_least("least", self.least, 1)
        check_at_least("gap", self.gap, 0)
        if self.shared is not None and not 0 < self.shared < 1:
            raise JobError(f"shared must be a share between 0 and 1, got {self.shared}.")
        if self.baselines and self.truth is None:
            raise JobError("baselines are compared with the truth; give a CSV of known stretches.")
        check_choice("device", self.device, DEVICES)
