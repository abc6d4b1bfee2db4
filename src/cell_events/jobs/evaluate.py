"""Compare found events with true ones: the job `evaluate`."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell_events.events import Event, read_events
from cell_events.jobs.checks import JobError, check_at_least, check_positive, make_folder_of
from cell_events.jobs.reports import Report, Result

if TYPE_CHECKING:
    from cell_events.matching import Matching

ALL_KINDS = "all"


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Match two CSVs of events one to one and count what was found, missed and invented.

    Events that a person rejected are left out of both lists.

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
    """

    found: Path
    truth: Path
    radius_px: float | None = None
    radius_um: float | None = None
    pixel_size_um: float | None = None
    frames: int = 3
    report: Path | None = None

    def __post_init__(self) -> None:
        check_positive("radius", self.radius_px)
        check_positive("radius_um", self.radius_um)
        check_positive("pixel_size_um", self.pixel_size_um)
        check_at_least("frames", self.frames, 0)
        if self.radius_px is not None and self.radius_um is not None:
            raise JobError("Give the radius in pixels or in micrometres, not both.")
        if self.radius_um is not None and self.pixel_size_um is None:
            raise JobError("A radius in micrometres needs the pixel size in um.")
        if self.report is not None and self.report.suffix not in (".csv", ".json"):
            raise JobError(f"The report must end in .csv or .json, got {self.report.name!r}.")


def run_evaluate(job: Evaluate) -> Iterator[Report]:
    """Read, match, write the report; a single result."""
    from cell_events.matching import match_events

    make_folder_of(job.report)
    found, truth = _readable_events(job.found), _readable_events(job.truth)
    matching = match_events(
        found,
        truth,
        radius_px=job.radius_px,
        radius_um=job.radius_um,
        pixel_size_um=job.pixel_size_um,
        frames=job.frames,
    )
    kinds = sorted({event.kind for event in found + truth})
    values: dict[str, Any] = {
        "radius_px": matching.tolerance.radius_px,
        "frames": job.frames,
        ALL_KINDS: scores(matching),
        "kinds": {kind: scores(_of_kind(matching, kind)) for kind in kinds},
    }
    if job.report is not None:
        _write_report(job.report, matching, values)
        values["report"] = str(job.report)
    yield Result(values)


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


def _readable_events(path: Path) -> list[Event]:
    """Events of one movie that nobody rejected."""
    events = [event for event in read_events(path) if event.status != "rejected"]
    movies = {event.extra["movie"] for event in events if "movie" in event.extra}
    if len(movies) > 1:
        raise JobError(
            f"{path} holds events of {len(movies)} movies ({', '.join(sorted(movies))}); "
            "evaluate one movie at a time."
        )
    return events


def _of_kind(matching: Matching, kind: str) -> Matching:
    """Part of a matching that concerns one kind of event."""
    from cell_events.matching import Matching

    found = {i: event for i, event in enumerate(matching.found) if event.kind == kind}
    truth = {j: event for j, event in enumerate(matching.truth) if event.kind == kind}
    rows, columns = list(found), list(truth)
    pairs = tuple((rows.index(i), columns.index(j)) for i, j in matching.pairs if i in found)
    return Matching(tuple(found.values()), tuple(truth.values()), pairs, matching.tolerance)


def _write_report(path: Path, matching: Matching, values: dict[str, Any]) -> None:
    from cell_events.engine.atomic import write_text

    rows = list(_rows(matching))
    if path.suffix == ".json":
        write_text(path, json.dumps({**values, "events": rows}, indent=2) + "\n")
        return
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(_row("", None, None)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, text.getvalue())


def _rows(matching: Matching) -> Iterator[dict[str, Any]]:
    """One row for each match, then each false positive, then each false negative."""
    for i, j in matching.pairs:
        yield _row("match", matching.found[i], matching.truth[j])
    for event in matching.unmatched_found:
        yield _row("false positive", event, None)
    for event in matching.unmatched_truth:
        yield _row("false negative", None, event)


def _row(outcome: str, found: Event | None, truth: Event | None) -> dict[str, Any]:
    row: dict[str, Any] = {"outcome": outcome, "kind": None}
    for name, event in (("found", found), ("true", truth)):
        row["kind"] = event.kind if event else row["kind"]
        row |= {f"{name}_{axis}": getattr(event, axis, None) for axis in ("t", "y", "x")}
    row |= {"time_error_frames": None, "distance_px": None}
    if found and truth:
        row["time_error_frames"] = found.t - truth.t
        row["distance_px"] = math.hypot(found.y - truth.y, found.x - truth.x)
    return row
