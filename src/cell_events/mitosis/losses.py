"""The loss for events that almost never happen."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from cell_events.mitosis.train_settings import Loss


def event_loss(kind: Loss, log_odds: Tensor, events: Tensor, weights: Tensor) -> Tensor:
    """Loss of log-odds against event maps, all of one shape.

    `weights` say how much each place counts; 0 leaves it out.
    """
    truth = events.to(log_odds.dtype)
    losses = functional.binary_cross_entropy_with_logits(log_odds, truth, reduction="none")
    entropy = (weights * losses).sum() / weights.sum().clamp(min=1)
    return entropy + _missing_overlap(log_odds, truth, weights) if kind == "dice" else entropy


def _missing_overlap(log_odds: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    """One minus the soft Dice coefficient (Milletari et al. 2016)."""
    found, truth = weights * log_odds.sigmoid(), weights * truth
    return 1 - (2 * (found * truth).sum() + 1) / (found.square().sum() + truth.square().sum() + 1)
