"""How a network for series is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cell_events.engine.training import Schedule, TrainSettings

Transfer = Literal["none", "rates", "freeze"]
Architecture = Literal["auto", "unet", "munet"]


@dataclass(frozen=True, slots=True)
class SeriesTrainSettings:
    """How a network for series is trained; where the paper says something, these are its values.

    Attributes
    ----------
    steps, batch, learning_rate
        Number of batches, snapshots in each, and the rate of Adam.
    schedule
        Of the learning rate. That it falls along a cosine is ours.
    augmentations
        Names in `cell_events.series.augmentation.AUGMENTATIONS`.
    rescale
        Bring augmented snapshots to the usual scale again, as detection will; not so where the
        user has given a scale.
    exclusive
        A point is of one kind at most.
    network
        ``unet``, ``munet``, or ``auto``: a U-Net for one channel, a MU-Net for several.
    transfer
        How what was taken over from another network learns (sections 4.1 and 4.2): like all others
        (``none``), the slower the nearer to the input (``rates``), or not at first (``freeze``).
    stages
        Shares of the run after which the second and the third stage of ``freeze`` begin.
    """

    steps: int = 1000
    batch: int = 32
    learning_rate: float = 1e-3
    schedule: Schedule = "cosine"
    augmentations: tuple[str, ...] = ()
    rescale: bool = True
    exclusive: bool = False
    network: Architecture = "auto"
    transfer: Transfer = "none"
    stages: tuple[float, float] = (0.3, 0.6)
    validate_every: int = 100
    checkpoint_every: int = 200
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}.")
        if self.transfer not in ("none", "rates", "freeze"):
            raise ValueError(f"transfer must be none, rates or freeze, got '{self.transfer}'.")
        if self.network not in ("auto", "unet", "munet"):
            raise ValueError(f"network must be auto, unet or munet, got '{self.network}'.")
        first, second = self.stages
        if not 0 <= first <= second <= 1:
            raise ValueError(
                f"stages must be two shares of the run, the first not above the second, got "
                f"{self.stages}."
            )

    def training(self) -> TrainSettings:
        """What the training loop is told."""
        return TrainSettings(
            steps=self.steps,
            learning_rate=self.learning_rate,
            schedule=self.schedule,
            validate_every=self.validate_every,
            checkpoint_every=self.checkpoint_every,
            precision="float32",
        )
