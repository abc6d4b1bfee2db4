"""Learning the time arrow from raw movies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from cell_events.engine.device import Precision
from cell_events.engine.seeds import numpy_generator, torch_generator
from cell_events.engine.training import Schedule, TrainReport, TrainSettings, train
from cell_events.movie import Movie
from cell_events.time_arrow.augment import AugmentSettings, augment
from cell_events.time_arrow.crops import CropSampler, CropSettings
from cell_events.time_arrow.loss import LAMBDA, time_arrow_loss
from cell_events.time_arrow.network import TimeArrowNetwork


@dataclass(frozen=True, slots=True)
class PretrainSettings:
    """How a time-arrow network is trained.

    An epoch is `pairs_per_epoch` crop pairs; validation uses `validation_pairs` fixed ones.
    """

    epochs: int = 40
    pairs_per_epoch: int = 1024
    batch_size: int = 32
    learning_rate: float = 1e-3
    schedule: Schedule = "cosine"
    decorrelation_weight: float = LAMBDA
    validation_pairs: int = 256
    precision: Precision = "auto"
    seed: int = 0
    crops: CropSettings = field(default_factory=CropSettings)
    augmentation: AugmentSettings = field(default_factory=AugmentSettings)

    def __post_init__(self) -> None:
        for name in ("epochs", "pairs_per_epoch", "batch_size", "validation_pairs"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}.")

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one epoch."""
        return -(-self.pairs_per_epoch // self.batch_size)

    def training(self) -> TrainSettings:
        """The settings of the training loop; validation and checkpoint after every epoch."""
        return TrainSettings(
            steps=self.epochs * self.steps_per_epoch,
            learning_rate=self.learning_rate,
            schedule=self.schedule,
            validate_every=self.steps_per_epoch,
            checkpoint_every=self.steps_per_epoch,
            precision=self.precision,
        )


class TimeArrowTask:
    """Which of two frames came first?"""

    def __init__(
        self,
        network: TimeArrowNetwork,
        movies: Sequence[Movie],
        validation: Sequence[Movie],
        settings: PretrainSettings,
    ) -> None:
        self.network = network
        self.settings = settings
        self.sampler = CropSampler(movies, settings.crops)
        self.device = next(network.parameters()).device
        self.validation = self._validation_crops(validation) if validation else None

    def losses(self, step: int) -> dict[str, Tensor]:
        """Loss terms of the batch of this step."""
        pairs, swapped = self.batch(step)
        return time_arrow_loss(self.network, pairs, swapped, self.settings.decorrelation_weight)

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Crop pairs (B, 2, 1, S, S) of this step and which of them run backwards."""
        settings = self.settings
        side = settings.augmentation.margin(settings.crops.size)
        windows = self.sampler.draw(
            settings.batch_size, side, numpy_generator(settings.seed, step, "crops")
        )
        random = torch_generator(settings.seed, step, "augmentation", self.device)
        return augment(windows.to(self.device), settings.crops.size, settings.augmentation, random)

    @torch.no_grad()
    def validate(self) -> dict[str, float]:
        """Loss terms and accuracy on the validation crops, without augmentation."""
        if self.validation is None:
            return {}
        sums: dict[str, float] = {}
        for pairs in self.validation.split(self.settings.batch_size):
            # The head is equivariant: the swapped pairs would give the same accuracy.
            in_order = torch.zeros(len(pairs), dtype=torch.bool, device=self.device)
            terms = time_arrow_loss(
                self.network, pairs.to(self.device), in_order, self.settings.decorrelation_weight
            )
            for name, value in terms.items():
                sums[name] = sums.get(name, 0.0) + float(value) * len(pairs)
        return {name: value / len(self.validation) for name, value in sums.items()}

    def _validation_crops(self, movies: Sequence[Movie]) -> Tensor:
        """Crop pairs that stay the same through the run, drawn like the training ones."""
        settings = self.settings
        sampler = CropSampler(movies, settings.crops)
        random = numpy_generator(settings.seed, 0, "validation")
        return sampler.draw(settings.validation_pairs, settings.crops.size, random)


def pretrain(
    network: TimeArrowNetwork,
    movies: Sequence[Movie],
    validation: Sequence[Movie],
    settings: PretrainSettings,
    checkpoint: str | Path | None = None,
) -> Iterator[TrainReport]:
    """Train `network` in place on the time arrow of `movies`, one report per batch.

    `validation` are movies, or held-out blocks of movies (`hold_out_block`), that share no pixel
    with `movies`; after each epoch the report's metrics say how well their arrow is told.
    """
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    task = TimeArrowTask(network, movies, validation, settings)
    yield from train(task, settings.training(), checkpoint, run=asdict(settings))


def hold_out_block(movie: Movie, fraction: float = 0.2) -> tuple[Movie, Movie]:
    """Split a movie along its longer side into a training part and a held-out part.

    Raises
    ------
    ValueError
        If the fraction is not between 0 and 1, or one part would be narrower than 16 pixels.
    """
    _, height, width = movie.shape
    length = max(height, width)
    border = round(length * (1 - fraction))
    if not 0 < fraction < 1 or min(border, length - border) < 16:
        raise ValueError(
            f"A held-out share of {fraction} of a {height} x {width} movie leaves less than "
            f"16 pixels on one side; choose another share or validate on another movie."
        )
    parts = slice(0, border), slice(border, length)
    if width >= height:
        return movie.crop(columns=parts[0]), movie.crop(columns=parts[1])
    return movie.crop(rows=parts[0]), movie.crop(rows=parts[1])


def initial_network(seed: int = 0, **arguments: object) -> TimeArrowNetwork:
    """Time-arrow network with random weights that depend on nothing but the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return TimeArrowNetwork(**arguments)  # type: ignore[arg-type]
