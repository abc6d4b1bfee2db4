"""Gaussian means of feature maps at the places of a grid, by products with banded matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.recognition.readout import GaussianPyramid

BAND_PLACES = 24
"""Places of one matrix. Fewer mean more products, more mean more zeros in them."""


@dataclass(frozen=True)
class Band:
    """Weights (scales, places, pixels) of neighbouring places, and the pixels that they need."""

    pixels: slice
    weights: Tensor


def bands(weights: Tensor, places: NDArray[np.int64], length: int) -> list[Band]:
    """Bands for crops around `places` along an axis; what lies beyond it repeats its end.

    `weights` (scales, S) are those of the pixels of a crop.
    """
    size = weights.shape[1]
    pixels = torch.from_numpy(places)[:, None] - size // 2 + torch.arange(size)
    pixels = pixels.clamp(0, length - 1).to(weights.device)
    found = []
    for some in pixels.split(BAND_PLACES):
        start, stop = int(some.min()), int(some.max()) + 1
        matrix = weights.new_zeros(len(weights), len(some), stop - start)
        for scale, row in zip(matrix, weights, strict=True):
            scale.scatter_add_(1, some - start, row.expand_as(some))
        found.append(Band(slice(start, stop), matrix))
    return found


def means_at(z: Tensor, pyramid: GaussianPyramid, rows: list[Band], columns: list[Band]) -> Tensor:
    """Means (scales x C, places along y, places along x) of features (C, Y, X)."""
    z, scales = z.float(), []
    for scale in range(len(pyramid.weights)):
        along_y = torch.cat([band.weights[scale] @ z[:, band.pixels] for band in rows], dim=1)
        both = [along_y[..., band.pixels] @ band.weights[scale].T for band in columns]
        scales.append(torch.cat(both, dim=2))
    return torch.cat(scales)
