"""The network of M3 (figure 6): where in a few frames does a mitosis complete?"""

from __future__ import annotations

from typing import Any, get_args

import torch
from torch import Tensor, nn

from cell_events.engine.model_file import register_architecture
from cell_events.mitosis.conv_lstm import BidirectionalConvLSTM
from cell_events.mitosis.initial_weights import initialise
from cell_events.mitosis.train_settings import Normalisation, check_one_of

ARCHITECTURE = "mitosis_detector"
GROUP_MAPS = 8
"""Maps that are normalised together."""


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
        ``none`` as in the paper; ``group`` normalises hidden maps by eights over the frame;
        ``batch`` each hidden map, and the maps that are read, over the batch. Without, the
        first hidden values are so small that it takes long until anything is learned.
    """

    def __init__(
        self,
        channels: int = 1,
        hidden: int = 16,
        dropout: float = 0.3,
        normalisation: Normalisation = "none",
    ) -> None:
        super().__init__()
        check_one_of("normalisation", normalisation, get_args(Normalisation))
        self.channels, self.hidden = channels, hidden
        self.normalisation: Normalisation = normalisation
        is_batch = normalisation == "batch"
        self.standardise = nn.BatchNorm2d(channels, affine=False) if is_batch else nn.Identity()
        self.sequence = BidirectionalConvLSTM(channels, hidden)
        self.normalise = _normalise(normalisation, 2 * hidden)
        self.dropout = nn.Dropout(dropout)
        self.mix = nn.Conv2d(2 * hidden, hidden, 3, padding="same")
        self.to_event = nn.Conv2d(hidden, 1, 1)
        initialise(self)

    @property
    def arguments(self) -> dict[str, Any]:
        """What rebuilds this network, as plain JSON values."""
        return {
            "channels": self.channels,
            "hidden": self.hidden,
            "dropout": self.dropout.p,
            "normalisation": self.normalisation,
        }

    def forward(self, x: Tensor) -> Tensor:
        """Turn (B, T, C, Y, X) into log-odds of an event, (B, T, Y, X)."""
        x = self.standardise(x.flatten(0, 1)).view_as(x)
        hidden = self.sequence(x).flatten(0, 1)  # (B T, 2H, Y, X)
        hidden = self.dropout(self.normalise(hidden))
        event: Tensor = self.to_event(self.mix(hidden).relu())  # (B T, 1, Y, X)
        return event.view(*x.shape[:2], *x.shape[-2:])


def new_detector(
    channels: int, dropout: float, normalisation: Normalisation, seed: int
) -> MitosisDetector:
    """Detector whose weights depend on the seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return MitosisDetector(channels, dropout=dropout, normalisation=normalisation)


def _normalise(kind: Normalisation, maps: int) -> nn.Module:
    """What normalises the hidden maps."""
    if kind == "group":
        return nn.GroupNorm(max(1, maps // GROUP_MAPS), maps)
    return nn.BatchNorm2d(maps) if kind == "batch" else nn.Identity()
