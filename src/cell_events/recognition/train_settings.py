"""How a classifier is trained, and what the paper calls the ways of doing so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cell_events.engine.training import TrainSettings
from cell_events.recognition.classifier import HeadSettings
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.splits import SplitSettings

FeatureChoice = Literal["frozen", "random", "fine-tuned"]

STRATEGIES: dict[str, FeatureChoice] = {"A": "frozen", "B": "random", "C": "fine-tuned"}


@dataclass(frozen=True, slots=True)
class TrainHeadSettings:
    """How a classifier is trained.

    Attributes
    ----------
    features
        ``frozen`` time-arrow features, ``random`` frozen features of a network with initial
        weights, or time-arrow features that are ``fine-tuned`` together with the head.
    split, splitting
        ``blocks`` of space and time that share no pixel, or ``random`` crops, which leak.
    steps
        Balanced batches to learn from.
    flips
        Show features mirrored and turned by quarters, which knows no preferred direction.
    rehearsals
        How often the classifier is tried on the frames marked as done; all but the last time it
        is trained anew with its false alarms there. 0: never (the paper).
    context_px
        When fine-tuning, how much of the image around a crop the network sees. Less than the
        halo of its receptive field is quicker and a little different from detection.
    memory_gb
        Limit for the crops in memory; beyond it fewer are drawn, at random.
    """

    features: FeatureChoice = "frozen"
    head: HeadSettings = field(default_factory=HeadSettings)
    crops: CropSettings = field(default_factory=CropSettings)
    split: Literal["blocks", "random"] = "blocks"
    splitting: SplitSettings = field(default_factory=SplitSettings)
    steps: int = 200
    batch_size: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    validate_every: int = 50
    checkpoint_every: int = 50
    flips: bool = True
    rehearsals: int = 2
    context_px: int = 24
    memory_gb: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.features not in STRATEGIES.values():
            names = ", ".join(STRATEGIES.values())
            raise ValueError(f"features must be one of {names}; got {self.features!r}.")
        if self.split not in ("blocks", "random"):
            raise ValueError(f"split must be 'blocks' or 'random', got {self.split!r}.")
        if self.rehearsals < 0:
            raise ValueError(f"rehearsals must be 0 or more, got {self.rehearsals}.")
        if self.context_px < 0 or self.memory_gb <= 0:
            raise ValueError(
                f"context_px must not be negative and memory_gb be positive; got {self.context_px} "
                f"and {self.memory_gb}."
            )
        self.training()

    def training(self) -> TrainSettings:
        """Settings of the training loop."""
        return TrainSettings(
            steps=self.steps,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            validate_every=self.validate_every,
            checkpoint_every=self.checkpoint_every,
        )


def strategy(name: str) -> tuple[FeatureChoice, HeadSettings]:
    """Features and head that Chen et al. 2024 call A0, A1, B0, B1, C0 and C1.

    We read the letters as A: time-arrow features, frozen; B: a random network, frozen; C: the
    network fine-tuned; and the digits as 0: linear head; 1: ResNet head. Heads have a weight for
    every pixel of the crop, as in the published code.
    """
    if len(name) != 2 or name[0] not in STRATEGIES or name[1] not in "01":
        raise ValueError(f"strategy must be A0, A1, B0, B1, C0 or C1; got {name!r}.")
    head = HeadSettings("linear" if name[1] == "0" else "resnet", "flatten")
    return STRATEGIES[name[0]], head
