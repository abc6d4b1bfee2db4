"""Train a classifier of painted events: the job `train`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.annotations import open_masks
from cell_events.jobs.checks import (
    DEVICES,
    check_at_least,
    check_choice,
    check_classes,
    check_crop_size,
    check_done,
    check_examples,
    check_fraction,
    check_not_empty,
    check_positive,
    make_folder_of,
)
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.reports import Progress, Report, Result, StagePlan, training_progress
from cell_events.jobs.time_arrow_model import load_time_arrow, time_arrow_path
from cell_events.jobs.trained_model import saved_classifier

if TYPE_CHECKING:
    from cell_events.engine.training import TrainReport
    from cell_events.recognition.detect import DetectReport
    from cell_events.recognition.gather import GatherReport
    from cell_events.recognition.paint import PaintedMask
    from cell_events.recognition.train_settings import TrainHeadSettings

HEADS = ("pyramid", "linear", "resnet")
FEATURES = ("frozen", "random", "fine-tuned")
TIME_INVARIANT = {"auto": None, "yes": True, "no": False}
CRITERIA = ("either", "both")
SPLITS = ("blocks", "random")

READ, LEARN, TRY = "read the painted crops", "learn the painted events", "try on the done frames"
"""The stages of a round."""


@dataclass(frozen=True, slots=True)
class Train:
    """Learn to recognise events from painted masks; writes a model file.

    Attributes
    ----------
    movies
        Movies to learn from.
    paints
        Painted mask (T, Y, X) of each movie, in the same order: 0 unpainted, 1..K the event
        classes, 255 "nothing happens here". None at all where decisions suffice.
    model
        Model file to write.
    events
        CSV of decisions for each movie: accepted and added events are learned as painted ones,
        rejected ones as places where nothing happens; proposed ones are left out.
    start
        Model to go on from, with its own features; None begins anew. It must have been made for
        the same classes, crops and head.
    tap
        Time-arrow model; None takes the one that comes with the package.
    done
        Frames in which unpainted pixels mean "nothing happens here", such as "0-20,30": one text
        for each movie, or one for all.
    classes
        Names of the painted values 1..K, joined by commas on the command line.
    head
        "pyramid" (learns in seconds), "linear", or the small "resnet".
    time_invariant
        Whether the order of the two frames must not matter: "yes", "no", or "auto" as in the
        paper, where it matters to the linear head and not to the ResNet (to the pyramid it does).
    features
        "frozen" time-arrow features, "random" frozen ones, or "fine-tuned" with the head.
    criterion
        Whether "both" crops of a pair must hold painted pixels, or "either" one.
    min_painted_px
        A crop counts as painted if it holds more painted pixels than this.
    crop_size
        Side of a crop in pixels, an even number.
    delta
        Frame step between the two crops of a pair.
    split
        "blocks" of space and time that share no pixel, or "random" crops as in the paper.
    validation
        Share that is not trained on.
    epochs
        How often to validate, and how long to learn.
    pairs_per_epoch
        Crop pairs in an epoch, drawn evenly from all classes.
    batch
        Crop pairs in one training step.
    learning_rate
        The highest in the run.
    rehearsals
        How often to try the classifier on the done frames; all but the last time it learns anew
        with its false alarms there. 0 for never.
    report
        Folder for precision, recall, confusion matrix and errors over time.
    checkpoint
        File that keeps the state of the run, removed at the end; a run that finds its own goes on
        from it, bit by bit.
    cache
        Folder that keeps dense features for the next run.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    movies: tuple[MovieSource, ...]
    paints: tuple[Path, ...]
    model: Path
    events: tuple[Path, ...] = ()
    start: Path | None = None
    tap: Path | None = None
    done: tuple[str, ...] = ()
    classes: tuple[str, ...] = ("division",)
    head: str = "pyramid"
    time_invariant: str = "auto"
    features: str = "frozen"
    criterion: str = "both"
    min_painted_px: int = 0
    crop_size: int = 48
    delta: int = 1
    epochs: int = 50
    pairs_per_epoch: int = 384
    batch: int = 32
    learning_rate: float = 1e-3
    rehearsals: int = 2
    split: str = "blocks"
    validation: float = 0.2
    report: Path | None = None
    checkpoint: Path | None = None
    cache: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("movie", self.movies)
        check_examples(self.paints, self.events, self.movies)
        check_done(self.done, self.movies)
        check_classes(self.classes)
        for name, choices in (("head", HEADS), ("features", FEATURES), ("criterion", CRITERIA)):
            check_choice(name, getattr(self, name), choices)
        check_choice("time_invariant", self.time_invariant, tuple(TIME_INVARIANT))
        check_choice("split", self.split, SPLITS)
        check_choice("device", self.device, DEVICES)
        for name in ("delta", "epochs", "pairs_per_epoch", "batch"):
            check_at_least(name, getattr(self, name), 1)
        for name in ("min_painted_px", "rehearsals"):
            check_at_least(name, getattr(self, name), 0)
        check_crop_size(self.crop_size)
        check_positive("learning_rate", self.learning_rate)
        check_fraction("validation", self.validation)


