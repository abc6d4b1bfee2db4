"""The tables of `study recognition`, from the steps to the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

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
from cell_events.jobs.study_steps import Measuring, StudyStep, measure_steps
from cell_events.movie import Movie
from cell_events.time_arrow.content_view import at_resolution, views
from cell_events.time_arrow.crops import read_around
from cell_events.trust.study_crops import ShownCrop, crops_png
from cell_events.trust.study_folder import StudyFolder, StudyPlace, open_study
from cell_events.trust.study_page import write_tables
from cell_events.trust.study_table import StudyRow, StudyTable, collected

CROPS_PICTURE = "content-view-crops.png"
LEAKS = (
    "This split leaks: crops were shuffled as in the paper, so that crops of one cell stand on "
    "both sides, and all numbers of crops look better than they are. Events are not judged at "
    "all, since the whole movie was learned from."
)
ABOUT_METRICS = (
    " The first four columns judge crops, as many of each class as of nothing. The others judge "
    "events found in whole frames: AP is the average precision over all thresholds, the rest holds "
    "at 0.5."
)
ABOUT = {
    STRATEGIES: (
        "Letters: A time-arrow features as they are, B features of a random network, C time-arrow "
        "features fine-tuned; digits: 0 linear head, 1 ResNet head. All as in the paper: paint of "
        "more than 40 pixels anywhere in both crops, no rehearsal. Ours: the pyramid head, events "
        "in the middle of the crop, two rehearsals; it is judged by crops with its own labels, and "
        "its scores are shifted for detection, so compare it with the others by events."
    ),
    CRITERIA: (
        "What makes a crop pair an event: paint in both crops or in either one, more than 40 "
        "pixels of it (size filter) or any. Each row is judged by crops with its own labels; "
        "events are the same for all."
    ),
    CONTENT_VIEW: (
        "How much a crop shows: the time-arrow network is trained further for each crop size and "
        "resolution, and tells the order of frame pairs of the other part. Chance is 0.5."
    ),
}
TITLES = {
    STRATEGIES: "Strategies A0 to C1",
    CRITERIA: "Criteria for events",
    CONTENT_VIEW: "Content view",
}
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
    refused = yield from measure_steps(folder, steps)
    tables = [_table(folder, job, name, list(measures)) for name, measures in rows.items()]
    pictures = {}
    if CONTENT_VIEW in job.tables:
        atomic.write_bytes(job.out / CROPS_PICTURE, crops_png(list(_shown_crops(job, study))))
        pictures[CONTENT_VIEW] = CROPS_PICTURE
    notes = _notes(job, study, refused)
    written = write_tables(
        job.out, "Recognition of painted events", tables, notes, shown_settings(job), pictures
    )
    values = {"written": [str(path) for path in written]}
    yield Result({**values, "measurements": sum(len(table.measured) for table in tables)})


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
    )


def _notes(job: StudyRecognition, study: OpenedStudy, refused: dict[str, str]) -> dict[str, str]:
    """Say how parts were held out, whether that leaks, and what could not be measured."""
    notes = {"split": study.words}
    if job.split == "random":
        notes = {"warning": LEAKS}
        if CONTENT_VIEW in job.tables:
            notes["split"] = f"The content view only: {study.cut.words}"
    if refused:
        sentences = " ".join(f"{name}: {why}" for name, why in refused.items())
        notes["warning refused"] = f"Not measured. {sentences}"
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
