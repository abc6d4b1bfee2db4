"""The one training loop: an iterator that yields a report after every step."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import torch
from torch import Tensor, nn

from cell_events.engine.checkpoint import load_checkpoint, save_checkpoint
from cell_events.engine.device import Precision, mixed_precision, working_dtype

Schedule = Literal["constant", "cosine", "cyclic"]
Optimizer = Literal["adam", "rmsprop"]

RMSPROP_DECAY = 0.9
LOWEST_CYCLIC_RATE = 0.1
CYCLE_DECAY = 0.9
WARM_UP_FRACTION = 0.05


class TrainingTask(Protocol):
    """A network and what it is to learn. Everything random depends on `step` alone."""

    @property
    def network(self) -> nn.Module:
        """What is trained."""
        ...

    def losses(self, step: int) -> dict[str, Tensor]:
        """Loss terms of the batch of this step; ``total`` is minimised, the rest is reported."""
        ...

    def validate(self) -> dict[str, float]:
        """Metrics on data that is not trained on; empty if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How long and how fast to learn.

    Attributes
    ----------
    steps
        Number of batches to learn from.
    validate_every, checkpoint_every
        In steps. The last step is always validated and checkpointed.
    schedule
        Learning rate over the run: ``constant``; ``cosine`` (short warm-up, then falling to
        zero); ``cyclic`` (triangles between a tenth of the rate and the rate, falling by 0.9 per
        cycle of a tenth of the run, as tarrow trains).
    optimizer
        ``adam``, or ``rmsprop`` with a decay of 0.9.
    precision
        ``auto`` computes convolutions in bfloat16 where the hardware is faster at it.
    """

    steps: int
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    schedule: Schedule = "cosine"
    validate_every: int = 100
    checkpoint_every: int = 100
    optimizer: Optimizer = "adam"
    precision: Precision = "auto"

    def __post_init__(self) -> None:
        for name in ("steps", "validate_every", "checkpoint_every"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}.")
        if not 0 < self.learning_rate < 1:
            raise ValueError(f"learning_rate must lie between 0 and 1, got {self.learning_rate}.")


@dataclass(frozen=True, slots=True)
class WeightGroup:
    """Weights that learn at a share of the learning rate of the run."""

    weights: Sequence[nn.Parameter]
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class TrainReport:
    """The state of a run after one step.

    `losses` are those of this step's batch; `metrics` are empty except after a validation.
    """

    step: int
    steps: int
    losses: dict[str, float]
    metrics: dict[str, float] = field(default_factory=dict)
    learning_rate: float = 0.0
    seconds_left: float = 0.0


def train(
    task: TrainingTask,
    settings: TrainSettings,
    checkpoint: str | Path | None = None,
    run: dict[str, object] | None = None,
    groups: Sequence[WeightGroup] = (),
) -> Iterator[TrainReport]:
    """Train `task.network` in place, one batch per report.

    With `checkpoint`, the run's state is kept in that file, and a run that finds the file goes
    on from it; the result is bit-identical to a run that was never interrupted. `run` holds
    further settings by which a checkpoint recognises its run, such as the seed. With `groups`,
    those weights learn, also such as a task lets learn only later; else all that need a gradient.

    Raises
    ------
    FloatingPointError
        If the loss is no longer finite.
    """
    network = task.network
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = _optimizer(groups or [WeightGroup(trained)], settings)
    identity = {**asdict(settings), **(run or {})}
    done = 0
    if checkpoint is not None and Path(checkpoint).exists():
        done = load_checkpoint(checkpoint, network, optimizer, identity)
    started = time.monotonic()
    for step in range(done, settings.steps):
        rate = learning_rate(settings, step)
        losses = _learn(task, optimizer, step, rate, settings.precision)
        last = step + 1 == settings.steps
        metrics = {}
        if last or (step + 1) % settings.validate_every == 0:
            network.eval()
            metrics = task.validate()
        if checkpoint is not None and (last or (step + 1) % settings.checkpoint_every == 0):
            save_checkpoint(checkpoint, network, optimizer, step + 1, identity)
        left = (time.monotonic() - started) / (step + 1 - done) * (settings.steps - step - 1)
        yield TrainReport(step + 1, settings.steps, losses, metrics, rate, left)
    network.eval()


def _optimizer(groups: Sequence[WeightGroup], settings: TrainSettings) -> torch.optim.Optimizer:
    """What moves the weights of a network that are trained."""
    weights = [{"params": list(group.weights), "share": group.share} for group in groups]
    rate, decay = settings.learning_rate, settings.weight_decay
    if settings.optimizer == "rmsprop":
        return torch.optim.RMSprop(weights, lr=rate, alpha=RMSPROP_DECAY, weight_decay=decay)
    return torch.optim.Adam(weights, lr=rate, weight_decay=decay)


def learning_rate(settings: TrainSettings, step: int) -> float:
    """Learning rate of one step, a function of nothing but the settings and the step."""
    if settings.schedule == "constant":
        return settings.learning_rate
    if settings.schedule == "cosine":
        warm_up = max(1, round(WARM_UP_FRACTION * settings.steps))
        if step < warm_up:
            return settings.learning_rate * (step + 1) / warm_up
        progress = (step - warm_up) / max(1, settings.steps - warm_up)
        return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * progress))
    cycle, phase = divmod(step / max(1.0, settings.steps / 10), 1)
    height: float = (1 - LOWEST_CYCLIC_RATE) * (1 - abs(2 * phase - 1)) * CYCLE_DECAY**cycle
    return settings.learning_rate * (LOWEST_CYCLIC_RATE + height)


def _learn(
    task: TrainingTask,
    optimizer: torch.optim.Optimizer,
    step: int,
    rate: float,
    precision: Precision,
) -> dict[str, float]:
    """Take one step and return its loss terms."""
    task.network.train()
    device = next(task.network.parameters()).device
    for group in optimizer.param_groups:
        group["lr"] = rate * group["share"]
    with mixed_precision(device, working_dtype(device, precision)):
        losses = task.losses(step)
    if not torch.isfinite(losses["total"]):
        raise FloatingPointError(
            f"The loss is no longer finite at step {step + 1}; lower the learning rate "
            f"(now {rate:.2g}) or check the movie for extreme values."
        )
    optimizer.zero_grad(set_to_none=True)
    losses["total"].backward()
    optimizer.step()
    return {name: float(value.detach()) for name, value in losses.items()}
