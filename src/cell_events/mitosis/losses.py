"""Losses for events that almost never happen."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from cell_events.mitosis.train_settings import Loss

EVENT_WEIGHT = 10.0
"""How much more places of events count in the ``weighted`` loss."""

FOCUS = 2.0
"""The exponent of the focal loss (Lin et al. 2017, gamma)."""


def event_loss(kind: Loss, log_odds: Tensor, events: Tensor, weights: Tensor) -> Tensor:
    """Loss of log-odds against event maps, all of one shape.

    `weights` say how much each place counts; 0 leaves it out.
    """
    truth = events.to(log_odds.dtype)
    if kind == "weighted":
        weights = weights * torch.where(events, EVENT_WEIGHT, 1.0)
    losses = functional.binary_cross_entropy_with_logits(log_odds, truth, reduction="none")
    if kind == "focal":
        # 1 - p of what is true, from the loss -log p; averaged over events, as in the paper.
        unsure = -torch.expm1(-losses)
        return (weights * unsure**FOCUS * losses).sum() / (weights * truth).sum().clamp(min=1)
    entropy = (weights * losses).sum() / weights.sum().clamp(min=1)
    return entropy + _missing_overlap(log_odds, truth, weights) if kind == "dice" else entropy


def _missing_overlap(log_odds: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    """One minus the soft Dice coefficient (Milletari et al. 2016)."""
    found, truth = weights * log_odds.sigmoid(), weights * truth
    return 1 - (2 * (found * truth).sum() + 1) / (found.square().sum() + truth.square().sum() + 1)
