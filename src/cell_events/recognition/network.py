"""The classifier heads: those of Chen et al. 2024 (appendix C) and our own, fully convolutional.

A head maps the features of two frames to one vector of logits for each crop-sized window in them.
On the features of a single crop that is one vector; on those of a whole frame it is a dense map
with the same numbers, since convolutions are valid (nothing is padded) and the crop is pooled by
a window that slides.

All heads work in two steps, `describe` (one frame) and `compare` (two frames), so that whoever
looks at many pairs describes each frame once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from cell_events.recognition.readout import GaussianPyramid, Pooling, make_readout

HeadName = Literal["pyramid", "linear", "resnet"]

WIDTH = 64
"""Channels of the ResNet head."""

DROPOUT = 0.2
"""Share of hidden channels of the pyramid head that are left out in each training step."""

SMALLEST_DEVIATION = 1e-3


class Standardise(nn.Module):
    """Features minus their mean, divided by their standard deviation, both fixed beforehand."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels, 1, 1))
        self.register_buffer("deviation", torch.ones(channels, 1, 1))

    def fit(self, z: Tensor) -> None:
        """Take mean and deviation of each channel from features (B, C, Y, X)."""
        z = z.float()
        self.mean.copy_(z.mean((0, 2, 3)).view(-1, 1, 1))
        deviation = z.std((0, 2, 3)).clamp(min=SMALLEST_DEVIATION)
        self.deviation.copy_(deviation.view(-1, 1, 1))

    def forward(self, z: Tensor) -> Tensor:
        """Standardise (B, C, Y, X); float16 becomes float32."""
        return (z.float() - self.mean) / self.deviation


