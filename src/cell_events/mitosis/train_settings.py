"""How a mitosis detector is trained: the paper's way by default, and what can be done better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from cell_events.engine.training import Optimizer, Schedule, TrainSettings
from cell_events.mitosis.event_map import PAPER_DILATIONS

Loss = Literal["cross entropy", "dice"]
Normalisation = Literal["none", "batch"]
Scores = Literal["binary", "mean"]
EventTime = Literal["centre", "peak"]

KINDS = {"loss": Loss, "normalisation": Normalisation, "scores": Scores, "time": EventTime}
LEAST = {
    "length": 1,
    "batch": 1,
    "crop": 16,
    "dilations": 0,
    "time_dilations": 0,
    "convolutions": 0,
    "patience": 1,
}
"""Smallest values; None is allowed where it has a meaning of its own."""


@dataclass(frozen=True, slots=True)
class MitosisTrainSettings:
    """How a detector is trained. The defaults are the paper's (sections III F to H).

    Attributes
    ----------
    length
        Frames that are read at once, k.
    steps, batch
        Number of batches, and of sequences in each.
    crop
        Side of the squares of the grid that are learned from, every other one with a point
        in it; None: whole frames, as in the paper.
    dilations
        By how much points are grown (see `event_map`).
    time_dilations
        At most by how many frames. Where a mitosis is over after few frames, a body of seven tells
        to find one where nothing shows. None: as many as fit into the sequence around the point,
        (k - 1) / 2, which with the k of the paper is no limit.
    loss
        ``cross entropy``; or, since almost every place shows nothing, ``dice`` (overlap, beside
        the cross entropy).
    normalisation
        ``batch`` normalises what is read and the maps behind the ConvLSTMs, by means and
        variances that are learned, which shortens training much.
    convolutions
        Number of convolutions in front of the ConvLSTMs (see `MitosisDetector`).
    held_out
        Share of the points, at one side of the field, that is not learned from but validated on.
    patience
        Stop after so many validations in a row that were no better than the best one, and take
        the weights of that; needs `held_out`. None: all steps, last weights.
    scores
        How windows that show the same frame are put together: ``binary``, an event where any of
        them sees one; ``mean``, by their mean probability.
    fit_threshold
        Shift the scores so that 0.5 is the threshold that serves the annotated frames best.
    time
        Frame of an event: ``centre`` of mass of its group, or ``peak``, where most of it is.
    """

    length: int
    steps: int = 6000
    batch: int = 1
    crop: int | None = None
    learning_rate: float = 1e-3
    dropout: float = 0.3
    dilations: int = PAPER_DILATIONS
    time_dilations: int | None = None
    loss: Loss = "cross entropy"
    normalisation: Normalisation = "none"
    convolutions: int = 0
    held_out: float = 0.0
    patience: int | None = None
    scores: Scores = "binary"
    fit_threshold: bool = False
    time: EventTime = "centre"
    schedule: Schedule = "constant"
    optimizer: Optimizer = "rmsprop"
    validate_every: int = 100
    checkpoint_every: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        for name, kinds in KINDS.items():
            check_one_of(name, getattr(self, name), get_args(kinds))
        for name, least in LEAST.items():
            value = getattr(self, name)
            if value is not None and value < least:
                raise ValueError(f"{name} must be at least {least}, got {value}.")
        for name in ("dropout", "held_out"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 0 and below 1, got {getattr(self, name)}."
                )
        self._check_patience()
        self.training()

    def _check_patience(self) -> None:
        if self.patience is not None and self.held_out == 0:
            raise ValueError(
                "patience needs something to validate on; hold out a share of the points, such as "
                "held_out 0.25, or leave patience out."
            )

    @property
    def reach_in_time(self) -> int:
        """Frames before and after a point that its body reaches."""
        most = (self.length - 1) // 2 if self.time_dilations is None else self.time_dilations
        return min(self.dilations, most)

    def training(self) -> TrainSettings:
        """Settings of the training loop."""
        return TrainSettings(
            steps=self.steps,
            learning_rate=self.learning_rate,
            schedule=self.schedule,
            validate_every=self.validate_every,
            checkpoint_every=self.checkpoint_every,
            optimizer=self.optimizer,
            precision="float32",
        )


def quick_settings(length: int, steps: int = 500, seed: int = 0) -> MitosisTrainSettings:
    """Settings with which far fewer steps than the paper's will do.

    Squares around points, maps that are normalised and a loss that asks for overlap keep the
    network from learning first, and for long, that nothing ever happens. Since it then sees events
    far more often than they are, the threshold has to be fitted.
    """
    return MitosisTrainSettings(
        length,
        steps=steps,
        batch=4,
        crop=32,
        learning_rate=1e-2,
        loss="dice",
        normalisation="batch",
        scores="mean",
        fit_threshold=True,
        schedule="cosine",
        optimizer="adam",
        seed=seed,
    )


def check_one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    """Raise ValueError unless `value` is one of the known names."""
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}; got {value!r}.")
