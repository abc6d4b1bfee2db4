"""Convolutional LSTMs (Shi et al. 2015, without peepholes), in one direction and in both."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cell_events.mitosis.conv_lstm_gradients import hidden_states
from cell_events.mitosis.conv_lstm_steps import Reading


class ConvLSTM(nn.Module):
    """Reads a sequence of maps and gives its hidden state at each step.

    On a CPU, the steps are computed in a faster way (`benchmarks/conv_lstm.py`), which has no
    second derivatives. States have the number format of the weights, also where convolutions run
    in mixed precision.

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
        if min(channels, hidden) < 1 or kernel < 1 or kernel % 2 == 0:
            raise ValueError(
                "A ConvLSTM needs at least one channel, one hidden map and an odd kernel; "
                f"got {channels}, {hidden} and {kernel}."
            )
        self.channels, self.hidden, self.backwards = channels, hidden, backwards
        self.gates = nn.Conv2d(channels + hidden, 4 * hidden, kernel, padding="same")

    def forward(self, x: Tensor) -> Tensor:
        """Turn (B, T, C, Y, X) into hidden states (B, T, H, Y, X).

        Raises
        ------
        ValueError
            If `x` has other axes or channels.
        TypeError
            If its numbers are not those of the weights, outside of automatic mixed precision.
        """
        self._check(x)
        weight, bias = self.gates.weight, self.gates.bias
        if x.device.type != "cpu" or weight.dtype not in {torch.float32, torch.float64}:
            return self.plain_states(x)
        reading = Reading(self.backwards, _format_of_convolutions(weight))
        return hidden_states(x, weight, torch.as_tensor(bias), reading)

    def plain_states(self, x: Tensor) -> Tensor:
        """Compute the same as `forward`, on any device and in any precision, as it is defined."""
        hidden = self.gates.weight.new_zeros(x.shape[0], self.hidden, *x.shape[-2:])
        cell = torch.zeros_like(hidden)
        states = []
        for step in reversed(x.unbind(1)) if self.backwards else x.unbind(1):
            gates = self.gates(torch.cat([step, hidden], dim=1))  # (B, 4H, Y, X)
            write, keep, show, candidate = gates.chunk(4, dim=1)
            cell = keep.sigmoid() * cell + write.sigmoid() * candidate.tanh()
            hidden = show.sigmoid() * cell.tanh()
            states.append(hidden)
        return torch.stack(states[::-1] if self.backwards else states, dim=1)

    def _check(self, x: Tensor) -> None:
        if x.ndim != 5 or x.shape[2] != self.channels or 0 in x.shape:
            raise ValueError(
                f"x must be (batch, steps, {self.channels} channels, y, x), none of them empty; "
                f"got the shape {tuple(x.shape)}."
            )
        weight = self.gates.weight
        mixed = _format_of_convolutions(weight) != weight.dtype and x.dtype != torch.float64
        if x.dtype != weight.dtype and not mixed:
            raise TypeError(
                f"x holds {x.dtype} and the weights {weight.dtype}; convert one of them, "
                "or use torch.autocast."
            )


class BidirectionalConvLSTM(nn.Module):
    """Two ConvLSTMs, one reading forwards and one backwards (figure 6)."""

    def __init__(self, channels: int, hidden: int = 16, kernel: int = 3) -> None:
        super().__init__()
        self.forwards = ConvLSTM(channels, hidden, kernel)
        self.backwards = ConvLSTM(channels, hidden, kernel, backwards=True)

    def forward(self, x: Tensor) -> Tensor:
        """Turn (B, T, C, Y, X) into both hidden states (B, T, 2H, Y, X), forwards first."""
        states = [self.forwards(x), self.backwards(x)]
        if states[0].stride(2) == 1:  # channels last, as convolutions on a CPU want them
            return torch.cat([part.movedim(2, -1) for part in states], dim=-1).movedim(-1, 2)
        return torch.cat(states, dim=2)


def _format_of_convolutions(weight: Tensor) -> torch.dtype:
    """Number format that automatic mixed precision asks for, else that of the weights."""
    device = weight.device.type
    if weight.dtype == torch.float32 and torch.is_autocast_enabled(device):
        return torch.get_autocast_dtype(device)
    return weight.dtype
