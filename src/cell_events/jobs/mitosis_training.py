"""Learn to detect divisions from points on a few consecutive frames: the job `mitosis train`."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.cell_map_folder import check_same_movie
from cell_events.jobs.checks import make_folder_of
from cell_events.jobs.mitosis_plan import TRAININGS, MitosisPlan, make_plan
from cell_events.jobs.mitosis_plan import stages_of as plan_stages
from cell_events.jobs.mitosis_points import annotated_ranges, check_points, read_points
from cell_events.jobs.mitosis_train import AUTO, LEAST_LENGTH, MitosisTrain
from cell_events.jobs.plan_folder import Plan, read_plan
from cell_events.jobs.reports import Progress, Report, Result, StagePlan, training_progress
from cell_events.jobs.stage_checkpoints import remove_checkpoints, stage_checkpoint

if TYPE_CHECKING:
    from cell_events.events import Event
    from cell_events.mitosis.points import AnnotatedFrames
    from cell_events.movie import Movie

LEARN = "learn from the points"
"""The stage after those of a plan."""


def run_mitosis_train(job: MitosisTrain) -> Iterator[Report]:
    """Plan where no length is given, learn, reporting every batch, then write the model file."""
    from cell_events.engine.device import choose_device, prepare_cpu
    from cell_events.jobs.detector_frames import frozen_features
    from cell_events.jobs.trained_mitosis import annotated_movies, saved_detector, train_settings
    from cell_events.mitosis.train import TrainedDetector, train_detector

    job = job.settled()
    make_folder_of(job.model, job.checkpoint)
    movies, points, annotated = _annotations(job)
    device = choose_device(job.device)
    prepare_cpu()
    features = frozen_features(job.tap, device) if job.features == "time-arrow" else None
    stages = StagePlan(stages_of(job))
    with _folder_of_plan(job) as folder:
        plan = yield from _plan(job, movies, folder, stages)
        length = length_if_given(job) or max(LEAST_LENGTH, plan.length if plan else 0)
        checked = check_points(points, annotated, movies, length)
        examples = annotated_movies(job, movies, checked, annotated, features)
    file = stage_checkpoint(job.checkpoint, TRAININGS if makes_plan(job) else 0)
    for report in train_detector(examples, train_settings(job, length), device, file, features):
        if isinstance(report, TrainedDetector):
            values = saved_detector(job, report, movies, examples, plan)
            remove_checkpoints(job.checkpoint, TRAININGS + 1)
            yield Result(values)
        else:
            yield stages.placed(training_progress(LEARN, report))


def _annotations(
    job: MitosisTrain,
) -> tuple[list[Movie], list[list[Event]], list[AnnotatedFrames]]:
    """Movies, their points and annotated frames, found fit to learn from before hours of work."""
    movies = [source.open() for source in job.movies]
    points = [read_points(path, job.kind) for path in job.points]
    annotated = annotated_ranges(job.frames, len(movies))
    check_points(points, annotated, movies, length_if_given(job) or LEAST_LENGTH)
    return movies, points, annotated


def length_if_given(job: MitosisTrain) -> int | None:
    """Frames that the network is to read at once; None where a plan tells."""
    return None if job.length == AUTO else int(job.length)


def makes_plan(job: MitosisTrain) -> bool:
    """Whether a plan is made before learning."""
    return job.plan is None and job.length == AUTO


def uses_plan(job: MitosisTrain) -> bool:
    """Whether anything is taken of a plan that was made before."""
    return job.length == AUTO


def stages_of(job: MitosisTrain) -> tuple[str, ...]:
    """The stages of the job."""
    return (*plan_stages(_plan_job(job, Path())), LEARN) if makes_plan(job) else (LEARN,)


@contextmanager
def _folder_of_plan(job: MitosisTrain) -> Iterator[Path]:
    """Folder in which a plan is made: that of the report, or one that is deleted afterwards."""
    if job.report is not None or not makes_plan(job):
        yield job.report or Path()
        return
    with tempfile.TemporaryDirectory(prefix="cell-events-plan-") as folder:
        yield Path(folder)


def _plan(
    job: MitosisTrain, movies: list[Movie], folder: Path, stages: StagePlan
) -> Generator[Progress, None, Plan | None]:
    """Plan that was made for one of the movies, or is made first; None where none is needed."""
    if makes_plan(job):
        return (yield from make_plan(_plan_job(job, folder), movies[0], stages))
    if job.plan is None:
        return None
    plan = read_plan(job.plan)
    if uses_plan(job) and plan.values["fingerprint"] not in {movie.fingerprint for movie in movies}:
        check_same_movie(plan.values, movies[0], f"plan {job.plan}")
    return plan


def _plan_job(job: MitosisTrain, folder: Path) -> MitosisPlan:
    """Plan of the first movie; on a grid of its own."""
    return MitosisPlan(
        job.movies[:1],
        folder,
        checkpoint=job.checkpoint,
        device=job.device,
        seed=job.seed,
    )
