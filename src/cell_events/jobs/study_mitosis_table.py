"""The table of `study mitosis`, from the steps to the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any

from cell_events.engine.device import prepare_cpu
from cell_events.engine.model_file import network_digest
from cell_events.jobs.reports import Report, Result
from cell_events.jobs.study_mitosis import StudyMitosis
from cell_events.jobs.study_mitosis_rows import METRICS, MitosisStudy, measure_row, opened_mitosis
from cell_events.jobs.study_steps import StudyStep, measure_steps, told_refused
from cell_events.trust.study_folder import StudyFolder, StudyPlace, open_study
from cell_events.trust.study_page import write_tables
from cell_events.trust.study_table import StudyRow, StudyTable, collected, told_resolution

TABLE = "mitosis-lengths"
FILES = ("movies", "points", "out", "tap", "cache")
FREE = (*FILES, "lengths", "frames", "seeds", "device")
"""Settings that a row does not depend on, or that a folder knows by their contents."""


def study_mitosis(job: StudyMitosis) -> Iterator[Report]:
    """Measure what is missing, then write table, picture and page."""
    prepare_cpu()
    study = opened_mitosis(job)
    folder = open_study(job.out, _settings(job, study))
    rows = _rows(job)
    steps = [
        StudyStep(StudyPlace(TABLE, row.name, seed), partial(measure_row, study, row, seed))
        for seed in range(job.seeds)
        for row in rows
    ]
    refused = yield from measure_steps(folder, steps, partial(_written, study, folder, rows))
    yield Result(_written(study, folder, rows, refused))


def _written(
    study: MitosisStudy, folder: StudyFolder, rows: Sequence[StudyRow], refused: Mapping[str, str]
) -> dict[str, Any]:
    """Write what is known so far; give the result."""
    job = study.job
    table = StudyTable(
        name=TABLE,
        title="Lengths k and annotated frames",
        about=_about(job),
        rows=tuple(rows),
        metrics=METRICS,
        measured=collected(folder, TABLE, rows, range(job.seeds)),
        x_name="k, frames read at once",
        asked_seeds=job.seeds,
    )
    notes = _notes(study, refused)
    written = write_tables(job.out, "Divisions from points", [table], notes, _shown(job, study))
    return {"written": [str(path) for path in written], "measurements": len(table.measured)}


def _rows(job: StudyMitosis) -> list[StudyRow]:
    """A row for each number of frames and each length that fits into it."""
    return [
        StudyRow(f"k = {length}, {count} frames", f"{count} frames", float(length))
        for count in sorted(job.frames)
        for length in sorted(job.lengths)
        if length <= count
    ]


def _settings(job: StudyMitosis, study: MitosisStudy) -> dict[str, Any]:
    """What all rows of a folder have in common."""
    own = {f.name: getattr(job, f.name) for f in fields(job) if f.name not in FREE}
    return {
        "study": "mitosis",
        "movie": study.movie.fingerprint,
        "events": [(e.t, e.y, e.x) for e in study.points],
        "tap": study.features and network_digest(study.features.network),
        **own,
        "annotated": str(study.annotated),
        "shrink": study.shrink,
    }


def _about(job: StudyMitosis) -> str:
    return (
        f"A detector (way: {job.way}) reads k frames at once, and learns from a number of "
        "consecutive annotated frames, those with most points. It is judged by the divisions "
        "that it finds in all annotated frames of the other part, within "
        f"{job.radius_px:g} pixels and 1 or 3 frames. Small numbers of frames "
        "hold few points to learn from."
    )


def _notes(study: MitosisStudy, refused: Mapping[str, str]) -> dict[str, str]:
    """Say how parts were held out, how much was learned from, and what could not be measured."""
    learned, judged = study.cut.learned.inside(study.points), study.cut.judged.inside(study.points)
    runs = [study.run_of(count) for count in sorted(study.job.frames)]
    counts = [f"{sum(p.t in run for p in learned)} in the frames {run}" for run in runs]
    points = f"Points to learn from: {', '.join(counts)}; {len(judged)} to find."
    points += f" {told_resolution(len(judged))}"
    notes = {"split": f"{study.cut.words} {points}"}
    if refused:
        notes["warning"] = told_refused(refused)
    return notes


def _shown(job: StudyMitosis, study: MitosisStudy) -> dict[str, object]:
    """Settings as the page lists them, with the names of the files."""
    values = {f.name: getattr(job, f.name) for f in fields(job) if f.name not in FILES}
    told = {n: ", ".join(map(str, v)) if isinstance(v, tuple) else v for n, v in values.items()}
    files = {"movie": job.movies[0].path.name, "points": job.points[0].name}
    return {**files, **told, "annotated": str(study.annotated), "shrink": study.shrink}
