"""The derivatives of the steps of a ConvLSTM, written out (see conv_lstm_steps.py)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.grad import conv2d_weight

from cell_events.mitosis.conv_lstm_steps import (
    Reading,
    Step,
    channels_last,
    convolved,
    doubled_candidate,
    one_behind_other,
    steps,
)


def hidden_states(x: Tensor, weight: Tensor, bias: Tensor, reading: Reading) -> Tensor:
    """Turn (B, T, C, Y, X) into hidden states (B, T, H, Y, X) that lie channels-last.

    `weight` is (4H, C + H, kernel, kernel) and `bias` (4H,), for the gates write, keep, show and
    candidate. Where no gradients are asked for, memory besides the result does not grow with T.
    """
    maps = x.movedim(2, -1)
    parts = (maps, weight, bias)
    states: Tensor
    if torch.is_grad_enabled() and any(part.requires_grad for part in parts):
        states = _DifferentiableSteps.apply(*parts, reading)  # type: ignore[no-untyped-call]
    else:
        states = _empty_states(maps, weight)
        with torch.autocast(maps.device.type, enabled=False):
            for _ in steps(maps, weight, bias, reading, states):
                pass
    return states.movedim(-1, 2)


class _DifferentiableSteps(torch.autograd.Function):
    """Keeps gates and cells of all steps, and goes back through them."""

    @staticmethod
    def forward(ctx: Any, maps: Tensor, weight: Tensor, bias: Tensor, reading: Reading) -> Tensor:
        states = _empty_states(maps, weight)
        with torch.autocast(maps.device.type, enabled=False):
            kept = list(steps(maps, weight, bias, reading, states))
        ctx.reading = reading
        ctx.save_for_backward(maps, weight, states, *(part for step in kept for part in step))
        return states

    @staticmethod
    def backward(ctx: Any, slopes: Tensor) -> tuple[Tensor | None, ...]:
        if torch.is_grad_enabled():
            raise NotImplementedError(
                "On a CPU, a ConvLSTM has first derivatives only, and second ones were asked for "
                "(create_graph); ask for first ones, or move it to another device."
            )
        maps, weight, states, *parts = ctx.saved_tensors
        kept = [Step(*parts[n : n + 3]) for n in range(0, len(parts), 3)]
        gradients = _Gradients(maps, states, weight, ctx.reading.numbers, ctx.needs_input_grad[0])
        with torch.autocast(maps.device.type, enabled=False):
            _go_back(kept, ctx.reading.order(maps.shape[1]), slopes, gradients)
        return gradients.maps, *gradients.of_weights(), None


def _go_back(kept: list[Step], order: range, slopes: Tensor, gradients: _Gradients) -> None:
    """Gather the gradients of all steps, those of the step read last first."""
    state_slope, cell_slope = torch.zeros_like(kept[0].cell), torch.zeros_like(kept[0].cell)
    for n in reversed(range(len(order))):
        state_slope += slopes[:, order[n]]
        cell_before = kept[n - 1].cell if n else None
        gate_slopes, cell_slope = _step_back(kept[n], cell_before, state_slope, cell_slope)
        gate_slopes = gradients.add(gate_slopes, order[n])
        if n:
            state_slope = gradients.add_before(gate_slopes, order[n - 1])


def _step_back(
    step: Step, cell_before: Tensor | None, state_slope: Tensor, cell_slope: Tensor
) -> tuple[Tensor, Tensor]:
    """Slopes along what entered the gates, (4, B, Y, X, H), and along the cell before.

    `cell_slope` is the slope along the cell, of which `Step` and `cell_before` hold the double.
    """
    gates = step.gates.contiguous()
    write, keep, show, candidate = gates
    slope = torch.ops.aten.tanh_backward(state_slope * show, step.cell_tanh).add_(cell_slope)
    slopes = torch.empty_like(gates)
    torch.mul(candidate, 2, out=slopes[0]).sub_(1).mul_(slope)
    if cell_before is None:
        slopes[1] = 0
    else:
        torch.mul(cell_before, 0.5, out=slopes[1]).mul_(slope)
    torch.mul(state_slope, step.cell_tanh, out=slopes[2])
    torch.mul(write, 2, out=slopes[3]).mul_(slope)
    torch.ops.aten.sigmoid_backward.grad_input(slopes, gates, grad_input=slopes)
    return slopes, slope.mul_(keep)


class _Gradients:
    """Sums over the steps of the gradients of weights and biases; those of the maps, if `of_maps`.

    Weights are divided into those of the input and those of the hidden maps: the input often
    needs no gradients, and the step read first has no hidden maps before it.
    """

    def __init__(
        self, maps: Tensor, states: Tensor, weight: Tensor, numbers: torch.dtype, of_maps: bool
    ) -> None:
        self._read, self._states, self._numbers = maps, states, numbers
        parts = [maps.shape[-1], states.shape[-1]]
        self._weights = [torch.zeros_like(part) for part in weight.split(parts, dim=1)]
        self._bias = weight.new_zeros(len(weight))
        self.maps = torch.empty_like(maps) if of_maps else None
        turned = doubled_candidate(weight).to(numbers).flip(2, 3).transpose(0, 1)
        self._to_maps, self._to_states = turned.split(parts)

    def add(self, gate_slopes: Tensor, t: int) -> Tensor:
        """Add what biases and the weights of the input are due for a step.

        Turns the slopes (4, B, Y, X, H) into (B, Y, X, 4H) in the format of convolutions.
        """
        self._bias += gate_slopes.sum((1, 2, 3)).flatten()
        _, *places, hidden = gate_slopes.shape
        interleaved = gate_slopes.new_empty(*places, 4 * hidden, dtype=self._numbers)
        one_behind_other(interleaved).copy_(gate_slopes)
        self._add_weights(0, self._read[:, t], interleaved)
        if self.maps is not None:
            self.maps[:, t] = convolved(interleaved, self._to_maps)
        return interleaved

    def add_before(self, gate_slopes: Tensor, t: int) -> Tensor:
        """Add what the weights of the hidden maps at `t` are due; return the slope along these."""
        self._add_weights(1, self._states[:, t], gate_slopes)
        return convolved(gate_slopes, self._to_states).to(self._bias.dtype)

    def of_weights(self) -> tuple[Tensor, Tensor]:
        """Gradients of weights and biases."""
        return doubled_candidate(torch.cat(self._weights, dim=1)), doubled_candidate(self._bias)

    def _add_weights(self, part: int, maps: Tensor, gate_slopes: Tensor) -> None:
        """Add the gradient of the weights that convolve `maps`, (B, Y, X, channels)."""
        sums = self._weights[part]
        read = channels_last(maps, self._numbers).permute(0, 3, 1, 2)
        slopes = gate_slopes.permute(0, 3, 1, 2)
        sums += conv2d_weight(read, sums.shape, slopes, padding=sums.shape[-1] // 2)


def _empty_states(maps: Tensor, weight: Tensor) -> Tensor:
    """Room for hidden states (B, T, Y, X, H)."""
    return weight.new_empty(*maps.shape[:-1], len(weight) // 4)
