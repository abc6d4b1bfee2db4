"""The network that tells where and when normal cells are missing (M2, figure 5)."""

from __future__ import annotations

from torch import Tensor, nn

from cell_events.engine.model_file import register_architecture
from cell_events.mitosis.conv_lstm import BidirectionalConvLSTM
from cell_events.mitosis.initial_weights import initialise


@register_architecture("event_lengths")
class EventLengthNetwork(nn.Module):
    """Two 3 x 3 convolutions, a ConvLSTM in both directions, and a decoder to the event map.

    The paper says that the ConvLSTM has 16 hidden maps, and not in which direction it reads. One
    that reads forwards cannot tell a cell that divides from one that left, died, or was a flaw of
    the map, since only the return of a cell after the gap makes the difference; nor can it put the
    event where the cell will be. Hence both directions here, with 16 maps each.

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
            nn.ReLU(),
            nn.Conv2d(maps, maps, 3, padding="same"),
            nn.ReLU(),
        )
        self.memory = BidirectionalConvLSTM(maps, hidden)
        self.decoder = nn.Sequential(
            nn.Conv2d(2 * hidden, maps, 3, padding="same"), nn.ReLU(), nn.Conv2d(maps, 1, 1)
        )
        initialise(self)

    def forward(self, context: Tensor) -> Tensor:
        """Turn masks of normal cells c (B, T, Y, X) into log-odds of events e (B, T, Y, X)."""
        encoded = self.encoder(context.flatten(0, 1)[:, None])  # (B * T, maps, Y, X)
        states = self.memory(encoded.unflatten(0, context.shape[:2]))  # (B, T, 2 * hidden, Y, X)
        events: Tensor = self.decoder(states.flatten(0, 1)).view(context.shape)
        return events
