"""What the job `anomalies detect` is given: a track table, perhaps a model, and a threshold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cell_events.jobs.anomalies_train import MASS
from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_at_least,
    check_choice,
    check_positive,
)

COMBINED, PAPER, ISOLATION_FOREST = "combined", "paper", "isolation forest"

SCORES = (
    COMBINED,
    PAPER,
    "persistence",
    "linear",
    "exponential",
    ISOLATION_FOREST,
)
REFERENCES = ("same time", "whole recording")
FALSE_FLAGS = "false flags"
RULES = (
    "gaussian",
    "median mad",
    "log gaussian",
    "log median mad",
    "quantile",
    "false alarms",
    FALSE_FLAGS,
)
DEFAULT_RULES: Mapping[str, str] = {
    **dict.fromkeys(SCORES, "gaussian"),
    COMBINED: FALSE_FLAGS,
}
"""Rule of each score where none is given."""

DEFAULT_VALUES: Mapping[str, float] = {
    "gaussian": 1.96,
    "median mad": 3.0,
    "log gaussian": 1.96,
    "log median mad": 3.0,
    "quantile": 0.95,
    "false alarms": 0.01,
    FALSE_FLAGS: 0.03,
}
"""Value of each rule where none is given."""

SHARES = ("quantile", "false alarms", FALSE_FLAGS)
"""Rules whose value is a share of the cells."""


@dataclass(frozen=True, slots=True)
class AnomaliesDetect:
    """Flag the cells whose mass develops unlike that of the others; writes a CSV.

    Attributes
    ----------
    tracks
        Track file with a mass for each row, such as `measure` writes.
    model
        Model file that `anomalies train` has written; the score "paper" needs it.
    csv
        CSV of flags to write, one row for each cell.
    report
        Folder to write: report.json, histogram.png, curves of flagged cells, and with a model
        forecasts.csv. An older one is replaced.
    pictures
        Draw the histogram and the curves into the report.
    score
        "combined" looks at growth beside that of the other cells, knows divisions, and gives
        reasons; "paper" is the error of the forecast; "persistence", "linear", "exponential" and
        "isolation forest" are baselines.
    reference
        For the combined score: "same time" compares growth to that of the other cells at the same
        time, so that what all of them do is normal; "whole recording" to the usual growth of the
        recording, so that a time at which all of them stop is found too.
    outliers
        Measurements that lie far from those around them, at most so many in a row, count as
        missing; 0 keeps all. By default 1 for the combined score, 0 for others.
    rule
        How the threshold follows from the scores: "gaussian" (mean and standard deviation, as in
        the paper), "median mad", "log gaussian", "log median mad", "quantile", "false alarms",
        or "false flags" for the combined score only. None: "false flags" for the combined score,
        "gaussian" for others.
    value
        Standard deviations, or their robust counterpart, above the middle; for "quantile" the share
        of cells below the threshold; for "false alarms" the share of normal cells above it,
        for "false flags" the share of normal cells among those above it. None: 1.96, 3 for the
        robust rules, 0.95, 0.01 and 0.03.
    threshold
        Threshold to use as it is, instead of a rule.
    column
        Column with the mass of the cell.
    pixel_size_um
        Width of a pixel, needed where a file of TrackMate tells places in micrometres and not that.
    baselines
        Also score the cells by all baselines, for the report.
    truth
        CSV with track_id and kind, where it is known which cells are abnormal: an empty kind is
        normal. The report then says how good the scores are.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    tracks: Path
    model: Path | None = None
    csv: Path = Path("flags.csv")
    report: Path | None = None
    pictures: bool = True
    score: str = COMBINED
    reference: str = REFERENCES[0]
    outliers: int | None = None
    rule: str | None = None
    value: float | None = None
    threshold: float | None = None
    column: str = MASS
    pixel_size_um: float | None = None
    baselines: bool = False
    truth: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("score", self.score, SCORES)
        check_choice("reference", self.reference, REFERENCES)
        if self.outliers is not None:
            check_at_least("outliers", self.outliers, 0)
        if self.rule is not None:
            check_choice("rule", self.rule, RULES)
        check_choice("device", self.device, DEVICES)
        if self.score == PAPER and self.model is None:
            raise JobError(
                "The score paper is the error of a forecast; give the model that anomalies train "
                "has written, or take the score combined, which needs none."
            )
        self._check_value()
        check_positive("pixel_size_um", self.pixel_size_um)
        if self.threshold is not None and not math.isfinite(self.threshold):
            raise JobError(f"threshold must be a finite number, got {self.threshold}.")

    def settled(self) -> AnomaliesDetect:
        """Give the job with the rule, the value and the outliers that it leaves open."""
        rule = self.rule or DEFAULT_RULES[self.score]
        value = DEFAULT_VALUES[rule] if self.value is None else self.value
        outliers = int(self.score == COMBINED) if self.outliers is None else self.outliers
        return replace(self, rule=rule, value=value, outliers=outliers)

    def _check_value(self) -> None:
        rule = self.rule or DEFAULT_RULES[self.score]
        if rule == FALSE_FLAGS and self.score != COMBINED:
            raise JobError(
                f"The rule {FALSE_FLAGS} is for the score combined, which counts in standard "
                f"deviations; take another rule for the score {self.score}, such as false alarms."
            )
        if self.value is None:
            return
        if not (math.isfinite(self.value) and self.value > 0):
            raise JobError(f"value must be a positive number, got {self.value}.")
        if rule in SHARES and self.value >= 1:
            raise JobError(
                f"value must be a share less than 1 for the rule {rule}, got {self.value}."
            )