def run_train(job: Train) -> Iterator[Report]:
    """Train, reporting every batch, then write the model file and the report."""
    from cell_events.engine.device import choose_device, prepare_cpu
    from cell_events.recognition.classifier import load_classifier
    from cell_events.recognition.train import TrainedClassifier, remove_checkpoints, train_head

    make_folder_of(job.model, job.checkpoint)
    device = choose_device(job.device)
    prepare_cpu()
    tap, tap_header = load_time_arrow(time_arrow_path(job.tap))
    start = None if job.start is None else load_classifier(job.start)[0]
    settings = head_settings(job)
    movies = [source.open() for source in job.movies]
    masks = open_masks(job, movies, settings.crops)
    plan = StagePlan(_stages(masks, settings))
    for report in train_head(
        movies, masks, tap, settings, device, job.cache, start, job.checkpoint
    ):
        if isinstance(report, TrainedClassifier):
            values = saved_classifier(job, report, movies, tap_header)
            remove_checkpoints(job.checkpoint)
            yield Result(values)
        else:
            yield plan.placed(training_report(report))


def head_settings(job: Train) -> TrainHeadSettings:
    """Give the settings of the training that follow from a job."""
    from cell_events.recognition.classifier import HeadSettings
    from cell_events.recognition.crops import CropSettings
    from cell_events.recognition.splits import SplitSettings
    from cell_events.recognition.train_settings import TrainHeadSettings

    steps_per_epoch = -(-job.pairs_per_epoch // job.batch)
    return TrainHeadSettings(
        features=job.features,  # type: ignore[arg-type]
        head=HeadSettings(
            job.head,  # type: ignore[arg-type]
            time_invariant=TIME_INVARIANT[job.time_invariant],
        ),
        crops=CropSettings(
            size=job.crop_size,
            delta=job.delta,
            criterion=job.criterion,  # type: ignore[arg-type]
            min_painted_px=job.min_painted_px,
            seed=job.seed,
        ),
        split=job.split,  # type: ignore[arg-type]
        splitting=SplitSettings(fraction=job.validation, seed=job.seed),
        steps=job.epochs * steps_per_epoch,
        batch_size=job.batch,
        learning_rate=job.learning_rate,
        validate_every=steps_per_epoch,
        rehearsals=job.rehearsals,
        seed=job.seed,
    )


def _stages(masks: Sequence[PaintedMask], settings: TrainHeadSettings) -> Iterator[str]:
    """Yield the stages of every round, in order."""
    from cell_events.recognition.rehearsal import can_rehearse

    rounds = settings.rehearsals if can_rehearse(masks, settings.crops.delta) else 0
    for _ in range(max(1, rounds)):
        yield from (READ, LEARN, TRY) if rounds else (READ, LEARN)


def training_report(report: GatherReport | TrainReport | DetectReport) -> Progress:
    """Give the progress of a training, by stage."""
    from cell_events.recognition.detect import DetectReport
    from cell_events.recognition.gather import GatherReport

    if isinstance(report, GatherReport):
        return Progress(READ, report.done, report.total)
    if isinstance(report, DetectReport):
        left = report.seconds_left
        return Progress(TRY, report.done, report.total, seconds_left=left)
    return training_progress(LEARN, report)
