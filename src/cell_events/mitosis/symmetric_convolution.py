"""Convolutions that know no border and no direction, and the blur that goes with them."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class EdgedConvolution(nn.Conv2d):
    """Convolution that keeps the size of a frame, which goes on beyond its border as it ends."""

    def forward(self, x: Tensor) -> Tensor:
        """Turn (B, C, Y, X) into (B, maps, Y, X)."""
        reach = self.kernel_size[0] // 2
        padded = functional.pad(x, (reach,) * 4, mode="replicate")
        return functional.conv2d(padded, self.kernel(), self.bias)

    def kernel(self) -> Tensor:
        """What is applied, (maps, C, side, side)."""
        return self.weight


class SymmetricConvolution(EdgedConvolution):
    """Convolution whose kernels stay what they are when they are flipped or turned by 90 degrees.

    They are the sum of the weights in all eight positions, divided by the root of eight, so that
    they vary as much as the weights at the beginning.
    """

    def kernel(self) -> Tensor:
        """What is applied, (maps, C, side, side)."""
        mirrored = self.weight + self.weight.flip(-1)
        mirrored = mirrored + mirrored.flip(-2)
        return (mirrored + mirrored.transpose(-1, -2)) / math.sqrt(8)


class Blur(nn.Module):
    """Gaussian blur of each map, cut off at twice its standard deviation, in places of the grid.

    Maps go on beyond their border as they end.
    """

    def __init__(self, deviation: float) -> None:
        super().__init__()
        self.deviation = deviation

    def forward(self, maps: Tensor) -> Tensor:
        """Blur (B, C, Y, X)."""
        reach = round(2 * self.deviation)
        places = torch.arange(-reach, reach + 1, device=maps.device, dtype=maps.dtype)
        weights = torch.exp(-0.5 * (places / self.deviation) ** 2)
        weights = weights / weights.sum()
        images = maps.flatten(0, 1)[:, None]  # (B C, 1, Y, X)
        images = functional.pad(images, (reach,) * 4, mode="replicate")
        images = functional.conv2d(images, weights[None, None, :, None])
        images = functional.conv2d(images, weights[None, None, None, :])
        return images.view_as(maps)
