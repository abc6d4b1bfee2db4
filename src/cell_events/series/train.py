"""Training a U-Net or MU-Net on labelled snapshots (sections 3.1 and 4)."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from cell_events.engine.model_file import network_digest
from cell_events.engine.seeds import seeded
from cell_events.engine.training import TrainReport, train
from cell_events.series.augmentation import refused
from cell_events.series.example_sources import ExampleSource, StoredSource
from cell_events.series.examples import SeriesExamples
from cell_events.series.mu_network import SeriesMUNet
from cell_events.series.network import SeriesUNet
from cell_events.series.task import SeriesTask, judged
from cell_events.series.train_settings import SeriesTrainSettings
from cell_events.series.transfer import SeriesNetwork, munet_from, section_rates, unet_from

__all__ = ["SeriesExamples", "TrainedSeries", "train_series"]


@dataclass(frozen=True)
class TrainedSeries:
    """The end of a training run.

    Attributes
    ----------
    network
        Ready for use.
    examples
        Snapshots that were learned from; 0 where each was new.
    validation
        ``iou``, and ``iou KIND`` of each kind, on what was held out; empty if nothing was.
    """

    network: SeriesNetwork
    settings: SeriesTrainSettings
    examples: int
    validation: dict[str, float]


def train_series(
    examples: SeriesExamples | ExampleSource,
    settings: SeriesTrainSettings,
    device: torch.device | str = "cpu",
    checkpoint: str | Path | None = None,
    start: SeriesNetwork | None = None,
    held: SeriesExamples | None = None,
) -> Iterator[TrainReport | TrainedSeries]:
    """Learn to find stretches; yields a report after each step, at last the network.

    Parameters
    ----------
    examples
        Labelled snapshots, or a source of new ones.
    checkpoint
        File that keeps the state of the run, which goes on from it bit by bit.
    start
        Network to go on from, itself left as it is. One that fits goes on whole; one with other
        kinds loses its last layer; one for a single channel is copied into each channel.
    held
        Snapshots to validate on. Hold out whole series: neighbouring snapshots share points.

    Raises
    ------
    ValueError
        If there is nothing to learn from, an augmentation would make labels wrong, or `start`
        cannot be made to fit.
    """
    source = _source(examples, settings)
    network = starting_network(source.channels, source.classes, settings, start).to(device)
    run = {**asdict(settings), "learns from": source.digest(), "start": network_digest(network)}
    groups = section_rates(network, settings.transfer)
    task = SeriesTask(network, source, held, settings)
    yield from train(task, settings.training(), checkpoint, run, groups)
    network.requires_grad_(True).eval()
    number = len(examples) if isinstance(examples, SeriesExamples) else 0
    yield TrainedSeries(network, settings, number, judged(network, held) if held else {})


def starting_network(
    channels: int,
    classes: int,
    settings: SeriesTrainSettings,
    start: SeriesNetwork | None = None,
) -> SeriesNetwork:
    """Give the network that a run begins with; what is new in it depends on the seed alone."""
    one = settings.network == "unet" or (settings.network == "auto" and channels == 1)
    kind = SeriesUNet if one else SeriesMUNet
    exclusive = settings.exclusive
    with seeded(settings.seed, 0, "initial weights", torch.device("cpu")):
        if start is None:
            return kind(channels, classes, exclusive)
        fits = isinstance(start, kind) and start.channels == channels
        if fits and (start.classes, start.exclusive) == (classes, exclusive):
            return deepcopy(start)
        if fits and isinstance(start, SeriesUNet):
            return unet_from(start, classes, exclusive)
        if isinstance(start, SeriesUNet) and not one:
            return munet_from(start, channels, classes, exclusive)
    raise ValueError(
        f"The model to start from is a {type(start).__name__} for {start.channels} channels and "
        f"{start.classes} kinds, which makes no {kind.__name__} for {channels} channels and "
        f"{classes} kinds; start from a U-Net for a single channel."
    )


def _source(
    examples: SeriesExamples | ExampleSource, settings: SeriesTrainSettings
) -> ExampleSource:
    """Where batches come from, once it is found fit to learn from."""
    if not isinstance(examples, SeriesExamples):
        return examples
    if not (examples.labels & examples.masks[:, None]).any():
        raise ValueError("No labelled stretch to learn from; label at least one of each kind.")
    reason = refused(examples.kinds, settings.augmentations)
    if reason is not None:
        raise ValueError(reason)
    return StoredSource(
        examples, settings.batch, settings.seed, settings.augmentations, settings.rescale
    )