class EventHead(nn.Module, ABC):
    """What all heads share.

    Attributes
    ----------
    halo
        Pixels that convolutions take away at each side before the crop is pooled: the features of
        a crop are read with that many more around it.
    """

    halo: int
    bias: nn.Parameter

    def reduced(self, z: Tensor) -> Tensor:
        """What training needs of the features (B, C, S, S) of crops: all, or less of it."""
        return z

    @abstractmethod
    def describe(self, z: Tensor) -> Tensor:
        """What is remembered of the features (B, C, Y, X) of a frame."""

    @abstractmethod
    def compare(self, first: Tensor, second: Tensor) -> Tensor:
        """Logits (B, K + 1, y, x) of two described frames, one for each crop-sized window."""

    @torch.no_grad()
    def shift(self, by: Sequence[float]) -> None:
        """Add constants to the K + 1 logits from now on."""
        self.bias.add_(torch.tensor(by).to(self.bias).view_as(self.bias))

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Map features (B, C, Y, X) of two frames to logits (B, K + 1, y, x).

        y = Y - size + 1 - 2 halo and x likewise; place (0, 0) is the crop whose top left corner
        is (halo, halo) in the features.
        """
        return self.compare(self.describe(first), self.describe(second))


class LinearHead(EventHead):
    """A fully connected layer on the features of both frames.

    With `time_invariant` it sees their mean, so that their order does not matter.
    """

    halo = 0

    def __init__(
        self, channels: int, outputs: int, size: int, pooling: Pooling, time_invariant: bool = False
    ) -> None:
        super().__init__()
        self.outputs, self.time_invariant = outputs, time_invariant
        self.standardise = Standardise(channels)
        self.readout = make_readout(channels, outputs * (2 - time_invariant), size, pooling)
        self.bias = nn.Parameter(torch.zeros(outputs, 1, 1))

    def describe(self, z: Tensor) -> Tensor:
        """Contributions of a frame as first and as second of a pair; or as either of the two."""
        contributions: Tensor = self.readout(self.standardise(z))
        return contributions

    def compare(self, first: Tensor, second: Tensor) -> Tensor:
        """Add up the contributions of both frames."""
        if self.time_invariant:
            return (first + second) / 2 + self.bias
        return first[:, : self.outputs] + second[:, self.outputs :] + self.bias


class ResNetHead(EventHead):
    """A convolution to 64 channels, a residual block, pooling, a fully connected layer.

    With `time_invariant` (the paper's) each frame goes through on its own and the mean over time
    is pooled; without, both frames' features enter together, so that places can be compared.
    """

    halo = 3

    def __init__(
        self, channels: int, outputs: int, size: int, pooling: Pooling, time_invariant: bool = True
    ) -> None:
        super().__init__()
        self.time_invariant = time_invariant
        self.standardise = Standardise(channels)
        self.convolution = nn.Sequential(
            nn.Conv2d(channels * (2 - time_invariant), WIDTH, 3, bias=False),
            nn.BatchNorm2d(WIDTH),
            nn.ReLU(inplace=True),
        )
        self.block = ResidualBlock(WIDTH)
        self.readout = make_readout(WIDTH, outputs, size, pooling)
        self.bias = nn.Parameter(torch.zeros(outputs, 1, 1))

    def describe(self, z: Tensor) -> Tensor:
        """Evidence in a frame, pooled; or, if frames enter together, its features."""
        return self._evidence(self.standardise(z)) if self.time_invariant else z

    def compare(self, first: Tensor, second: Tensor) -> Tensor:
        """Mean of the evidence in both frames, or evidence in both together."""
        if self.time_invariant:
            return (first + second) / 2 + self.bias
        both = torch.cat([self.standardise(first), self.standardise(second)], dim=1)
        return self._evidence(both) + self.bias

    def _evidence(self, z: Tensor) -> Tensor:
        evidence: Tensor = self.readout(self.block(self.convolution(z)))
        return evidence


class ResidualBlock(nn.Module):
    """Twice: 3 x 3 convolution and batch normalisation, added to the input (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, channels, 3, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C, Y, X) to (B, C, Y - 4, X - 4)."""
        return functional.relu(x[..., 2:-2, 2:-2] + self.layers(x))


class PyramidHead(EventHead):
    """Features around the centre at two scales, compared by a small network (ours).

    The Gaussian means of a crop are all that it needs, a few numbers instead of an image, so that
    it is trained in seconds; it sees each frame's features and by how much they differ.
    """

    halo = 0

    def __init__(
        self, channels: int, outputs: int, size: int, pooling: Pooling, time_invariant: bool = False
    ) -> None:
        super().__init__()
        if pooling != "centre":
            raise ValueError(f"The pyramid head pools around the 'centre'; got {pooling!r}.")
        self.time_invariant = time_invariant
        self.pyramid = GaussianPyramid(size)
        self.pooled_channels = channels * len(self.pyramid.scales)
        self.standardise = Standardise(self.pooled_channels)
        self.compare_features = nn.Sequential(
            nn.Conv2d((3 - time_invariant) * self.pooled_channels, WIDTH, 1),
            nn.ReLU(inplace=True),
            nn.Dropout2d(DROPOUT),
            nn.Conv2d(WIDTH, outputs, 1, bias=False),
        )
        self.bias = nn.Parameter(torch.zeros(outputs, 1, 1))

    def reduced(self, z: Tensor) -> Tensor:
        """Means (B, scales x C, 1, 1) of crops (B, C, S, S); means stay as they are."""
        means: Tensor = z if z.shape[1] == self.pooled_channels else self.pyramid(z)
        return means

    def describe(self, z: Tensor) -> Tensor:
        """Standardised means around each place; crops may come already reduced to them."""
        means: Tensor = self.standardise(self.reduced(z))
        return means

    def compare(self, first: Tensor, second: Tensor) -> Tensor:
        """Logits from both frames' means and their difference."""
        difference = (first - second).abs()
        frames = [first + second] if self.time_invariant else [first, second]
        logits: Tensor = self.compare_features(torch.cat([*frames, difference], dim=1))
        return logits + self.bias


HEADS: dict[str, type[LinearHead | ResNetHead | PyramidHead]] = {
    "pyramid": PyramidHead,
    "linear": LinearHead,
    "resnet": ResNetHead,
}
