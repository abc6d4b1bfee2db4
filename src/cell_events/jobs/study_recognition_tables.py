"""The tables of `study recognition`, from the steps to the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.engine import atomic
from cell_events.engine.device import prepare_cpu
from cell_events.jobs.reports import Report, Result
from cell_events.jobs.study_judging import CROP_METRICS, EVENT_METRICS
from cell_events.jobs.study_opening import OpenedStudy, opened, settings_of, shown_settings
from cell_events.jobs.study_recognition import (
    CONTENT_VIEW,
    CRITERIA,
    STRATEGIES,
    StudyRecognition,
)
from cell_events.jobs.study_recognition_rows import CRITERIA as CRITERION_ROWS
from cell_events.jobs.study_recognition_rows import (
    criterion_settings,
    measure_classifier,
    measure_view,
    strategy_settings,
)
from cell_events.jobs.study_recognition_words import ABOUT, ABOUT_METRICS, LEAKS, TITLES
from cell_events.jobs.study_steps import Measuring, StudyStep, measure_steps, told_refused
from cell_events.movie import Movie
from cell_events.time_arrow.content_view import at_resolution, views
from cell_events.time_arrow.crops import read_around
from cell_events.trust.study_crops import ShownCrop, crops_png
from cell_events.trust.study_folder import StudyFolder, StudyPlace, open_study
from cell_events.trust.study_page import write_tables
from cell_events.trust.study_table import StudyRow, StudyTable, collected

CROPS_PICTURE = "content-view-crops.png"
Measure = Callable[[int], Measuring]


def study_recognition(job: StudyRecognition) -> Iterator[Report]:
    """Measure what is missing, then write tables, pictures and the page."""
    prepare_cpu()
    study = opened(job)
    folder = open_study(job.out, settings_of("recognition", job, study, ("tables", "strategies")))
    rows = {table: dict(_rows(table, job, study)) for table in job.tables}
    steps = [
        StudyStep(StudyPlace(table, name, seed), partial(measure, seed))
        for seed in range(job.seeds)
        for table, measures in rows.items()
        for name, measure in measures.items()
    ]
    names = {table: list(measures) for table, measures in rows.items()}
    pictures = _pictures(job, study)
    show = partial(_written, job, study, folder, names, pictures)
    refused = yield from measure_steps(folder, steps, show)
    yield Result(show(refused))


def _pictures(job: StudyRecognition, study: OpenedStudy) -> dict[str, str]:
    """Draw the crops of the content view, if it is asked for; give the file by its table."""
    if CONTENT_VIEW not in job.tables:
        return {}
    atomic.write_bytes(job.out / CROPS_PICTURE, crops_png(list(_shown_crops(job, study))))
    return {CONTENT_VIEW: CROPS_PICTURE}


def _written(
    job: StudyRecognition,
    study: OpenedStudy,
    folder: StudyFolder,
    rows: Mapping[str, Sequence[str]],
    pictures: Mapping[str, str],
    refused: Mapping[str, str],
) -> dict[str, Any]:
    """Write what is known so far; give the result."""
    tables = [_table(folder, job, name, of_table) for name, of_table in rows.items()]
    notes, settings = _notes(job, study, refused), shown_settings(job)
    heading = "Recognition of painted events"
    written = write_tables(job.out, heading, tables, notes, settings, pictures)
    written += [job.out / file for file in pictures.values()]
    measurements = sum(len(table.measured) for table in tables)
    return {"written": [str(path) for path in written], "measurements": measurements}


def _rows(table: str, job: StudyRecognition, study: OpenedStudy) -> Iterator[tuple[str, Measure]]:
    """Name of each row of a table, and what measures it with a seed."""
    if table == STRATEGIES:
        for name in job.strategies:
            yield name, partial(_strategy, job, study, name)
    elif table == CRITERIA:
        for name in CRITERION_ROWS:
            yield name, partial(_criterion, job, study, name)
    else:
        for size, resolution in views(job.view_size):
            measure = partial(measure_view, job, study, (size, resolution))
            yield view_name(size, resolution), measure


def _strategy(job: StudyRecognition, study: OpenedStudy, name: str, seed: int) -> Measuring:
    return measure_classifier(job, study, strategy_settings(job, name, seed))


def _criterion(job: StudyRecognition, study: OpenedStudy, name: str, seed: int) -> Measuring:
    settings = criterion_settings(job, job.criteria_strategy, CRITERION_ROWS[name], seed)
    return measure_classifier(job, study, settings)


def view_name(size: int, resolution: float) -> str:
    """Row of the content view."""
    return f"{size} px, resolution {resolution:g}"


def _table(
    folder: StudyFolder, job: StudyRecognition, name: str, rows: Sequence[str]
) -> StudyTable:
    metrics = CROP_METRICS if job.split == "random" else (*CROP_METRICS, *EVENT_METRICS)
    of_rows = tuple(StudyRow(row) for row in rows)
    about = ABOUT[name]
    if name == CRITERIA:
        about += f" Strategy {job.criteria_strategy}."
    if name != CONTENT_VIEW and job.split != "random":
        about += ABOUT_METRICS
    return StudyTable(
        name=name,
        title=TITLES[name],
        about=about,
        rows=of_rows,
        metrics=("accuracy",) if name == CONTENT_VIEW else metrics,
        measured=collected(folder, name, of_rows, range(job.seeds)),
        asked_seeds=job.seeds,
    )


def _notes(job: StudyRecognition, study: OpenedStudy, refused: Mapping[str, str]) -> dict[str, str]:
    """Say how parts were held out, whether that leaks, and what could not be measured."""
    notes = {"split": study.words}
    if job.split == "random":
        notes = {"warning": LEAKS}
        if CONTENT_VIEW in job.tables:
            notes["split"] = f"The content view only: {study.cut.words}"
    if refused:
        notes["warning refused"] = told_refused(refused)
    return notes


def _shown_crops(job: StudyRecognition, study: OpenedStudy) -> Iterator[ShownCrop]:
    """Cut the first event of the judged part in each view."""
    event = study.judged.events[0]
    for size, resolution in views(job.view_size):
        movie = at_resolution(study.judged.movie, resolution)
        centre = round(event.y * resolution), round(event.x * resolution)
        frames = _pair(movie, event.t - job.delta, event.t, centre, size)
        yield ShownCrop(view_name(size, resolution), frames, size / resolution)


def _pair(
    movie: Movie, first: int, second: int, centre: tuple[int, int], size: int
) -> NDArray[np.float32]:
    """Both crops of a pair, (2, size, size)."""
    return np.stack([read_around(movie, t, centre, size) for t in (first, second)])
