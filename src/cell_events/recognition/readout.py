"""From maps of evidence to logits: what a classifier does with the area of one crop."""

from __future__ import annotations

from typing import Literal, get_args

import torch
from torch import Tensor, nn

Pooling = Literal["centre", "mean", "flatten"]

SMALL_OUTPUT = 4
"""Side up to which a crop-sized kernel is applied directly; it is quicker than by spectrum."""


class PooledReadout(nn.Module):
    """Linear map of the channels, averaged over the crop around each place.

    Parameters
    ----------
    size
        Side of the crop in pixels.
    pooling
        ``mean``: every pixel counts the same. ``centre``: Gaussian weights with a standard
        deviation of a sixth of the crop, so that the answer is about its middle.
    """

    weights: Tensor

    def __init__(self, channels: int, outputs: int, size: int, pooling: Pooling) -> None:
        super().__init__()
        self.linear = nn.Conv2d(channels, outputs, 1, bias=False)
        place = torch.arange(size, dtype=torch.float64) - (size - 1) / 2
        deviation = size / 6 if pooling == "centre" else float("inf")
        weights = torch.exp(-0.5 * (place / deviation) ** 2)
        self.register_buffer("weights", (weights / weights.sum()).float(), persistent=False)

    def forward(self, evidence: Tensor) -> Tensor:
        """Map (B, C, Y, X) to (B, outputs, Y - size + 1, X - size + 1)."""
        return _separable(self.linear(evidence), self.weights)


class GaussianPyramid(nn.Module):
    """Gaussian means of every channel around each place, at two scales.

    The standard deviations are a sixteenth and a fifth of the crop: about half a cell, and a cell
    with its neighbourhood, if the crop suits the cells.
    """

    scales = (1 / 16, 1 / 5)

    def __init__(self, size: int) -> None:
        super().__init__()
        place = torch.arange(size, dtype=torch.float64) - (size - 1) / 2
        weights = torch.stack([torch.exp(-0.5 * (place / (size * s)) ** 2) for s in self.scales])
        weights = weights / weights.sum(1, keepdim=True)
        self.register_buffer("weights", weights.float(), persistent=False)

    weights: Tensor

    def forward(self, z: Tensor) -> Tensor:
        """Map (B, C, Y, X) to (B, scales x C, Y - size + 1, X - size + 1)."""
        return torch.cat([_separable(z.float(), weights) for weights in self.weights], dim=1)


class FlattenedReadout(nn.Module):
    """A weight for every channel and pixel of the crop, as in the published code."""

    def __init__(self, channels: int, outputs: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.linear = nn.Conv2d(channels, outputs, size, bias=False)

    def forward(self, evidence: Tensor) -> Tensor:
        """Map (B, C, Y, X) to (B, outputs, Y - size + 1, X - size + 1)."""
        if max(evidence.shape[-2:]) < self.size + SMALL_OUTPUT:
            direct: Tensor = self.linear(evidence)
            return direct
        return correlate(evidence, self.linear.weight)


def _separable(maps: Tensor, weights: Tensor) -> Tensor:
    """Weighted means of (B, C, Y, X) over windows, the same weights along both axes.

    Written as products with banded matrices, which a CPU does several times faster than
    convolutions of single channels.
    """
    along_y = _banded(weights, maps.shape[-2]).to(maps.dtype)
    along_x = _banded(weights, maps.shape[-1]).to(maps.dtype)
    return along_y.T @ (maps @ along_x)


def _banded(weights: Tensor, length: int) -> Tensor:
    """Matrix (length, length - S + 1) that takes the weighted mean of each window of S."""
    size = len(weights)
    rows = torch.arange(length, device=weights.device)[:, None]
    places = rows - torch.arange(length - size + 1, device=weights.device)
    inside = (places >= 0) & (places < size)
    return torch.where(inside, weights[places.clamp(0, size - 1)], 0)


def correlate(maps: Tensor, kernel: Tensor) -> Tensor:
    """Valid cross-correlation of (B, C, Y, X) by (O, C, S, S), computed by Fourier transform.

    For kernels as large as a crop this is many times faster than a convolution.
    """
    rows, columns = maps.shape[-2:]
    spectrum = torch.fft.rfft2(maps)
    weights = torch.fft.rfft2(kernel, s=(rows, columns)).conj()
    product = torch.einsum("bcyx,ocyx->boyx", spectrum, weights)
    full: Tensor = torch.fft.irfft2(product, s=(rows, columns))
    return full[..., : rows - kernel.shape[-2] + 1, : columns - kernel.shape[-1] + 1]


def make_readout(channels: int, outputs: int, size: int, pooling: Pooling) -> nn.Module:
    """Readout of the named kind; raises ValueError if there is none of that name."""
    if pooling not in get_args(Pooling):
        names = ", ".join(get_args(Pooling))
        raise ValueError(f"pooling must be one of {names}; got {pooling!r}.")
    if pooling == "flatten":
        return FlattenedReadout(channels, outputs, size)
    return PooledReadout(channels, outputs, size, pooling)
