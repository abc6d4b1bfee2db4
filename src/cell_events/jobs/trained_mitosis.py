"""What `mitosis train` learns from, and the model file that it leaves behind."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from cell_events import __version__
from cell_events.engine.device import choose_device
from cell_events.engine.model_file import network_digest, save_model
from cell_events.events import Event
from cell_events.jobs.detector_frames import frames_read
from cell_events.jobs.mitosis_train import MitosisTrain
from cell_events.jobs.mitosis_ways import PAPER, WHOLE_FRAMES
from cell_events.jobs.plan_folder import Plan
from cell_events.mitosis.detector_file import detector_header
from cell_events.mitosis.frames import PAPER_SHRINK, shrink_of
from cell_events.mitosis.held_out import not_learned
from cell_events.mitosis.network import FrozenFeatures
from cell_events.mitosis.points import AnnotatedFrames
from cell_events.mitosis.shrink_choice import DETECTOR_PLACES, proposed_shrink
from cell_events.mitosis.train import AnnotatedMovie, TrainedDetector
from cell_events.mitosis.train_settings import MitosisTrainSettings
from cell_events.movie import Movie

NOT_LEARNED_WITH = (
    *("movies", "points", "frames", "model", "plan", "tap"),
    *("report", "checkpoint", "cache", "device"),
)
"""Settings of the job that the model file does not keep as they are."""


def train_settings(job: MitosisTrain, length: int) -> MitosisTrainSettings:
    """Give the settings of the training that follow from a job."""
    names = {field.name for field in fields(MitosisTrainSettings)} - {"length"}
    job = job.settled()
    given = {name: getattr(job, name) for name in names if hasattr(job, name)}
    given["crop"] = None if job.crop == WHOLE_FRAMES else job.crop
    return MitosisTrainSettings(length, **given)


def annotated_movies(
    job: MitosisTrain,
    movies: Sequence[Movie],
    points: Sequence[tuple[Event, ...]],
    annotated: Sequence[AnnotatedFrames],
    features: FrozenFeatures | None = None,
) -> list[AnnotatedMovie]:
    """Movies on the grid with their points."""
    examples = []
    for movie, given, frames in zip(movies, points, annotated, strict=True):
        shrink = _shrink(job, movie)
        source = frames_read(movie, shrink, features, choose_device(job.device), job.cache)
        examples.append(AnnotatedMovie(source, given, frames))
    return examples


def _shrink(job: MitosisTrain, movie: Movie) -> int:
    """Pixels for each place of the grid that is asked for; else that of the way.

    Cells are mapped best on a finer grid than mitoses are detected on, so that the plan says
    nothing about the grid.
    """
    if job.shrink is not None or job.resolution_um is not None:
        return shrink_of(movie, job.shrink, job.resolution_um)
    return PAPER_SHRINK if job.way == PAPER else proposed_shrink(movie, DETECTOR_PLACES)


def saved_detector(
    job: MitosisTrain,
    trained: TrainedDetector,
    movies: Sequence[Movie],
    examples: Sequence[AnnotatedMovie],
    plan: Plan | None,
) -> dict[str, Any]:
    """Write the model file; give what the job has achieved."""
    header = detector_header(
        trained, _provenance(job, trained, movies, examples, plan), movies[0], job.kind
    )
    settings = {**header.settings, "resolution_um": job.resolution_um}
    header = replace(header, settings=settings, held_out=_held_out(trained, movies))
    header = save_model(job.model, trained.network, header)
    values = {
        "model": str(job.model),
        "digest": header.weights_digest,
        "length": trained.length,
        "points": trained.points,
        "frames": [str(movie.annotated) for movie in examples],
        "steps": trained.steps,
    }
    if trained.fitted is not None:
        values["fitted_threshold"] = trained.fitted.threshold
    return {**values, "validation": trained.validation}


def _held_out(trained: TrainedDetector, movies: Sequence[Movie]) -> tuple[dict[str, Any], ...]:
    """What the detector has not learned from, of each movie of which anything is left."""
    parts = zip(movies, trained.learned, strict=True)
    blocks = [not_learned(movie, part, trained.margin) for movie, part in parts]
    return tuple(each.to_json() for each in blocks if each.held.any())


def _provenance(
    job: MitosisTrain,
    trained: TrainedDetector,
    movies: Sequence[Movie],
    examples: Sequence[AnnotatedMovie],
    plan: Plan | None,
) -> dict[str, Any]:
    """Where a detector comes from, for people."""
    features = trained.network.features
    learned_with = [f.name for f in fields(MitosisTrain) if f.name not in NOT_LEARNED_WITH]
    return {
        "movies": [movie.name for movie in movies],
        "fingerprints": [movie.fingerprint for movie in movies],
        "frames": [str(movie.annotated) for movie in examples],
        "points": [len(movie.points) for movie in examples],
        "points_digest": _digest(examples),
        "version": __version__,
        "features_digest": features and network_digest(features),
        "learned_with": {name: getattr(job, name) for name in learned_with},
        "steps": trained.steps,
        "validation": trained.validation,
        "plan": plan and {name: plan.values[name] for name in ("length", "digest", "map_digest")},
    }


def _digest(examples: Sequence[AnnotatedMovie]) -> str:
    """Digest of the points of all movies."""
    places = [[(point.t, point.y, point.x) for point in movie.points] for movie in examples]
    return hashlib.blake2b(repr(places).encode(), digest_size=16).hexdigest()
