"""How the forecaster is trained."""

from __future__ import annotations

from dataclasses import dataclass

from cell_events.dry_mass.windows import WindowShape
from cell_events.engine.training import Schedule, TrainSettings


@dataclass(frozen=True, slots=True)
class ForecastSettings:
    """How the forecaster is trained; where the paper says something, these are its values.

    Attributes
    ----------
    past, future
        Frames that are seen and told.
    gap
        Missing frames in a row that are bridged in the past.
    logarithm
        Learn logarithms of masses (not in the paper).
    both_ways
        Learn to forecast back in time too (not in the paper).
    steps, batch, learning_rate
        Number of batches, windows in each, and the rate of Adam.
    schedule
        Of the learning rate. That it falls along a cosine is ours.
    validation, test
        Share of the cells that is only validated on, and only tested on.
    """

    past: int = 120
    future: int = 60
    gap: int = 3
    logarithm: bool = False
    both_ways: bool = False
    steps: int = 4000
    batch: int = 32
    learning_rate: float = 1e-3
    schedule: Schedule = "cosine"
    validation: float = 0.15
    test: float = 0.15
    validate_every: int = 200
    checkpoint_every: int = 500
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("past", "future", "steps", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}.")
        if not (self.validation >= 0 and self.test >= 0 and self.validation + self.test < 1):
            raise ValueError(
                "validation and test must be shares that leave something to learn from, got "
                f"{self.validation} and {self.test}."
            )

    @property
    def shape(self) -> WindowShape:
        """How long windows are."""
        return WindowShape(self.past, self.future, self.gap)

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
