"""Learning from paint and decisions within a second, on the grid.

It is the training of `train` with the pyramid head, made quick: places lie on a fixed grid whose
means are at hand, nothing is held out, and a classifier that exists already is trained further.
"""

from __future__ import annotations

import copy
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from cell_events.engine.device import one_thread
from cell_events.engine.model_file import network_digest
from cell_events.engine.training import TrainReport, TrainSettings, train
from cell_events.recognition.classifier import EventClassifier, HeadSettings, new_classifier
from cell_events.recognition.crops import CropSettings, CropTable
from cell_events.recognition.gather import GatherReport
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.grid_rehearsal import (
    LabelledPairs,
    as_rehearsal,
    false_alarms,
    rehearse_on_grid,
)
from cell_events.recognition.labelling import check_classes
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.painted_pairs import PaintedPairs
from cell_events.recognition.quick_task import MeansTable, QuickTask
from cell_events.recognition.rehearsal import can_rehearse, shift_to_half
from cell_events.time_arrow.network import TimeArrowNetwork


@dataclass(frozen=True, slots=True)
class QuickSettings:
    """How a head is trained quickly.

    Attributes
    ----------
    steps
        Balanced batches to learn from, before the rehearsal and once more after it.
    """

    crops: CropSettings = field(default_factory=CropSettings)
    steps: int = 200
    batch_size: int = 64
    learning_rate: float = 3e-3
    seed: int = 0


@dataclass(frozen=True)
class QuickClassifier:
    """The end of a quick training.

    Attributes
    ----------
    trained_on
        Number of examples of each label 0..K.
    went_on
        Whether it went on from the classifier that was given.
    shift
        What was added to the K + 1 logits after learning, so that 0.5 is the threshold.
    """

    classifier: EventClassifier
    trained_on: tuple[int, ...]
    went_on: bool
    shift: tuple[float, ...] = ()


QuickReport = GatherReport | TrainReport | QuickClassifier


def quick_train(
    movies: Sequence[PaintedPairs],
    masks: Sequence[PaintedMask],
    tap: TimeArrowNetwork,
    settings: QuickSettings | None = None,
    start: EventClassifier | None = None,
) -> Iterator[QuickReport]:
    """Learn to tell painted events; the last item is the `QuickClassifier`.

    The classifier learns, rehearses on the done frames, and learns on with its false alarms. One
    that is trained further needs only a quarter of the first steps. Without any pair of done
    frames, unpainted places of painted frames count as nothing, since almost all of them are.

    Parameters
    ----------
    movies
        Painted movies; they remember what has not changed since the last time.
    masks
        Their paint and decisions.
    tap
        Network of the features of `movies`.
    start
        Classifier to go on from, if it is of the same kind.

    Raises
    ------
    PaintError
        If nothing can be learned from the masks.
    """
    settings = settings or QuickSettings()
    pairs = yield from labelled_pairs(movies, masks, settings.crops)
    features = [movie.features for movie in movies]
    yield from quick_learn(features, pairs, masks[0].classes, tap, settings, start)


def quick_learn(
    features: Sequence[GridFeatures],
    pairs: Sequence[LabelledPairs],
    classes: tuple[str, ...],
    tap: TimeArrowNetwork,
    settings: QuickSettings,
    start: EventClassifier | None = None,
) -> Iterator[QuickReport]:
    """Learn from labelled pairs of each movie; else as `quick_train`."""
    table = _table(pairs, settings)
    went_on = start is not None and fits(start, classes, tap, settings.crops)
    if start is None or not went_on:
        classifier = new_classifier(tap, classes, settings.crops, seed=settings.seed)
        classifier.to(features[0].device)
        yield from _learn(classifier, table, settings, settings.steps, is_new=True)
    else:
        classifier = copy.deepcopy(start).to(features[0].device)
        yield from _learn(classifier, table, settings, max(1, settings.steps // 4), is_new=False)
    both = list(zip(features, pairs, strict=True))
    alarms = false_alarms(rehearse_on_grid(both, classifier), features, settings.crops.delta)
    if len(alarms.label):
        table = MeansTable.joined([table, alarms])
        yield from _learn(classifier, table, settings, settings.steps, is_new=False)
    shift = shift_to_half(classifier, as_rehearsal(rehearse_on_grid(both, classifier)))
    counts = np.bincount(table.label, minlength=len(classifier.classes) + 1)
    yield QuickClassifier(classifier, tuple(counts.tolist()), went_on, shift)


def fits(
    start: EventClassifier, classes: tuple[str, ...], tap: TimeArrowNetwork, crops: CropSettings
) -> bool:
    """Whether a classifier is of the kind that a quick training makes."""
    found = (start.classes, start.size, start.delta, start.head_settings)
    alike = found == (classes, crops.size, crops.delta, HeadSettings())
    return alike and network_digest(start.tap) == network_digest(tap)


def labelled_pairs(
    movies: Sequence[PaintedPairs], masks: Sequence[PaintedMask], crops: CropSettings
) -> Generator[GatherReport, None, list[LabelledPairs]]:
    """Read the labelled pairs of all movies, one report for each.

    Without any pair of done frames, unpainted places of painted frames count as nothing.
    """
    presume = not can_rehearse(masks, crops.delta)
    found: list[LabelledPairs] = []
    for movie, mask in zip(movies, masks, strict=True):
        pairs = {}
        for done, total, pair in movie.read(mask, crops, presume):
            pairs[pair.t] = pair
            yield GatherReport(done, total)
        found.append(pairs)
    return found


def _table(movies: Sequence[LabelledPairs], settings: QuickSettings) -> MeansTable:
    """All examples in one table; raises `PaintError` unless there is something to tell apart."""
    pairs = [pair for movie in movies for pair in movie.values()]
    labels = np.concatenate([np.zeros(0, np.int64), *(pair.label for pair in pairs)])
    nowhere = np.zeros_like(labels)
    painted = any(pair.painted for pair in pairs)
    check_classes(CropTable(nowhere, nowhere, nowhere, nowhere, labels), painted, settings.crops)
    return MeansTable.joined([MeansTable(pair.means, pair.label, pair.near) for pair in pairs])


def _learn(
    classifier: EventClassifier,
    table: MeansTable,
    settings: QuickSettings,
    steps: int,
    is_new: bool,
) -> Iterator[TrainReport]:
    """Train the head, after taking the scale of the features if it is new."""
    task = QuickTask(classifier, table, settings.batch_size, settings.seed + is_new)
    if is_new:
        task.fit_standardisation()
    training = TrainSettings(
        steps,
        learning_rate=settings.learning_rate,
        validate_every=steps,
        precision="float32",
    )
    with one_thread():
        yield from train(task, training)
    classifier.eval()
