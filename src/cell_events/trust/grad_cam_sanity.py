"""A network that forgets what it learned, part after part from the output down.

Cascading randomisation of Adebayo et al. 2018, section 3.1.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor, nn

from cell_events.engine.seeds import torch_generator


def forgetting(
    network: nn.Module, parts: Mapping[str, Sequence[str]], seed: int = 0
) -> Iterator[tuple[str, nn.Module]]:
    """Yield (part, network) while one part after the other gets random weights.

    The network that is yielded is always the same copy, with more and more random parts; the given
    one stays as it is. Weights are drawn from a normal distribution around zero with the root mean
    square of the trained ones, so that activations keep their scale; biases and factors of
    normalisations are shuffled.

    Parameters
    ----------
    parts
        As `parts_in_order` gives them.
    """
    network = copy.deepcopy(network)
    for step, (part, modules) in enumerate(reversed(list(parts.items()))):
        generator = torch_generator(seed, step, "sanity")
        for module in modules:
            for weights in network.get_submodule(module).parameters(recurse=False):
                _draw_anew(weights, generator)
        yield part, network


def parts_in_order(network: nn.Module, look: Callable[[nn.Module], object]) -> dict[str, list[str]]:
    """Parts with weights, in the order in which they run, and the names of their modules.

    Modules that a list or a sequence holds under one number are one part; what does not run is no
    part.

    Parameters
    ----------
    look
        Runs a network, so that the order of its parts shows.
    """
    names = {module: name for name, module in network.named_modules()}
    order: dict[str, int] = {}

    def note(module: nn.Module, inputs: Any) -> None:  # noqa: ARG001
        order.setdefault(names[module], len(order))

    with ExitStack() as stack, torch.no_grad():
        for module in names:
            stack.callback(module.register_forward_pre_hook(note).remove)
        look(network)
    parts: dict[str, list[str]] = {}
    ranked = sorted((_rank(name, order), name) for name in names.values())
    for rank, name in ranked:
        module = network.get_submodule(name)
        if rank >= 0 and any(True for _ in module.parameters(recurse=False)):
            parts.setdefault(_part_of(name), []).append(name)
    return parts


def _rank(name: str, order: dict[str, int]) -> int:
    """When a module ran; one whose weights others used ran when the one around it did."""
    while name and name not in order:
        name = name.rpartition(".")[0]
    return order.get(name, -1) if name else -1


def _part_of(name: str) -> str:
    """Name up to its first number: "backbone.down.0.1" belongs to "backbone.down.0"."""
    pieces = name.split(".")
    numbers = [place for place, piece in enumerate(pieces) if piece.isdigit()]
    return ".".join(pieces[: numbers[0] + 1]) if numbers else name


@torch.no_grad()
def _draw_anew(weights: Tensor, generator: torch.Generator) -> None:
    """Replace weights in place."""
    flat = weights.detach().cpu().float()
    if weights.ndim > 1:
        scale = flat.square().mean().sqrt()
        new = torch.randn(flat.shape, generator=generator) * scale
    else:
        new = flat[torch.randperm(flat.numel(), generator=generator).view_as(flat).long()]
    weights.copy_(new)
