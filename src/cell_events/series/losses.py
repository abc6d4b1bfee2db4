"""The soft Dice loss (section 3.1)."""

from __future__ import annotations

import torch
from torch import Tensor

SMOOTH = 1.0
"""Added above and below, so that a kind that is absent and not seen costs nothing."""


def dice_loss(probabilities: Tensor, labels: Tensor, masks: Tensor) -> Tensor:
    """One minus the overlap of probabilities (B, M, T) with labels (B, M, T), mean over kinds.

    Sums run over a whole batch (Milletari et al. 2016, equation 3, there over a volume): most
    snapshots hold no stretch of most kinds, and overlap with nothing is no measure.

    Parameters
    ----------
    masks
        (B, T), True where a point counts.
    """
    counts = masks[:, None].to(probabilities.dtype)
    told, true = probabilities * counts, labels.to(probabilities.dtype) * counts
    overlap = (told * true).sum(dim=(0, 2))
    sizes = told.square().sum(dim=(0, 2)) + true.square().sum(dim=(0, 2))
    return (1 - (2 * overlap + SMOOTH) / (sizes + SMOOTH)).mean()


def segmentation_loss(logits: Tensor, labels: Tensor, masks: Tensor, exclusive: bool) -> Tensor:
    """Dice loss of logits; where kinds are exclusive, to be normal is a kind like the others.

    Parameters
    ----------
    labels
        (B, M, T); where kinds are exclusive, the first of several counts.
    """
    logits = logits.float()
    if not exclusive:
        return dice_loss(logits.sigmoid(), labels, masks)
    kinds = labels.shape[1]
    number = torch.where(labels.any(dim=1), labels.int().argmax(dim=1), kinds)  # (B, T)
    one_hot = torch.nn.functional.one_hot(number, kinds + 1).movedim(2, 1)
    return dice_loss(logits.softmax(dim=1), one_hot, masks)
