"""Compare found events with true ones: the job `evaluate`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.checks import JobError, check_at_least, check_choice, check_positive
from cell_events.jobs.reports import Report

if TYPE_CHECKING:
    from cell_events.matching import Matching

AUTO, HELD_OUT, EVERYWHERE = "auto", "held-out", "everywhere"
WHERE = AUTO, HELD_OUT, EVERYWHERE
LEAST_REPEATS = 20

INDEX, SCORES, EVENTS, DISAGREEMENTS = (
    "index.html",
    "scores.json",
    "events.csv",
    "disagreements.csv",
)
"""Files of the folder with the page."""


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Match two CSVs of events one to one and count what was found, missed and invented.

    Events that a person rejected are left out of all lists.

    Attributes
    ----------
    found
        CSV of events as `detect` writes it.
    truth
        CSV of true events; the columns t, y and x are enough.
    radius_px
        Largest distance in pixels; 10 by default.
    radius_um
        The same in micrometres, which needs the pixel size.
    pixel_size_um
        Width of a pixel in micrometres.
    frames
        Largest difference in time, in frames.
    report
        Table of every match, miss and false alarm (.csv), or that and the scores (.json).
    against
        CSV of events of another model, to compare with on the same truth.
    page
        Folder for a page with pictures, the scores, every error and every disagreement.
    threshold, against_threshold
        Least score that counts; all events by default. That of the events to compare with is the
        same unless given.
    by
        What ranks the events: score, probability, or auto for the probability if every event with
        a score has one.
    model, against_model
        Model file that the events are from: only places count that it has not learned from.
    of_movie
        Name or file of the movie of these events, if the model has learned from several.
    where
        auto (held-out places if the model names some), held-out, or everywhere.
    blocks_px, blocks_frames
        Sides of the blocks of space and time that the intervals are made from.
    repeats
        How often blocks are drawn for the intervals, at least 20 times; 0 for none.
    frame_interval_s
        Seconds between frames, for errors in minutes.
    seed
        Of the drawing of blocks.
    """

    found: Path
    truth: Path
    radius_px: float | None = None
    radius_um: float | None = None
    pixel_size_um: float | None = None
    frames: int = 3
    report: Path | None = None
    against: Path | None = None
    page: Path | None = None
    threshold: float | None = None
    against_threshold: float | None = None
    by: str = AUTO
    model: Path | None = None
    against_model: Path | None = None
    of_movie: str = ""
    where: str = AUTO
    blocks_px: int = 96
    blocks_frames: int = 12
    repeats: int = 1000
    frame_interval_s: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        self._check_numbers()
        check_choice("by", self.by, (AUTO, "score", "probability"))
        check_choice("where", self.where, WHERE)
        if self.radius_px is not None and self.radius_um is not None:
            raise JobError("Give the radius in pixels or in micrometres, not both.")
        if self.radius_um is not None and self.pixel_size_um is None:
            raise JobError("A radius in micrometres needs the pixel size in um.")
        if self.report is not None and self.report.suffix not in (".csv", ".json"):
            raise JobError(f"The report must end in .csv or .json, got {self.report.name!r}.")
        if self.against is None and (self.against_model or self.against_threshold is not None):
            raise JobError("Settings of events to compare with need those events; give --against.")

    def _check_numbers(self) -> None:
        for name in ("radius_px", "radius_um", "pixel_size_um", "frame_interval_s"):
            check_positive(name.removesuffix("_px"), getattr(self, name))
        for name, least in (("frames", 0), ("blocks_px", 1), ("blocks_frames", 1), ("repeats", 0)):
            check_at_least(name, getattr(self, name), least)
        if 0 < self.repeats < LEAST_REPEATS:
            raise JobError(
                f"repeats must be 0, for no intervals, or at least {LEAST_REPEATS}; got "
                f"{self.repeats}."
            )
        for name in ("threshold", "against_threshold"):
            score = getattr(self, name)
            if score is not None and not math.isfinite(score):
                raise JobError(f"{name} must be a finite number, got {score}.")


def run_evaluate(job: Evaluate) -> Iterator[Report]:
    """Read, match, measure, write; figures with their intervals as the result."""
    from cell_events.jobs.evaluate_run import evaluation_reports

    yield from evaluation_reports(job)


def scores(matching: Matching) -> dict[str, float | None]:
    """Counts, precision, recall, F1 and mean errors; the errors are None without a match."""
    late, distances = matching.time_errors, matching.distances
    return {
        "true_positives": matching.true_positives,
        "false_positives": matching.false_positives,
        "false_negatives": matching.false_negatives,
        "precision": matching.precision,
        "recall": matching.recall,
        "f1": matching.f1,
        "mean_time_error_frames": float(late.mean()) if late.size else None,
        "mean_absolute_time_error_frames": float(abs(late).mean()) if late.size else None,
        "mean_distance_px": float(distances.mean()) if distances.size else None,
    }
