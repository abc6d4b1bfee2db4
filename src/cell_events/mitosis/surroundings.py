"""The ground around the cells of a frame and how far cells stand out from it, place by place."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

USUAL_SHARE = 0.4
"""The ground is where the grey values lie closest together that make up this share."""

STANDING_OUT = 0.9
"""Quantile of the distances from the ground that is taken for the contrast of cells."""

SPACING = 8
"""Places from one sample to the next."""


def ground_and_contrast(frames: Tensor, reach: int) -> tuple[Tensor, Tensor]:
    """Ground and contrast (B, 1, Y, X) of frames (B, 1, Y, X), from samples up to `reach` away.

    At each eighth place the ground is the middle of the narrowest range of grey values that holds
    40 % of the samples around it; between these it is interpolated. Unlike a mean it does not
    depend on how crowded the cells are, as long as they leave some room, nor on whether they are
    brighter or darker than the ground. The contrast is the 90th percentile of the distances of the
    samples from the ground: that of cells where they are crowded, that of noise elsewhere.
    """
    samples = frames[..., SPACING // 2 :: SPACING, SPACING // 2 :: SPACING]
    if not samples.numel():
        samples = frames.mean((2, 3), keepdim=True)
    around = max(1, reach // SPACING)
    padded = functional.pad(samples, (around,) * 4, mode="replicate")
    near = functional.unfold(padded, 2 * around + 1).sort(dim=1).values  # (B, samples, places)
    usual = _middle_of_narrowest_range(near)
    distance = (near - usual).abs().sort(dim=1).values
    contrast = distance[:, [int(STANDING_OUT * (near.shape[1] - 1))]]
    coarse = torch.stack([usual, contrast], dim=1).view(len(frames), 2, *samples.shape[2:])
    fine = functional.interpolate(coarse, frames.shape[2:], mode="bilinear", align_corners=False)
    return fine[:, :1], fine[:, 1:]


def _middle_of_narrowest_range(ordered: Tensor) -> Tensor:
    """Of values ordered along the second axis."""
    count = ordered.shape[1]
    share = max(1, round(USUAL_SHARE * count))
    widths = ordered[:, share - 1 :] - ordered[:, : count - share + 1]
    first = widths.argmin(1, keepdim=True)
    low, high = (ordered.gather(1, first + shift) for shift in (0, share - 1))
    return (low + high) / 2
