"""Learn the time arrow from raw movies: the job `pretrain`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_at_least,
    check_choice,
    check_fraction,
    check_not_empty,
    check_positive,
    make_folder_of,
)
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.reports import Report, Result, training_progress
from cell_events.jobs.time_arrow_model import SHIPPED, load_time_arrow, model_at

if TYPE_CHECKING:
    from cell_events.engine.header import ModelHeader
    from cell_events.movie import Movie
    from cell_events.time_arrow.network import TimeArrowNetwork
    from cell_events.time_arrow.pretrain import PretrainSettings

RANDOM = "random"

FROM_RANDOM, FROM_MODEL = 1e-3, 3e-4
"""Learning rates by default, from random weights and when going on from a model."""


@dataclass(frozen=True, slots=True)
class Pretrain:
    """Learn features of cells from the order of frames; writes a model file.

    Attributes
    ----------
    movies
        Movies to learn from, each equally often.
    model
        Model file to write.
    start
        Weights to begin with: a model file, "shipped" (the model that comes with the package;
        random if there is none) or "random".
    epochs
        How often to validate, and how long to learn.
    pairs_per_epoch
        Pairs of crops in an epoch.
    batch
        Pairs of crops in one training step.
    crop_size
        Side of a crop in pixels, a multiple of 8.
    deltas
        Frame steps between the two crops of a pair; several are mixed.
    learning_rate
        The highest in the run; it rises shortly and then falls to zero. None: 1e-3 from random
        weights, 3e-4 from those of a model.
    validation
        Share of each movie, a block at one side, that is only validated on; 0 for none.
    validation_movies
        Validate on these movies instead.
    checkpoint
        File that keeps the state of the run; removed at the end.
    resume
        Go on from `checkpoint` if it exists; without it an existing one is an error.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    movies: tuple[MovieSource, ...]
    model: Path
    start: str = SHIPPED
    epochs: int = 40
    pairs_per_epoch: int = 1024
    batch: int = 32
    crop_size: int = 96
    deltas: tuple[int, ...] = (1,)
    learning_rate: float | None = None
    validation: float = 0.2
    validation_movies: tuple[MovieSource, ...] = ()
    checkpoint: Path | None = None
    resume: bool = False
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("movie", self.movies)
        check_not_empty("frame step (delta)", self.deltas)
        for name in ("epochs", "pairs_per_epoch", "batch"):
            check_at_least(name, getattr(self, name), 1)
        check_at_least("delta", min(self.deltas), 1)
        if self.crop_size < 16 or self.crop_size % 8:
            raise JobError(
                f"crop_size must be a multiple of 8 and at least 16, got {self.crop_size}."
            )
        if self.learning_rate is not None:
            check_positive("learning_rate", self.learning_rate)
        check_fraction("validation", self.validation)
        check_choice("device", self.device, DEVICES)
        if self.resume and self.checkpoint is None:
            raise JobError("resume needs a checkpoint; give the file from which to go on.")


def run_pretrain(job: Pretrain) -> Iterator[Report]:
    """Train, reporting every batch, then write the model file."""
    yield from pretrain_on(job, [source.open() for source in job.movies])


def pretrain_on(job: Pretrain, movies: list[Movie]) -> Iterator[Report]:
    """Do a job with movies that are open already, or with parts of movies."""
    from cell_events.engine.device import choose_device, prepare_cpu
    from cell_events.engine.model_file import save_model
    from cell_events.time_arrow.pretrain import pretrain

    make_folder_of(job.model, job.checkpoint)
    _check_checkpoint(job)
    training, validation = _split(job, movies)
    settings = pretrain_settings(job)
    device = choose_device(job.device)
    prepare_cpu()
    network, header = _start(job)
    metrics: dict[str, float] = {}
    for report in pretrain(network.to(device), training, validation, settings, job.checkpoint):
        metrics = {**metrics, **report.metrics}
        yield training_progress("learn the time arrow", report)
    header = _finished_header(job, header, movies, metrics)
    header = save_model(job.model, network, header)
    if job.checkpoint is not None:
        job.checkpoint.unlink(missing_ok=True)
    yield Result({"model": str(job.model), "digest": header.weights_digest, **metrics})


def pretrain_settings(job: Pretrain) -> PretrainSettings:
    """Give the settings of the training loop that follow from a job."""
    from cell_events.time_arrow.crops import CropSettings
    from cell_events.time_arrow.pretrain import PretrainSettings

    return PretrainSettings(
        epochs=job.epochs,
        pairs_per_epoch=job.pairs_per_epoch,
        batch_size=job.batch,
        learning_rate=job.learning_rate or default_learning_rate(job),
        seed=job.seed,
        crops=CropSettings(size=job.crop_size, deltas=job.deltas),
    )


def default_learning_rate(job: Pretrain) -> float:
    """Learn fast from random weights, and gently from those of a model."""
    return FROM_RANDOM if _start_path(job) is None else FROM_MODEL


def _start_path(job: Pretrain) -> Path | None:
    """Model to begin with; None for random weights."""
    return None if job.start == RANDOM else model_at(job.start)


def _check_checkpoint(job: Pretrain) -> None:
    if job.checkpoint is not None and job.checkpoint.exists() and not job.resume:
        raise JobError(
            f"The checkpoint {job.checkpoint} exists; give --resume to go on from it, or delete it."
        )


def _split(job: Pretrain, movies: list[Movie]) -> tuple[list[Movie], list[Movie]]:
    """Movies to train on and movies to validate on; they share no pixel."""
    from cell_events.time_arrow.pretrain import hold_out_block

    if job.validation_movies:
        return movies, [source.open() for source in job.validation_movies]
    if not job.validation:
        return movies, []
    parts = [hold_out_block(movie, job.validation) for movie in movies]
    return [part for part, _ in parts], [part for _, part in parts]


def _start(job: Pretrain) -> tuple[TimeArrowNetwork, ModelHeader]:
    """Network to begin with and the header that describes it."""
    from cell_events.engine.header import ModelHeader
    from cell_events.time_arrow.pretrain import initial_network

    path = _start_path(job)
    if path is None:
        return initial_network(job.seed), ModelHeader("tap", "time_arrow", {})
    return load_time_arrow(path)


def _finished_header(
    job: Pretrain, header: ModelHeader, movies: list[Movie], metrics: dict[str, float]
) -> ModelHeader:
    """Header of the trained network: where it comes from and what it was trained for."""
    from dataclasses import replace

    from cell_events import __version__

    provenance: dict[str, Any] = {
        "movies": [movie.name for movie in movies],
        "version": __version__,
        "started_from": header.weights_digest or RANDOM,
        "metrics": metrics,
        "seed": job.seed,
        "epochs": job.epochs,
        "pairs_per_epoch": job.pairs_per_epoch,
    }
    return replace(
        header,
        normalisation={"kind": "percentile", "low": 1.0, "high": 99.8},
        settings={"crop_size": job.crop_size, "deltas": list(job.deltas)},
        pixel_size_um=movies[0].pixel_size_um,
        frame_interval_s=movies[0].frame_interval_s,
        provenance=provenance,
    )
