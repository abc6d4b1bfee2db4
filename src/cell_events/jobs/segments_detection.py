"""Find abnormal stretches of curves: the job `segments detect`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell_events.jobs.checks import make_folder_of
from cell_events.jobs.reports import Progress, Report, Result, StagePlan
from cell_events.jobs.segments_detect import SegmentsDetect
from cell_events.jobs.segments_findings import Findings, TableFindings
from cell_events.jobs.segments_model import SeriesModel, model_for, table_for
from cell_events.jobs.segments_report import REPORT, detection_report, write_report
from cell_events.jobs.segments_tables import TABLE
from cell_events.jobs.whole_folder import make_folder

if TYPE_CHECKING:
    from cell_events.series.labelled_series import Segment, Series
    from cell_events.series.series_tables import SeriesTable

FIND, COMPARE, DRAW = "find abnormal stretches", "compare with the truth", "draw the report"
TOLD = ("model", "thresholds", "series", "points", "series_with_stretches", "stretches", "kinds")
"""What the result says of the report."""


def run_segments_detect(job: SegmentsDetect) -> Iterator[Report]:
    """Read, judge, write stretches and report."""
    from cell_events.engine.device import prepare_cpu
    from cell_events.series.segment_tables import write_segments

    make_folder_of(job.csv)
    if job.report is not None:
        make_folder(job.report)
    prepare_cpu(threads=1)  # more threads only wait for each other in a network this small
    stages = StagePlan(_stages(job))
    model = model_for(job)
    found = yield from _findings(job, model, stages)
    write_segments(job.csv, found.segments, found.dates)
    if job.truth is not None:
        yield stages.placed(Progress(COMPARE, 0, 1))
    report = detection_report(job, found)
    if job.truth is not None:
        yield stages.placed(Progress(COMPARE, 1, 1))
    if job.report is not None:
        for done, total in write_report(job, found, report):
            yield stages.placed(Progress(DRAW, done, total))
    yield Result(_result(job, report))


def _stages(job: SegmentsDetect) -> list[str]:
    compare = [COMPARE] if job.truth is not None else []
    return [FIND, *compare, *([DRAW] if job.report is not None else [])]


def _findings(
    job: SegmentsDetect, model: SeriesModel, stages: StagePlan
) -> Generator[Progress, None, Findings]:
    """Go through all tables."""
    tables = [(path, table_for(job, path, model)) for path in job.series]
    total = sum(table.row_count() for _, table in tables)
    findings: list[TableFindings] = []
    done = 0
    for path, table in tables:
        found = TableFindings(path, table, keeps_scores=job.truth is not None)
        for points in _judged(found, table, model):
            done += points
            yield stages.placed(Progress(FIND, min(done, total), total))
        if job.shared is not None:
            found.leave_out_shared(job.shared)
        findings.append(found)
    return Findings(model, tuple(findings), tuple(_all_segments(findings)))


def _judged(found: TableFindings, table: SeriesTable, model: SeriesModel) -> Iterator[int]:
    """Judge the series of one table; yields the points that are done each time."""
    from cell_events.series.detect import detect_segments

    def parts() -> Iterator[Series]:
        for part in table.parts():
            found.saw(part)
            yield part

    for report in detect_segments(parts(), model.network, model.settings):
        found.take(report)
        yield len(report.times)


def _all_segments(findings: list[TableFindings]) -> Iterator[Segment]:
    """Stretches of all tables in order; of several tables each tells which one."""
    for found in findings:
        place = {name: number for number, name in enumerate(found.extents)}
        ordered = sorted(found.segments, key=lambda one: (place[one.series], one.start))
        for one in ordered:
            yield one if len(findings) == 1 else replace(one, extra={TABLE: found.path.stem})


def _result(job: SegmentsDetect, report: dict[str, Any]) -> dict[str, Any]:
    """What the job has achieved."""
    values = {"csv": str(job.csv), **{name: report[name] for name in TOLD}}
    if job.report is not None:
        values["report"] = str(Path(job.report) / REPORT)
    compared = {"quality": report["quality"]} if report["quality"] else {}
    return {**values, **compared, "notes": report["notes"]}
