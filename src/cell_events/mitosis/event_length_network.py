"""The network that tells where and when normal cells are missing (M2, figure 5)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from cell_events.engine.model_file import register_architecture
from cell_events.mitosis.conv_lstm import BidirectionalConvLSTM
from cell_events.mitosis.initial_weights import initialise

KEEP_BIAS = 2.0
"""Bias of the keep gates at the beginning: a state then fades by 12 % a frame, not by half."""

RARE = 0.02
"""Share of places that show an event, as expected at the beginning."""

SLOPE = 0.1
"""Of the units below 0. Plain ones (slope 0) all died where events are rare, in nuclei_left."""


@register_architecture("event_lengths")
class EventLengthNetwork(nn.Module):
    """Two 3 x 3 convolutions, a ConvLSTM in both directions, and a decoder to the event map.

    The direction is our choice. A ConvLSTM that reads forwards cannot tell a cell that divides from
    one that left, died, or was a flaw of the map, since only the return of a cell after the gap
    makes the difference; nor can it put the event where the cell will be. Hence both directions,
    with the 16 maps of the paper in each.

    Parameters
    ----------
    maps
        Number of maps of the convolutions.
    hidden
        Number of hidden maps in each direction.
    """

    def __init__(self, maps: int = 16, hidden: int = 16) -> None:
        super().__init__()
        self.arguments = {"maps": maps, "hidden": hidden}
        self.encoder = nn.Sequential(
            nn.Conv2d(1, maps, 3, padding="same"),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(maps, maps, 3, padding="same"),
            nn.LeakyReLU(SLOPE),
        )
        self.memory = BidirectionalConvLSTM(maps, hidden)
        self.decoder = nn.Sequential(
            nn.Conv2d(2 * hidden, maps, 3, padding="same"),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(maps, 1, 1),
        )
        initialise(self)
        self._begin_by_remembering()

    def forward(self, context: Tensor) -> Tensor:
        """Turn masks of normal cells c (B, T, Y, X) into log-odds of events e (B, T, Y, X)."""
        encoded = self.encoder(context.flatten(0, 1)[:, None])  # (B * T, maps, Y, X)
        states = self.memory(encoded.unflatten(0, context.shape[:2]))  # (B, T, 2 * hidden, Y, X)
        events: Tensor = self.decoder(states.flatten(0, 1)).view(context.shape)
        return events

    @torch.no_grad()
    def _begin_by_remembering(self) -> None:
        """Begin with states that last, and with events that are rare (our addition)."""
        for memory in (self.memory.forwards, self.memory.backwards):
            _, keep, _, _ = torch.as_tensor(memory.gates.bias).chunk(4)
            keep.fill_(KEEP_BIAS)
        torch.as_tensor(self.decoder[-1].bias).fill_(math.log(RARE / (1 - RARE)))
