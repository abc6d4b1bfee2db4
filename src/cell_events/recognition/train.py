"""Training a classifier on painted masks (Chen et al. 2024, section 3)."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from cell_events.engine.held_out import HeldOut
from cell_events.engine.model_file import network_digest
from cell_events.engine.training import TrainReport, train
from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier, new_classifier, tap_arguments
from cell_events.recognition.crops import CropTable
from cell_events.recognition.detect import DetectReport
from cell_events.recognition.examples import Examples, plan_examples
from cell_events.recognition.gather import GatherReport
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.paint import PaintedMask, PaintError
from cell_events.recognition.rehearsal import Rehearsal, can_rehearse, rehearse, shift_to_half
from cell_events.recognition.report import RecognitionReport
from cell_events.recognition.tasks import RecognitionTask
from cell_events.recognition.train_settings import TrainHeadSettings
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pretrain import initial_network


@dataclass(frozen=True)
class TrainedClassifier:
    """The end of a training run.

    Attributes
    ----------
    report
        How the pairs that were held out are told apart; None if none were.
    trained_on
        Number of training pairs of each label 0..K.
    held_out
        Blocks of each movie that nothing was learned from; empty if none were held out.
    shift
        What was added to the K + 1 logits after the last training, so that 0.5 is the threshold.
    """

    classifier: EventClassifier
    report: RecognitionReport | None
    trained_on: tuple[int, ...]
    held_out: tuple[HeldOut, ...] = ()
    shift: tuple[float, ...] = ()


def train_head(
    movies: Sequence[Movie],
    masks: Sequence[PaintedMask],
    tap: TimeArrowNetwork,
    settings: TrainHeadSettings | None = None,
    device: torch.device | str = "cpu",
    cache: Path | None = None,
    start: EventClassifier | None = None,
    checkpoint: str | Path | None = None,
) -> Iterator[GatherReport | TrainReport | DetectReport | TrainedClassifier]:
    """Learn to tell painted events; reports while crops are read and after each batch.

    The last item is the `TrainedClassifier`. With `settings.rehearsals` the classifier is tried
    on the frames marked as done, and trained anew with its false alarms (see `rehearsal`).

    Parameters
    ----------
    masks
        The painted masks of `movies`, in the same order and with the same classes.
    tap
        Network whose features are used; it is copied, never changed.
    cache
        Folder that keeps dense features (see `DenseFeatures`).
    start
        Classifier to go on from, with its own features; `tap` is then not used.
    checkpoint
        File that keeps the state of the run, which goes on from it bit by bit.

    Raises
    ------
    PaintError
        If the masks do not fit the movies or each other, or nothing can be learned from them.
    """
    settings = settings or TrainHeadSettings()
    _check_masks(movies, masks)
    table = labelled_crops(masks, settings.crops)
    rehearsals = settings.rehearsals if can_rehearse(masks, settings.crops.delta) else 0
    held_out: tuple[HeldOut, ...] = ()
    rehearsal: Rehearsal | None = None
    for trial in range(max(1, rehearsals)):
        classifier = _first_classifier(masks[0].classes, tap, settings, start).to(device)
        examples = plan_examples(table, movies, classifier, settings, cache, held_out)
        held_out = examples.split.held_out
        yield from examples.gather(classifier.delta)
        task = RecognitionTask(classifier, examples, settings)
        if start is None:
            task.fit_standardisation()
        file = None if checkpoint is None else checkpoint_of(checkpoint, trial)
        run = {**asdict(settings), **_beginnings(classifier, examples)}
        yield from train(task, settings.training(), file, run=run)
        classifier.eval()
        if rehearsals:
            rehearsal = yield from rehearse(movies, masks, classifier, cache)
            table = CropTable.joined([table, rehearsal.false_alarms(classifier.delta)])
    report = task.report()
    shift = _shifted(classifier, rehearsal, held_out, settings)
    trained_on = examples.table.select(examples.split.train).counts(len(classifier.classes))
    yield TrainedClassifier(classifier, report, tuple(trained_on.tolist()), held_out, shift)


def _shifted(
    classifier: EventClassifier,
    rehearsal: Rehearsal | None,
    held_out: Sequence[HeldOut],
    settings: TrainHeadSettings,
) -> tuple[float, ...]:
    """Make 0.5 the best threshold in what was not held out; what that adds to the logits."""
    if rehearsal is None:
        return (0.0,) * (len(classifier.classes) + 1)
    margin = max(classifier.margin, settings.splitting.margin_px)
    return shift_to_half(classifier, rehearsal.outside(held_out, settings.crops, margin))


def checkpoint_of(checkpoint: str | Path, trial: int) -> Path:
    """File of one of the trainings between rehearsals; the first has the name that was given."""
    return Path(f"{checkpoint}{trial or ''}")


def remove_checkpoints(checkpoint: Path | None) -> None:
    """Remove what a finished run has kept."""
    trial = 0
    while checkpoint is not None and (file := checkpoint_of(checkpoint, trial)).exists():
        file.unlink()
        trial += 1


def _beginnings(classifier: EventClassifier, examples: Examples) -> dict[str, object]:
    """Digests of what a run begins with and learns from, by which its checkpoint knows it."""
    digest = hashlib.blake2b(digest_size=16)
    for row in (*examples.table.columns(), examples.split.train):
        digest.update(row.tobytes())
    return {"begins with": network_digest(classifier), "examples": digest.hexdigest()}


def _check_masks(movies: Sequence[Movie], masks: Sequence[PaintedMask]) -> None:
    """Raise `PaintError` unless there is one fitting mask for each movie."""
    if len(movies) != len(masks) or not movies:
        raise PaintError(f"{len(movies)} movies need as many painted masks; got {len(masks)}.")
    for movie, mask in zip(movies, masks, strict=True):
        if movie.shape != mask.shape:
            raise PaintError(
                f"The mask {mask.movie.name} has the shape {mask.shape} (T, Y, X), its movie "
                f"{movie.name} {movie.shape}; give the mask that was painted on this movie."
            )
        if mask.classes != masks[0].classes:
            raise PaintError(
                f"The masks name different classes, {mask.classes} and {masks[0].classes}; "
                "use the same names in the same order."
            )


def _first_classifier(
    classes: tuple[str, ...],
    tap: TimeArrowNetwork,
    settings: TrainHeadSettings,
    start: EventClassifier | None,
) -> EventClassifier:
    """Classifier to begin with: a new one, or a copy of `start`."""
    if start is None:
        if settings.features == "random":
            tap = initial_network(settings.seed, **tap_arguments(tap))
        return new_classifier(tap, classes, settings.crops, settings.head, settings.seed)
    wanted = (classes, settings.crops.size, settings.crops.delta, settings.head)
    found = (start.classes, start.size, start.delta, start.head_settings)
    if wanted != found:
        raise PaintError(
            "The classifier to go on from was made for other classes, crops or another head "
            f"({found}) than asked for ({wanted}); repeat its settings or train a new one."
        )
    return copy.deepcopy(start)
