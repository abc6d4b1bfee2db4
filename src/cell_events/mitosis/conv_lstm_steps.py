"""The steps of a ConvLSTM, computed faster on a CPU than conv_lstm.py's plain ones.

Maps lie channels-last, so that convolutions need not reorder them. Input and hidden maps of a step
are channels of one buffer. The candidate's weights and the cells are held doubled: because
tanh u = 2 sigmoid(2u) - 1, one sigmoid then serves all gates.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional


class Reading(NamedTuple):
    """How steps are read: in which direction, and in which number format maps are convolved."""

    backwards: bool
    numbers: torch.dtype

    def order(self, steps: int) -> range:
        """Steps in the order of reading."""
        return range(steps - 1, -1, -1) if self.backwards else range(steps)


class Step(NamedTuple):
    """What the derivatives of a step are made of.

    `gates` (4, B, Y, X, H) are write, keep, show and candidate, each between 0 and 1; `cell` is
    twice the cell, (B, Y, X, H), and `cell_tanh` the hyperbolic tangent of the cell.
    """

    gates: Tensor
    cell: Tensor
    cell_tanh: Tensor


def steps(
    maps: Tensor, weight: Tensor, bias: Tensor, reading: Reading, states: Tensor
) -> Iterator[Step]:
    """Read maps (B, T, Y, X, C) and fill `states` (B, T, Y, X, H), a step at a time."""
    channels, numbers = maps.shape[-1], reading.numbers
    weight, bias = doubled_candidate(weight).to(numbers), doubled_candidate(bias).to(numbers)
    buffer = maps.new_empty(*maps[:, 0].shape[:-1], weight.shape[1], dtype=numbers)
    cell = None
    for t in reading.order(maps.shape[1]):
        if cell is None:  # hidden maps and cells are zero
            mixed = convolved(channels_last(maps[:, t], numbers), weight[:, :channels], bias)
        else:
            buffer[..., :channels] = maps[:, t]
            mixed = convolved(buffer, weight, bias)
        step = _step(mixed, cell, states[:, t])
        buffer[..., channels:] = states[:, t]
        cell = step.cell
        yield step


def _step(mixed: Tensor, cell_before: Tensor | None, state: Tensor) -> Step:
    """Fill `state` (B, Y, X, H) by what the convolution gave, (B, Y, X, 4H)."""
    gates = one_behind_other(mixed.to(state.dtype).sigmoid_())
    write, keep, show, candidate = gates
    cell = candidate.mul(4).sub_(2).mul_(write)
    if cell_before is not None:
        cell.addcmul_(keep, cell_before)
    cell_tanh = cell.sigmoid().mul_(2).sub_(1)
    torch.mul(show, cell_tanh, out=state)
    return Step(gates, cell, cell_tanh)


def convolved(maps: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Convolve (B, Y, X, C) with (D, C, kernel, kernel) to (B, Y, X, D); outside lie zeros."""
    kernel = weight.contiguous(memory_format=torch.channels_last)
    made = functional.conv2d(maps.permute(0, 3, 1, 2), kernel, bias, padding=weight.shape[-1] // 2)
    return channels_last(made.permute(0, 2, 3, 1), made.dtype)


def channels_last(maps: Tensor, numbers: torch.dtype) -> Tensor:
    """(B, Y, X, C) with the strides by which convolutions know that channels come last.

    Maps of one channel count as contiguous with other strides, too, but are then convolved
    several times slower.
    """
    _, _, columns, channels = maps.shape
    if maps.dtype == numbers and maps.stride()[1:] == (columns * channels, channels, 1):
        return maps
    return maps.new_empty(maps.shape, dtype=numbers).copy_(maps)


def one_behind_other(interleaved: Tensor) -> Tensor:
    """View (B, Y, X, 4H) as (4, B, Y, X, H)."""
    *places, maps = interleaved.shape
    return interleaved.view(*places, 4, maps // 4).movedim(-2, 0)


def doubled_candidate(of_gates: Tensor) -> Tensor:
    """Double the last quarter of weights, of biases, or of their gradients."""
    hidden = len(of_gates) // 4
    return torch.cat([of_gates[:-hidden], 2 * of_gates[-hidden:]])
