"""The network of M3 (figure 6): where in a few frames does a mitosis complete?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import torch
from torch import Tensor, nn

from cell_events.engine.model_file import build_network, register_architecture
from cell_events.mitosis.conv_lstm import BidirectionalConvLSTM
from cell_events.mitosis.initial_weights import initialise
from cell_events.mitosis.train_settings import (
    MitosisTrainSettings,
    Normalisation,
    check_one_of,
)

ARCHITECTURE = "mitosis_detector"

SEEN_MAPS = 8
"""Maps that convolutions in front of the ConvLSTMs make of a frame."""


@dataclass(frozen=True)
class FrozenFeatures:
    """A trained network whose maps a detector reads in place of grey values.

    Attributes
    ----------
    network
        With its weights.
    architecture, arguments
        Its name in the registry, and what rebuilds it, as plain JSON values.
    """

    network: nn.Module
    architecture: str
    arguments: Mapping[str, Any]

    @property
    def rebuilt_by(self) -> dict[str, Any]:
        """What a detector needs to know of it."""
        return {"architecture": self.architecture, "arguments": dict(self.arguments)}


@register_architecture(ARCHITECTURE)
class MitosisDetector(nn.Module):
    """Two ConvLSTMs that read a few frames in both directions, and two convolutions.

    The paper leaves open what lies between the two convolutions; here, as many maps as a ConvLSTM
    has, and rectification.

    Parameters
    ----------
    channels
        Maps of each frame: 1 for grey values.
    hidden
        Hidden maps of each ConvLSTM.
    dropout
        Share of hidden values that are left out in training.
    normalisation
        ``none`` as in the paper; ``batch`` normalises each hidden map, and the maps that are
        read, over the batch. Without, the first hidden values are so small that it takes long
        until anything is learned.
    convolutions
        Number of 3 x 3 convolutions that read each frame before the ConvLSTMs do, each looking
        twice as far as the one before; 0 as in the paper. A ConvLSTM sees one place further with
        each frame, so without them both daughters are in sight late or on a coarse grid only.
    features
        The network whose maps are read, as `FrozenFeatures.rebuilt_by`; None: grey values. It is
        kept with the detector and never trained; `forward` reads what it has made.
    """

    def __init__(
        self,
        channels: int = 1,
        hidden: int = 16,
        dropout: float = 0.3,
        normalisation: Normalisation = "none",
        convolutions: int = 0,
        features: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        check_one_of("normalisation", normalisation, get_args(Normalisation))
        self.channels, self.hidden = channels, hidden
        self.normalisation: Normalisation = normalisation
        is_batch = normalisation == "batch"
        self.standardise = nn.BatchNorm2d(channels, affine=False) if is_batch else nn.Identity()
        self.convolutions = convolutions
        self.look = nn.Sequential(*_looking(channels, convolutions, is_batch))
        self.sequence = BidirectionalConvLSTM(SEEN_MAPS if convolutions else channels, hidden)
        self.normalise = _normalise(normalisation, 2 * hidden)
        self.dropout = nn.Dropout(dropout)
        self.mix = nn.Conv2d(2 * hidden, hidden, 3, padding="same")
        self.to_event = nn.Conv2d(hidden, 1, 1)
        initialise(self)
        self.rebuilds_features = None if features is None else dict(features)
        self.features = None if features is None else build_network(**features)
        if self.features is not None:
            self.features.requires_grad_(False)

    @property
    def arguments(self) -> dict[str, Any]:
        """What rebuilds this network, as plain JSON values."""
        return {
            "channels": self.channels,
            "hidden": self.hidden,
            "dropout": self.dropout.p,
            "normalisation": self.normalisation,
            "convolutions": self.convolutions,
            "features": self.rebuilds_features,
        }

    def forward(self, x: Tensor) -> Tensor:
        """Turn (B, T, C, Y, X) into log-odds of an event, (B, T, Y, X)."""
        seen = self.look(self.standardise(x.flatten(0, 1)))  # (B T, C', Y, X)
        hidden = self.sequence(seen.unflatten(0, x.shape[:2])).flatten(0, 1)  # (B T, 2H, Y, X)
        hidden = self.dropout(self.normalise(hidden))
        event: Tensor = self.to_event(self.mix(hidden).relu())  # (B T, 1, Y, X)
        return event.view(*x.shape[:2], *x.shape[-2:])


def new_detector(
    channels: int, settings: MitosisTrainSettings, features: FrozenFeatures | None = None
) -> MitosisDetector:
    """Detector to begin with; its weights depend on the seed alone, but for those of `features`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        detector = MitosisDetector(
            channels,
            dropout=settings.dropout,
            normalisation=settings.normalisation,
            convolutions=settings.convolutions,
            features=features.rebuilt_by if features else None,
        )
    if features is not None and detector.features is not None:
        detector.features.load_state_dict(features.network.state_dict())
    return detector


def _looking(channels: int, convolutions: int, is_batch: bool) -> Iterator[nn.Module]:
    """Yield the layers in front of the ConvLSTMs."""
    for layer in range(convolutions):
        maps = SEEN_MAPS if layer else channels
        yield nn.Conv2d(maps, SEEN_MAPS, 3, padding="same", dilation=2**layer)
        if is_batch:
            yield nn.BatchNorm2d(SEEN_MAPS)
        yield nn.ReLU()


def _normalise(kind: Normalisation, maps: int) -> nn.Module:
    """What normalises the hidden maps."""
    return nn.BatchNorm2d(maps) if kind == "batch" else nn.Identity()
