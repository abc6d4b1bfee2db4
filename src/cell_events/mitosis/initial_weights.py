"""How the networks of this method begin: Xavier weights and zero biases (section III H)."""

from __future__ import annotations

from torch import nn


def initialise(network: nn.Module) -> None:
    """Draw new weights for all convolutions of a network, in place, from torch's global state."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
