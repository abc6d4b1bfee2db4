"""A plain ConvLSTM, step by step: what the fast one of the package must compute."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ConvLSTM(nn.Module):
    """Reads a sequence of maps and gives its hidden state at each step.

    Parameters
    ----------
    channels, hidden
        Number of maps read at each step, and of hidden maps.
    kernel
        Side of the convolutions, an odd number; outside the frame lie zeros.
    backwards
        Read from the last step to the first. States stay at the steps that they belong to.
    """

    def __init__(
        self, channels: int, hidden: int = 16, kernel: int = 3, backwards: bool = False
    ) -> None:
        super().__init__()
        self.channels, self.hidden, self.backwards = channels, hidden, backwards
        self.gates = nn.Conv2d(channels + hidden, 4 * hidden, kernel, padding="same")

    def forward(self, x: Tensor) -> Tensor:
        """Turn (B, T, C, Y, X) into hidden states (B, T, H, Y, X)."""
        hidden = x.new_zeros(x.shape[0], self.hidden, *x.shape[-2:])
        cell = torch.zeros_like(hidden)
        states = []
        for step in reversed(x.unbind(1)) if self.backwards else x.unbind(1):
            gates = self.gates(torch.cat([step, hidden], dim=1))  # (B, 4H, Y, X)
            write, keep, show, candidate = gates.chunk(4, dim=1)
            cell = keep.sigmoid() * cell + write.sigmoid() * candidate.tanh()
            hidden = show.sigmoid() * cell.tanh()
            states.append(hidden)
        return torch.stack(states[::-1] if self.backwards else states, dim=1)


class BidirectionalConvLSTM(nn.Module):
    """Two ConvLSTMs, one reading forwards and one backwards (figure 6)."""

    def __init__(self, channels: int, hidden: int = 16, kernel: int = 3) -> None:
        super().__init__()
        self.forwards = ConvLSTM(channels, hidden, kernel)
        self.backwards = ConvLSTM(channels, hidden, kernel, backwards=True)

    def forward(self, x: Tensor) -> Tensor:
        """Turn (B, T, C, Y, X) into both hidden states (B, T, 2H, Y, X), forwards first."""
        return torch.cat([self.forwards(x), self.backwards(x)], dim=2)
