"""Every hit, miss and false alarm, as rows of a report and as events."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cell_events.events import Event, by_time
from cell_events.jobs.evaluate import Evaluate
from cell_events.matching import Matching
from cell_events.trust.confusion import confusion

HIT, MISSED, FALSE_ALARM, WRONG_KIND = "hit", "missed", "false alarm", "other kind"
SECONDS_PER_MINUTE = 60


def write_report(job: Evaluate, matching: Matching, values: dict[str, Any]) -> None:
    """Write the table, or with the ending .json the table and the scores."""
    from cell_events.engine.atomic import write_text

    if job.report is None:
        return
    rows = list(_rows(job, matching))
    if job.report.suffix == ".json":
        write_text(job.report, json.dumps({**values, "events": rows}, indent=2) + "\n")
        return
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(_row(job, "", None, None)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(job.report, text.getvalue())


def outcome_events(job: Evaluate, matching: Matching) -> list[Event]:
    """Give every event of both lists once, with what became of it in further columns.

    A hit stands where it was found, a miss where it is true. An event that was found under another
    kind stands there twice: as missed, and as a false alarm that says what it is.
    """
    renamed = confusion(matching).renamed
    called = {j: matching.found[i].kind for i, j in renamed}
    truly = {i: matching.truth[j].kind for i, j in renamed}
    partner = dict(matching.pairs)
    matched = set(partner.values())
    events = []
    for i, event in enumerate(matching.found):
        if i in partner:
            errors = _errors(job, event, matching.truth[partner[i]])
            events.append(_told(event, HIT, event.kind, errors))
        else:
            what = WRONG_KIND if i in truly else FALSE_ALARM
            events.append(_told(event, what, truly.get(i, ""), {}))
    for j, event in enumerate(matching.truth):
        if j not in matched:
            events.append(_told(event, MISSED, event.kind, {}, called.get(j, "")))
    return by_time(events)


def _told(
    event: Event, outcome: str, true_kind: str, errors: dict[str, Any], called: str = ""
) -> Event:
    extra = {
        **event.extra,
        "outcome": outcome,
        "true_kind": true_kind,
        "called": called,
        **dict.fromkeys(_no_errors(), ""),
        **{name: f"{value:g}" for name, value in errors.items() if value is not None},
    }
    return replace(event, extra=extra)


def _rows(job: Evaluate, matching: Matching) -> Iterator[dict[str, Any]]:
    """One row for each match, then each false positive, then each false negative."""
    for i, j in matching.pairs:
        yield _row(job, "match", matching.found[i], matching.truth[j])
    for event in matching.unmatched_found:
        yield _row(job, "false positive", event, None)
    for event in matching.unmatched_truth:
        yield _row(job, "false negative", None, event)


def _row(job: Evaluate, outcome: str, found: Event | None, truth: Event | None) -> dict[str, Any]:
    row: dict[str, Any] = {"outcome": outcome, "kind": None}
    for name, event in (("found", found), ("true", truth)):
        row["kind"] = event.kind if event else row["kind"]
        row |= {f"{name}_{axis}": getattr(event, axis, None) for axis in ("t", "y", "x")}
    row |= _errors(job, found, truth) if found and truth else _no_errors()
    return row | {name: getattr(found, name, None) for name in ("score", "probability")}


def _errors(job: Evaluate, found: Event, truth: Event) -> dict[str, float | None]:
    """How late and how far off a found event is, also in minutes and micrometres if known."""
    late, distance = found.t - truth.t, math.hypot(found.y - truth.y, found.x - truth.x)
    interval, size = job.frame_interval_s, job.pixel_size_um
    return {
        "time_error_frames": late,
        "distance_px": distance,
        "time_error_min": None if interval is None else late * interval / SECONDS_PER_MINUTE,
        "distance_um": None if size is None else distance * size,
    }


def _no_errors() -> dict[str, float | None]:
    return dict.fromkeys(("time_error_frames", "distance_px", "time_error_min", "distance_um"))
