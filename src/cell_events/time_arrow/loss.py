"""What the time-arrow network minimises (Gallusser et al. 2023, equations 3 to 5)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from cell_events.time_arrow.network import TimeArrowNetwork

TAU = 0.2
LAMBDA = 0.01
EPSILON = 1e-12


def decorrelation_loss(z: Tensor, tau: float = TAU) -> Tensor:
    """Penalise feature channels that repeat each other within an image (eq. 5).

    Channels of `z` (N, C, Y, X) are compared by the cosine of their flattened maps; the loss is
    the cross entropy of picking, for each channel, that channel among all C at temperature `tau`.
    The cosine makes the loss independent of the features' scale (the paper leaves it open).
    """
    with torch.autocast(z.device.type, enabled=False):
        maps = z.float().flatten(2)  # (N, C, YX)
        products = maps @ maps.transpose(1, 2)  # (N, C, C)
        norms = products.diagonal(dim1=1, dim2=2).clamp_min(EPSILON).sqrt()
        logits = products / (norms.unsqueeze(1) * norms.unsqueeze(2) * tau)
    own_channel = torch.arange(logits.shape[1], device=z.device).expand(logits.shape[:2])
    return functional.cross_entropy(logits.flatten(0, 1), own_channel.flatten())


def time_arrow_loss(
    network: TimeArrowNetwork, pairs: Tensor, swapped: Tensor, weight: float = LAMBDA
) -> dict[str, Tensor]:
    """Cross entropy of the frames' order plus `weight` times the decorrelation loss.

    `pairs` is (B, 2, 1, Y, X), `swapped` (B,) says which pairs run backwards. Also gives the
    accuracy of the batch.
    """
    z = network.pair_features(pairs)
    logits = network.head(z).float()
    order = swapped.long()
    arrow = functional.cross_entropy(logits, order)
    decorrelation = decorrelation_loss(z.flatten(0, 1))
    return {
        "total": arrow + weight * decorrelation,
        "arrow": arrow,
        "decorrelation": decorrelation,
        "accuracy": (logits.argmax(1) == order).float().mean(),
    }
